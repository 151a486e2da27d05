"""Algebra on the graph: the same numbers with fewer operations.

Numbers and scalars move outwards and melt together, broadcasts vanish into the operations that stretch
anyway, sums of products become inner products, and what is known by its output (softmax, sigmoid) is spelled out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from zen_cli.compiler import arrange
from zen_cli.compiler.primitives import PRIMITIVES, absolute, exp, greater, reduce_max, reduce_sum
from zen_cli.compiler.rewrite import Rule, rewrite
from zen_cli.compiler.scalars import ARITHMETIC, is_scalar, is_scaled
from zen_cli.compiler.tensor import Tensor, apply, constant
from zen_cli.compiler.views import is_close


def simplify(outputs: Iterable[Tensor]) -> list[Tensor]:
    """The same outputs, computed with less."""
    spelled = {name: it.spelled for name, it in PRIMITIVES.items() if it.spelled}
    return rewrite(outputs, RULES | spelled)


def _elementwise(tensor: Tensor) -> Tensor | None:
    numbers = [item.number for item in tensor.inputs]
    if tensor.primitive in ARITHMETIC and all(number is not None for number in numbers):
        return constant(ARITHMETIC[tensor.primitive](*numbers))
    slim = tuple(item.inputs[0] if item.primitive == "broadcast" else item for item in tensor.inputs)
    if slim != tensor.inputs:
        small = apply(tensor.primitive, *slim)
        return small if small.shape == tensor.shape else apply("broadcast", small, shape=tensor.shape)
    better = SPECIAL[tensor.primitive](*tensor.inputs) if tensor.primitive in SPECIAL else None
    return arrange.elementwise(tensor) if better is None else better


def _same(x: Tensor, like: Tensor) -> Tensor | None:
    return x if x.shape == like.shape or not like.shape else None


def _add(a: Tensor, b: Tensor) -> Tensor | None:
    if a.number == 0:
        return _same(b, a)
    if b.number == 0:
        return _same(a, b)
    if a is b:
        return a * 2.0
    if b.primitive == "negative":
        return a - b.inputs[0]
    if a.primitive == "negative":
        return b - a.inputs[0]
    return _common_factor("add", a, b)


def _subtract(a: Tensor, b: Tensor) -> Tensor | None:
    if b.number == 0:
        return _same(a, b)
    if a.number == 0 and b.shape:
        return -b
    if b.primitive == "negative":
        return a + b.inputs[0]
    return _common_factor("subtract", a, b)


def _common_factor(primitive: str, a: Tensor, b: Tensor) -> Tensor | None:
    """x k - y k = (x - y) k."""
    if is_scaled(a) and is_scaled(b) and a.inputs[1] is b.inputs[1]:
        return apply(primitive, a.inputs[0], b.inputs[0]) * a.inputs[1]
    return None


def _multiply(a: Tensor, b: Tensor) -> Tensor | None:
    if is_scalar(a) and not is_scalar(b):
        return b * a
    if b.number == 1:
        return a
    if b.number == 0 and a.shape:
        return apply("broadcast", constant(0.0), shape=a.shape)
    if b.number == -1 and a.shape:
        return -a
    if is_scaled(a) and (is_scalar(b) or a.size >= b.size):
        x, k = a.inputs
        return x * (k * b) if is_scalar(b) else (x * b) * k
    if is_scaled(b) and b.size >= a.size:
        return (a * b.inputs[0]) * b.inputs[1]
    if a.primitive == "negative" and a.shape:
        return -(a.inputs[0] * b)
    if b.primitive == "negative" and b.shape:
        return -(a * b.inputs[0])
    return apply("square", a) if a is b and a.shape else None


def _divide(a: Tensor, b: Tensor) -> Tensor | None:
    if b.number == 1:
        return a
    if is_scalar(b) and b.primitive == "divide" and b.inputs[0].number == 1:
        return a * b.inputs[1]
    if is_scalar(b) and not is_scalar(a):
        return a * (1.0 / b)
    if a.primitive == "negative" and a.shape:
        return -(a.inputs[0] / b)
    if is_scaled(a) and a.inputs[1].number is not None:
        return (a.inputs[0] / b) * a.inputs[1]
    return _scaled_quotient(a, b) if is_scaled(a) and b.primitive == "add" else None


def _scaled_quotient(a: Tensor, b: Tensor) -> Tensor | None:
    """x r / (y k + e) = x (r / k) / (y + e / k): one pass less where r, k and e are scalars (Adam's last line)."""
    y, e = b.inputs
    if not is_scaled(y) or not is_scalar(e):
        return None
    (x, r), (y, k) = a.inputs, y.inputs
    return (x * (r / k)) / (y + e / k)


def _negative(x: Tensor) -> Tensor | None:
    if x.primitive == "negative":
        return x.inputs[0]
    if x.primitive == "subtract":
        return x.inputs[1] - x.inputs[0]
    return x.inputs[0] * -x.inputs[1] if is_scaled(x) else None


SPECIAL: dict[str, Callable[..., Tensor | None]] = {
    "add": _add, "subtract": _subtract, "multiply": _multiply, "divide": _divide, "negative": _negative,
    "stop_gradient": lambda x: x,
    "sigmoid": lambda x: 1.0 / (1.0 + exp(-x)),
    "softplus": lambda x: x * greater(x, 0.0) + apply("log1p", exp(-absolute(x))),  # nothing overflows
}


def _softmax(tensor: Tensor) -> Tensor:
    """Less the row's maximum, so that nothing overflows."""
    (x,) = tensor.inputs
    e = exp(x - reduce_max(x))
    return e / reduce_sum(e, (-1,), keep=True)


def _sum(tensor: Tensor) -> Tensor | None:
    (x,) = tensor.inputs
    axes, keep = tensor.options["axes"], tensor.options["keep"]
    if x.primitive == "broadcast" and x.inputs[0].number is not None:
        count = x.size // max(tensor.size, 1)
        return apply("broadcast", constant(x.inputs[0].number * count), shape=tensor.shape)
    if is_scaled(x) and (keep or not tensor.shape):
        return reduce_sum(x.inputs[0], axes, keep) * x.inputs[1]
    if x.primitive == "negative":
        return -reduce_sum(x.inputs[0], axes, keep)
    if x.size == tensor.size:
        return apply("reshape", x, shape=tensor.shape)
    return _total(x) if tensor.shape == () else arrange.reduction(tensor) or _of_a_matrix(tensor)


def _of_a_matrix(tensor: Tensor) -> Tensor | None:
    """Over the first axes, or the last, of more than two: as one axis of a matrix, for which there is a fast form."""
    (x,), axes = tensor.inputs, tensor.options["axes"]
    if x.rank < 3 or not is_close(x):
        return None
    split = x.rank - len(axes) if axes[-1] == -1 else len(axes)
    whole_axes = tuple(range(-len(axes), 0)) if axes[-1] == -1 else tuple(range(-x.rank, len(axes) - x.rank))
    if axes != whole_axes:
        return None
    matrix = apply("reshape", x, shape=(math.prod(x.shape[:split]), math.prod(x.shape[split:])))
    return apply("reshape", reduce_sum(matrix, (-1,) if axes[-1] == -1 else (-2,)), shape=tensor.shape)


def _total(x: Tensor) -> Tensor | None:
    """The sum of everything: of sums, of differences, of products."""
    inside = x.inputs
    if x.primitive in ("sum", "reshape", "transpose"):
        return reduce_sum(inside[0])
    if x.primitive in ("add", "subtract") and inside[0].shape == inside[1].shape:
        return apply(x.primitive, reduce_sum(inside[0]), reduce_sum(inside[1]))
    if x.primitive == "multiply" and inside[0].shape == inside[1].shape:
        return apply("inner", *inside)
    return apply("inner", inside[0], inside[0]) if x.primitive == "square" else None


RULES: dict[str, Rule] = {name: _elementwise for name, primitive in PRIMITIVES.items() if primitive.elementwise}
RULES |= {**arrange.RULES, "softmax": _softmax, "sum": _sum, "loop": lambda loop: loop.options["loop"].simplified()}
