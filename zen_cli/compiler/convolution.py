"""Primitives of images (batch, height, width, channels): convolution, its two gradients, and pooling.

Convolution is linear in the image and in the weight, so the three of them are each other's derivatives.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from zen_cli.compiler.primitives import define, permute
from zen_cli.compiler.tensor import Shape, Tensor, apply, constant
from zen_cli.compiler.windows import Pair, Window


def _convolved(x: Shape, w: Shape, window: Window, groups: int) -> Shape:
    if x[3] != w[2] * groups or w[3] % groups or w[:2] != window.kernel:
        raise ValueError(f"an image {x} does not go with a weight {w} in {groups} groups")
    return (x[0], *window.places((x[1], x[2])), w[3])


def _image(g: Shape, w: Shape, window: Window, groups: int, size: Pair) -> Shape:
    if (*window.places(size), w[3]) != g[1:]:
        raise ValueError(f"no image of {size} gives {g} with a weight {w}")
    return (g[0], *size, w[2] * groups)


def _weight(x: Shape, g: Shape, window: Window, groups: int) -> Shape:
    return (*window.kernel, x[3] // groups, g[3])


def _pooled(x: Shape, window: Window) -> Shape:
    return (x[0], *window.places((x[1], x[2])), x[3])


def _once(*_: Any, **__: Any) -> Any:
    raise ValueError("only the first derivative of the largest in a window is known")


def _patches(x: Shape, window: Window, by_tap: bool) -> Shape:
    places, patch = _pooled(x, window)[:3], (*window.kernel, x[3])
    return (*patch, *places) if by_tap else (*places, *patch)


def _of_patches(g: Tensor, y: Tensor, x: Tensor, window: Window, by_tap: bool) -> tuple[Tensor]:
    """Each number of a patch goes back to its pixel: the transpose of a convolution that leaves patches as they are."""
    g = permute(g, (-3, -2, -1, -6, -5, -4)) if by_tap else g
    size = math.prod(g.shape[3:])
    each = constant(np.eye(size).reshape(*g.shape[3:], size), (*g.shape[3:], size))
    return (convolve_input(apply("reshape", g, shape=(*g.shape[:3], size)), each, window, (x.shape[1], x.shape[2])),)


def _of_convolve(g: Tensor, y: Tensor, x: Tensor, w: Tensor, **how: Any) -> tuple[Tensor, Tensor]:
    return apply("convolve_input", g, w, size=x.shape[1:3], **how), apply("convolve_weight", x, g, **how)


def _of_input(g: Tensor, y: Tensor, d: Tensor, w: Tensor, size: Pair, **how: Any) -> tuple[Tensor, Tensor]:
    return apply("convolve", g, w, **how), apply("convolve_weight", g, d, **how)


def _of_weight(g: Tensor, y: Tensor, x: Tensor, d: Tensor, **how: Any) -> tuple[Tensor, Tensor]:
    return apply("convolve_input", d, g, size=x.shape[1:3], **how), apply("convolve", x, g, **how)


define("convolve", _of_convolve, _convolved)
define("convolve_input", _of_input, _image)  # the gradient of the image, from that of the result and the weight
define("convolve_weight", _of_weight, _weight)  # the gradient of the weight, from the image and that of the result
# What the kernel sees at each place: (batch, height, width, kernel height, kernel width, channels); `by_tap`: the last
# three axes first.
define("patches", _of_patches, _patches)

define("max_pool", lambda g, y, x, window: (apply("max_pool_input", g, y, x, window=window),), _pooled)
define("max_pool_input", _once, lambda g, y, x, window: x)  # to the first of the largest
define("sum_pool", lambda g, y, x, window: (apply("sum_pool_input", g, window=window, size=x.shape[1:3]),), _pooled)
define("sum_pool_input", lambda g, y, d, window, size: (apply("sum_pool", g, window=window),),
       lambda g, window, size: (g[0], *size, g[3]))  # fmt: skip


def convolve(x: Tensor, w: Tensor, window: Window, groups: int = 1) -> Tensor:
    """y[b, i, j, o] = sum over u, v, c of x[b, i s + u d, j s + v d, c] w[u, v, c, o], s the stride, d the dilation.

    w is (kernel height, kernel width, channels / groups, outputs): group n of the outputs sees group n of the channels.
    """
    return apply("convolve", x, w, window=window, groups=groups)


def convolve_input(y_gradient: Tensor, w: Tensor, window: Window, size: Pair, groups: int = 1) -> Tensor:
    """The transpose of `convolve`: an image of `size`, to which every y adds its share of what it was made of."""
    return apply("convolve_input", y_gradient, w, window=window, groups=groups, size=size)
