"""Shifting and scaling numbers to mean 0 and deviation 1: a primitive, whose derivative is known by its output."""

from __future__ import annotations

from zen_cli.compiler.primitives import define, reduce_sum, sqrt, square
from zen_cli.compiler.tensor import Tensor, apply


def normalize(x: Tensor, axes: tuple[int, ...] = (-1,), eps: float = 1e-5, centered: bool = True) -> Tensor:
    """(x - mean) / sqrt(variance + eps) over `axes`; not centered: x / sqrt(mean of squares + eps)."""
    return apply("normalize", x, axes=axes, eps=eps, centered=centered)


def mean(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    """The mean over `axes`, which stay with length 1."""
    total = reduce_sum(x, axes, keep=True)
    return total * (total.size / x.size)


def _inverse(x: Tensor, axes: tuple[int, ...], eps: float, centered: bool) -> Tensor:
    return 1.0 / sqrt(mean(square(x - mean(x, axes) if centered else x), axes) + eps)


def _spelled(tensor: Tensor) -> Tensor:
    """What is computed; the derivative says the inverse deviation in the same words, so that it is computed once."""
    (x,), options = tensor.inputs, tensor.options
    inverse = _inverse(x, **options)
    return (x - mean(x, options["axes"])) * inverse if options["centered"] else x * inverse


def _derivative(g: Tensor, y: Tensor, x: Tensor, axes: tuple[int, ...], eps: float, centered: bool) -> tuple[Tensor]:
    """(g - mean g - y mean(g y)) / deviation: what moves the mean or the deviation changes nothing."""
    slope = g - y * mean(g * y, axes)
    slope = slope - mean(g, axes) if centered else slope
    return (slope * _inverse(x, axes, eps, centered),)


define("normalize", _derivative, lambda x, **_: x, _spelled)
