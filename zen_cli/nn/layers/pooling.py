"""Pooling: what a window sees as one number; and the way back, by copies or in between."""

from typing import ClassVar, Literal

import numpy as np

from zen_cli.compiler import convolution  # noqa: F401  # the primitives that are used here
from zen_cli.compiler.layout import channels_first, channels_last, turned
from zen_cli.compiler.primitives import pad, reduce_sum
from zen_cli.compiler.tensor import Tensor, apply, constant
from zen_cli.compiler.windows import Pair, Window
from zen_cli.errors import ZenError
from zen_cli.nn.layers.activations import rectified, rectify
from zen_cli.nn.layers.base import Build, Layer, layers
from zen_cli.nn.layers.sliding import Padding, Size, image, pair, pixels, restored, window
from zen_cli.registry import option


@layers.register("max_pool", main="size")
class MaxPool(Layer):
    """y[c, i, j] = the largest of x[c, i s + u, j s + v] over the window, s the stride, which is its size if not given.

    x (batch, channels, height, width) or, over time, (batch, time, channels). The gradient goes to the first of equals.
    Source: Zhou and Chellappa 1988; Scherer, Mueller, Behnke 2010; the conventions are torch's MaxPool2d.

    >>> from zen_cli.nn.worked import forward
    >>> forward(MaxPool(2), [[[[1, 2, 5], [4, 3, 6]]]])
    [[[[4.0]]]]
    """

    example: ClassVar[str] = "max_pool: 2"
    size: Size = option(2, "size of the window", low=1)
    stride: Size | None = option(None, "how far the window moves; default: its size", low=1)
    padding: Padding = option("valid", "places around the image that no window takes its largest from", low=0)

    def forward(self, x: Tensor, build: Build) -> Tensor:
        if (below := rectified(x)) is not None:  # what never falls may come later, on fewer numbers
            return rectify(self.forward(below, build))
        if (shifted := turned(x)) is not None and shifted.primitive == "add" and shifted.inputs[1].rank == 1:
            inner = self.forward(channels_first(shifted.inputs[0]), build)
            return channels_first(channels_last(inner) + shifted.inputs[1])
        return _pooled("max_pool", x, self.size, self.stride, self.padding)


@layers.register("avg_pool", main="size")
class AvgPool(Layer):
    """y[c, i, j] = the mean of x[c, i s + u, j s + v] over the window, s the stride, which is its size if not given.

    x (batch, channels, height, width) or, over time, (batch, time, channels). Zeros around the image count.
    Source: LeCun et al. 1989; the conventions are torch's AvgPool2d.

    >>> from zen_cli.nn.worked import forward
    >>> forward(AvgPool(2), [[[[1, 2, 5], [4, 3, 6]]]])
    [[[[2.5]]]]
    """

    example: ClassVar[str] = "avg_pool: 2"
    size: Size = option(2, "size of the window", low=1)
    stride: Size | None = option(None, "how far the window moves; default: its size", low=1)
    padding: Padding = option("valid", "zeros around the image: none, as many as keep its size, or so many", low=0)

    def forward(self, x: Tensor, build: Build) -> Tensor:
        size = _size(x, self.size)
        return _pooled("sum_pool", x, self.size, self.stride, self.padding) * (1.0 / (size[0] * size[1]))


@layers.register("global_avg_pool")
class GlobalAvgPool(Layer):
    """y[c] = the mean of x[c, i, j] over the whole image.

    x (batch, channels, height, width) -> y (batch, channels).
    Source: Lin, Chen, Yan 2013, arXiv:1312.4400, section 3.2.

    >>> from zen_cli.nn.worked import forward
    >>> forward(GlobalAvgPool(), [[[[1, 2], [3, 4]], [[5, 5], [5, 5]]]])
    [[2.5, 5.0]]
    """

    def forward(self, x: Tensor, build: Build) -> Tensor:
        image(x)
        return reduce_sum(x, (-2, -1)) * (1.0 / (x.shape[2] * x.shape[3]))


@layers.register("upsample", main="factor")
class Upsample(Layer):
    """y[c, i, j] = x[c, i / f, j / f], f the factor: each pixel f x f times, or what lies in between.

    x (batch, channels, height, width) or, over time, (batch, time, channels). `bilinear`, of images only, takes the
    middle of a pixel as its place, and beyond the outer ones their value (torch: align_corners=False).
    Source: as torch's Upsample.

    >>> from zen_cli.nn.worked import forward
    >>> forward(Upsample(2), [[[[1, 2]]]])
    [[[[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0]]]]
    """

    example: ClassVar[str] = "upsample: 2"
    factor: Size = option(2, "by how much the image grows", low=1)
    mode: Literal["nearest", "bilinear"] = option("nearest", "copies of pixels, or what lies in between")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        if self.mode == "bilinear":
            image(x)
            (height, width), (down, along) = x.shape[2:], pair(self.factor)
            return _between(height, down) @ x @ _between(width, along).T
        seen, is_image = pixels(x)
        factor = _size(x, self.factor)
        size = (seen.shape[1] * factor[0], seen.shape[2] * factor[1])
        return restored(apply("sum_pool_input", seen, window=Window(factor, factor), size=size), is_image)


@layers.register("zero_pad", main="width")
class ZeroPad(Layer):
    """y = x between zeros: one number for all sides, or [vertical, horizontal], or [top, bottom, left, right].

    x (batch, channels, height, width) or, over time, (batch, time, channels).
    Source: as torch's ZeroPad2d.

    >>> from zen_cli.nn.worked import forward
    >>> forward(ZeroPad([0, 0, 1, 2]), [[[[5]]]])
    [[[[0.0, 5.0, 0.0, 0.0]]]]
    """

    example: ClassVar[str] = "zero_pad: 1"
    width: int | list[int] = option(1, "how many zeros", low=0)

    def __post_init__(self) -> None:
        if isinstance(self.width, list) and len(self.width) not in (2, 4):
            raise ZenError(f"expected 1, 2 or 4 numbers, found {len(self.width)}", hint="[top, bottom, left, right]")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        _, is_image = pixels(x)
        sides = self.width if isinstance(self.width, list) else [self.width] * 4
        top, bottom, left, right = sides if len(sides) == 4 else (sides[0], sides[0], sides[1], sides[1])
        y = pad(x, top, bottom, axis=-2) if top + bottom else x
        return pad(y, left, right) if is_image and left + right else y


def _size(x: Tensor, size: Size) -> Pair:
    """The size of a window; on a sequence it has no width."""
    return pair(size) if x.rank == 4 else (pair(size)[0], 1)


def _pooled(primitive: str, x: Tensor, size: Size, stride: Size | None, padding: Padding) -> Tensor:
    seen, is_image = pixels(x)
    kernel, step = _size(x, size), _size(x, stride or size)
    windowed = window(seen, kernel, step, padding, (1, 1))
    if not is_image:
        windowed = windowed._replace(padding=(windowed.padding[0], (0, 0)))
    if any(2 * max(around) > reach for around, reach in zip(windowed.padding, kernel, strict=True)):
        raise ZenError(f"padding {padding} is more than half of the window {list(kernel)}")
    return restored(apply(primitive, seen, window=windowed), is_image)


def _between(size: int, factor: int) -> Tensor:
    """The matrix (size factor, size) that takes values at places between pixels, whose values are at their middle."""
    at = ((np.arange(size * factor) + 0.5) / factor - 0.5).clip(0, size - 1)
    return constant(np.maximum(0.0, 1.0 - np.abs(at[:, None] - np.arange(size))), (size * factor, size))
