"""The table of primitives: for each, the shape of its result and its derivative. Calculus lives only here.

A derivative takes the gradient `g` of the result, the result `y` and the inputs, and gives one gradient an
input (None: the input has none). Where an input was broadcast, `gradient` sums its gradient back to its shape.
How a primitive is computed is the emitter's business.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from zen_cli.compiler.tensor import Shape, Tensor, apply


class Primitive(NamedTuple):
    shape: Callable[..., Shape]
    derivative: Callable[..., tuple[Tensor | None, ...]]
    elementwise: bool


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


def define(name: str, derivative: Callable[..., Any], shape: Callable[..., Shape] | None = None) -> None:
    """Adds a primitive; without a `shape` rule it works element by element."""
    PRIMITIVES[name] = Primitive(shape or broadcast_shapes, derivative, shape is None)


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


def _given(*_: Shape, shape: Shape, **__: Any) -> Shape:
    return shape


define("sum", lambda g, y, x, axes, keep: (_spread(g, x, axes),), _reduced)
define("max", _max_derivative, _reduced)
define("matmul", lambda g, y, a, b: (g @ b.T, a.T @ g), _matmul_shape)
define("inner", lambda g, y, a, b: (g * b, g * a), lambda a, b: ())  # the sum of a * b over everything
define("transpose", lambda g, y, x: (g.T,), lambda x: (*x[:-2], x[-1], x[-2]))
define("reshape", lambda g, y, x, shape: (apply("reshape", g, shape=x.shape),), _reshaped)
define("broadcast", lambda g, y, x, shape: (g,), lambda x, shape: broadcast_shapes(x, shape))
define("one_hot", lambda g, y, labels, classes: (None,), lambda labels, classes: (*labels, classes))
define("random", lambda g, y, shape, key: (), _given)  # uniform in [0, 1), new in every step


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
