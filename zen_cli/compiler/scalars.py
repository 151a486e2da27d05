"""Numbers and scalars of the step in a graph: what plain Python computes, outside the arrays."""

from __future__ import annotations

import math
from collections.abc import Callable

from zen_cli.compiler.tensor import Tensor

ARITHMETIC: dict[str, Callable[..., float]] = {
    "add": lambda a, b: a + b, "subtract": lambda a, b: a - b, "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b, "power": lambda a, b: a**b, "negative": lambda a: -a,
    "square": lambda a: a * a, "sqrt": math.sqrt, "maximum": max, "minimum": min,
    "greater": lambda a, b: float(a > b),
}


def is_scalar(tensor: Tensor) -> bool:
    """Whether this is a number or a scalar of the step (`lr`, `1 - beta ** t`): plain Python arithmetic."""
    if tensor.shape:
        return False
    if tensor.primitive == "scalar" or tensor.number is not None:
        return True
    return tensor.primitive in ARITHMETIC and all(map(is_scalar, tensor.inputs))


def is_scaled(x: Tensor) -> bool:
    """Whether x is a computed value times a scalar, with the scalar on the right as simplifying leaves it."""
    return x.primitive == "multiply" and is_scalar(x.inputs[1]) and not is_scalar(x.inputs[0])
