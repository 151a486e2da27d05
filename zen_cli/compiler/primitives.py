"""The table of primitives: for each, the shape of its result and its derivative. Calculus lives only here.

A derivative takes the gradient `g` of the result, the result `y` and the inputs, and gives one gradient an
input (None: the input has none). Where an input was broadcast, `gradient` sums its gradient back to its shape.
How a primitive is computed is the emitter's business.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from zen_cli.compiler.tensor import Shape, Tensor, apply


class Primitive(NamedTuple):
    shape: Callable[..., Shape]
    derivative: Callable[..., tuple[Tensor | None, ...]]
    elementwise: bool
    spelled: Callable[[Tensor], Tensor] | None = None  # what it is in simpler ones, where it has no form of its own


PRIMITIVES: dict[str, Primitive] = {}


def broadcast_shapes(*shapes: Shape) -> Shape:
    """The common shape by NumPy's rule: aligned at the end, 1 stretches.

    >>> broadcast_shapes((4, 1), (3,))
    (4, 3)
    """
    rank = max(map(len, shapes))
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    result = tuple(max(sizes) if 0 not in sizes else 0 for sizes in zip(*padded, strict=True))
    if any(size not in (1, wide) for shape in padded for size, wide in zip(shape, result, strict=True)):
        raise ValueError(f"shapes {' and '.join(map(str, shapes))} do not fit together")
    return result


def define(
    name: str, derivative: Callable[..., Any], shape: Callable[..., Shape] | None = None,
    spelled: Callable[[Tensor], Tensor] | None = None,
) -> None:  # fmt: skip
    """Adds a primitive; without a `shape` rule it works element by element."""
    PRIMITIVES[name] = Primitive(shape or broadcast_shapes, derivative, shape is None, spelled)


# --- element by element ---------------------------------------------------------------------------
define("add", lambda g, y, a, b: (g, g))
define("subtract", lambda g, y, a, b: (g, -g))
define("multiply", lambda g, y, a, b: (g * b, g * a))
define("divide", lambda g, y, a, b: (g / b, -(g * y / b)))
define("negative", lambda g, y, x: (-g,))
define("square", lambda g, y, x: (g * x * 2.0,))
define("sqrt", lambda g, y, x: (g / (y * 2.0),))
define("exp", lambda g, y, x: (g * y,))
define("expm1", lambda g, y, x: (g * (y + 1.0),))
define("log", lambda g, y, x: (g / x,))
define("log1p", lambda g, y, x: (g / (x + 1.0),))
define("tanh", lambda g, y, x: (g * (1.0 - apply("square", y)),))
define("absolute", lambda g, y, x: (g * apply("sign", x),))
define("maximum", lambda g, y, a, b: (g * apply("greater", a, b), g * (1.0 - apply("greater", a, b))))
define("minimum", lambda g, y, a, b: (g * apply("greater", b, a), g * (1.0 - apply("greater", b, a))))
define("power", lambda g, y, a, b: (g * b * a ** (b - 1.0), None))  # of a number, or with a number above
# Steps: 0 or 1, or a sign. Flat, so nothing flows back.
define("greater", lambda g, y, a, b: (None, None))
define("sign", lambda g, y, x: (None,))
define("stop_gradient", lambda g, y, x: (None,))

# --- known by their own output --------------------------------------------------------------------
define("sigmoid", lambda g, y, x: (g * (y * (1.0 - y)),))
define("softplus", lambda g, y, x: (g * apply("sigmoid", x),))
define("softmax", lambda g, y, x: (y * (g - reduce_sum(g * y, (-1,), keep=True)),), lambda x: x)


# --- sums, products, shapes -----------------------------------------------------------------------
def reduce_sum(x: Tensor, axes: tuple[int, ...] | None = None, keep: bool = False) -> Tensor:
    """The sum over `axes` (counted from the end; all if None); `keep` leaves them with length 1."""
    axes = tuple(range(-x.rank, 0)) if axes is None else axes
    return apply("sum", x, axes=axes, keep=keep) if axes else x


def _reduced(shape: Shape, axes: tuple[int, ...], keep: bool) -> Shape:
    gone = {axis % len(shape) for axis in axes}
    return tuple(1 if i in gone else n for i, n in enumerate(shape) if keep or i not in gone)


def _spread(g: Tensor, x: Tensor, axes: tuple[int, ...]) -> Tensor:
    kept = apply("reshape", g, shape=_reduced(x.shape, axes, keep=True))
    return apply("broadcast", kept, shape=x.shape)


def _max_derivative(g: Tensor, y: Tensor, x: Tensor, axes: tuple[int, ...], keep: bool) -> tuple[Tensor]:
    below = apply("greater", _spread(y, x, axes), x)  # 1 where an element is not the largest
    return (_spread(g, x, axes) * (1.0 - below),)


def _matmul_shape(a: Shape, b: Shape) -> Shape:
    if len(a) < 2 or len(b) < 2 or a[-1] != b[-2]:
        raise ValueError(f"shapes {a} and {b} do not chain")
    return (*broadcast_shapes(a[:-2], b[:-2]), a[-2], b[-1]) if a[:-2] or b[:-2] else (a[-2], b[-1])


def _reshaped(old: Shape, shape: Shape) -> Shape:
    if math.prod(old) != math.prod(shape):
        raise ValueError(f"shape {old} does not hold as many numbers as {shape}")
    return shape


def permute(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    """The last axes in another order: (-2, -3, -1) exchanges the two in front of the last."""
    return apply("transpose", x, axes=axes)


def _permuted(shape: Shape, axes: tuple[int, ...]) -> Shape:
    if sorted(axes) != list(range(-len(axes), 0)) or len(axes) > len(shape):
        raise ValueError(f"shape {shape} has no axes {axes} to exchange")
    return (*shape[: len(shape) - len(axes)], *(shape[axis] for axis in axes))


def _inverse(axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(axes.index(axis) - len(axes) for axis in range(-len(axes), 0))


def part(x: Tensor, start: int, stop: int, axis: int = -1) -> Tensor:
    """Of an axis, counted from the end, the numbers from `start` up to `stop`."""
    if x.primitive == "slice" and x.options["axis"] == axis:
        first = x.options["start"]
        return part(x.inputs[0], first + start, first + stop, axis)
    return apply("slice", x, axis=axis, start=start, stop=stop)


def _sliced(shape: Shape, axis: int, start: int, stop: int) -> Shape:
    if axis >= 0 or -axis > len(shape) or not 0 <= start < stop <= shape[axis]:
        raise ValueError(f"shape {shape} has no part {start}:{stop} on axis {axis}")
    return _resized(shape, axis, stop - start)


def _resized(shape: Shape, axis: int, size: int) -> Shape:
    return (*shape[:axis], size, *shape[len(shape) + axis + 1 :])


def concat(parts: Sequence[Tensor], axis: int = -1) -> Tensor:
    """One beside the other along an axis, counted from the end."""
    starts = tuple(accumulate((x.shape[axis] for x in parts), initial=0))
    return apply("concat", *parts, axis=axis, starts=starts[:-1], size=starts[-1])


def pad(x: Tensor, before: int, after: int, axis: int = -1) -> Tensor:
    """Zeros put in front of x and behind it along an axis, counted from the end."""
    return apply("concat", x, axis=axis, starts=(before,), size=before + x.shape[axis] + after)


def _joined(*shapes: Shape, axis: int, starts: tuple[int, ...], size: int) -> Shape:
    """Of `concat`: each part begins where `starts` says, in their order; zeros lie between them."""
    resized = {_resized(shape, axis, size) for shape in shapes}
    if len(resized) > 1 or len(starts) != len(shapes):
        raise ValueError(f"shapes {' and '.join(map(str, shapes))} do not fit side by side on axis {axis}")
    return resized.pop()


def spans(tensor: Tensor) -> list[tuple[int, int, Tensor | None]]:
    """What a `concat` is made of, from start to stop: its parts, and None where zeros lie between them."""
    end = 0
    found: list[tuple[int, int, Tensor | None]] = []
    axis, starts, size = (tensor.options[name] for name in ("axis", "starts", "size"))
    for start, x in (*zip(starts, tensor.inputs, strict=True), (size, None)):
        if start > end:
            found.append((end, start, None))
        if x is not None:
            end = start + x.shape[axis]
            found.append((start, end, x))
    return found


def _concat_derivative(
    g: Tensor, y: Tensor, *parts: Tensor, axis: int, starts: tuple[int, ...], size: int
) -> tuple[Tensor, ...]:
    return tuple(part(g, start, start + x.shape[axis], axis) for start, x in zip(starts, parts, strict=True))


def _given(*_: Shape, shape: Shape, **__: Any) -> Shape:
    return shape


define("sum", lambda g, y, x, axes, keep: (_spread(g, x, axes),), _reduced)
define("max", _max_derivative, _reduced)
define("matmul", lambda g, y, a, b: (g @ b.T, a.T @ g), _matmul_shape)
define("inner", lambda g, y, a, b: (g * b, g * a), lambda a, b: ())  # the sum of a * b over everything
define("transpose", lambda g, y, x, axes: (permute(g, _inverse(axes)),), _permuted)
define("slice", lambda g, y, x, axis, start, stop: (pad(g, start, x.shape[axis] - stop, axis),), _sliced)
define("concat", _concat_derivative, _joined)
define("reshape", lambda g, y, x, shape: (apply("reshape", g, shape=x.shape),), _reshaped)
define("broadcast", lambda g, y, x, shape: (g,), lambda x, shape: broadcast_shapes(x, shape))
define("one_hot", lambda g, y, labels, classes: (None,), lambda labels, classes: (*labels, classes))
define("random", lambda g, y, shape, key, law="uniform": (), _given)  # new in every step: uniform in [0, 1), or normal


def square(x: Tensor) -> Tensor:
    return apply("square", x)


def exp(x: Tensor) -> Tensor:
    return apply("exp", x)


def log(x: Tensor) -> Tensor:
    return apply("log", x)


def sqrt(x: Tensor) -> Tensor:
    return apply("sqrt", x)


def tanh(x: Tensor) -> Tensor:
    return apply("tanh", x)


def absolute(x: Tensor) -> Tensor:
    return apply("absolute", x)


def maximum(a: Tensor, b: Tensor | float) -> Tensor:
    return apply("maximum", a, b)


def minimum(a: Tensor, b: Tensor | float) -> Tensor:
    return apply("minimum", a, b)


def greater(a: Tensor, b: Tensor | float) -> Tensor:
    """1 where a > b, else 0: a mask of floats."""
    return apply("greater", a, b)


def sign(x: Tensor) -> Tensor:
    """-1, 0 or 1."""
    return apply("sign", x)


def stop_gradient(x: Tensor) -> Tensor:
    """x itself, taken as a constant by the derivative."""
    return apply("stop_gradient", x)


def reduce_max(x: Tensor) -> Tensor:
    """The largest along the last axis, kept with length 1."""
    return apply("max", x, axes=(-1,), keep=True)
