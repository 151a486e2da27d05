"""Convolutions: the same weighted sums at every place of an image or a sequence.

Kernels that a user writes as torch does have its results: a cross-correlation, not flipped.
"""

from __future__ import annotations

import math
from typing import ClassVar, Literal, NamedTuple

from zen_cli.compiler.convolution import convolve, convolve_input
from zen_cli.compiler.layout import channels_first
from zen_cli.compiler.tensor import Shape, Tensor, apply
from zen_cli.compiler.windows import Pair, Window
from zen_cli.errors import ZenError
from zen_cli.nn.initializers import Initializer, Zeros
from zen_cli.nn.layers.base import Build, Layer, layers
from zen_cli.nn.layers.sliding import Padding, Size, image, over_time, padding_of, pair, restored, sequence, window
from zen_cli.registry import option


@layers.register("conv2d", main="channels")
class Conv2d(Layer):
    """y[o, i, j] = b[o] + sum over c, u, v of w[u, v, c, o] x[c, i s + u d, j s + v d], s the stride, d the dilation.

    x (batch, channels in, height, width) -> y (batch, channels, ...); weight (kernel height, kernel width, channels in
    / groups, channels), bias (channels,). A size is one number, or [vertical, horizontal]. `groups` cuts the channels
    into so many parts that do not see each other: as many as channels come in make it depthwise.
    Source: LeCun et al. 1989; Goodfellow, Bengio, Courville 2016, section 9.1; the conventions are torch's Conv2d.

    >>> from zen_cli.nn.initializers import Constant
    >>> from zen_cli.nn.worked import forward
    >>> forward(Conv2d(1, kernel=2, init=Constant(1.0)), [[[[1, 2, 3], [4, 5, 6]]]])
    [[[[12.0, 16.0]]]]
    """

    example: ClassVar[str] = "conv2d: {channels: 8, kernel: 3, padding: same}"
    weighted: ClassVar[bool] = True
    channels: int = option(help="how many channels come out", low=1)
    kernel: Size = option(3, "size of the kernel", low=1)
    stride: Size = option(1, "how far the kernel moves from place to place", low=1)
    padding: Padding = option("valid", "zeros around the image: none, as many as keep its size, or so many", low=0)
    dilation: Size = option(1, "how far apart two weights of the kernel are", low=1)
    groups: int = option(1, "parts of the channels that do not see each other", low=1)
    bias: bool = option(True, "whether to add b")
    init: Initializer | None = option(None, "initializer of the weight; default by the layer that follows")
    bias_init: Initializer | None = option(None, "initializer of the bias; default zeros")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        x, kernel = image(x), pair(self.kernel)
        seen = window(x, kernel, pair(self.stride), self.padding, pair(self.dilation))
        into = _connected(kernel, x.shape[3], self.channels, self.groups)
        y = convolve(x, build.parameter("weight", into.shape, self.init, into.fans), seen, self.groups)
        return channels_first(_shifted(y, build, into, self.bias_init) if self.bias else y)


@layers.register("conv1d", main="channels")
class Conv1d(Layer):
    """y[t, o] = b[o] + sum over u, c of w[u, c, o] x[t s + u d, c], s the stride, d the dilation.

    x (batch, time, channels in) -> y (batch, ..., channels); weight (kernel, channels in / groups, channels), bias
    (channels,). Channels lie last, as in all layers on sequences. `padding: causal` has y[t] see x[t] and before only.
    Source: Waibel et al. 1989; causal and dilated: van den Oord et al. 2016, arXiv:1609.03499, section 2.1.

    >>> from zen_cli.nn.initializers import Constant
    >>> from zen_cli.nn.worked import forward
    >>> forward(Conv1d(1, kernel=2, padding="causal", init=Constant(1.0)), [[[1], [2], [3]]])
    [[[1.0], [3.0], [5.0]]]
    """

    example: ClassVar[str] = "conv1d: {channels: 8, kernel: 3, padding: causal}"
    weighted: ClassVar[bool] = True
    channels: int = option(help="how many channels come out", low=1)
    kernel: int = option(3, "size of the kernel", low=1)
    stride: int = option(1, "how far the kernel moves from place to place", low=1)
    padding: Literal["same", "valid", "causal"] | int = option("valid", "zeros around the sequence", low=0)
    dilation: int = option(1, "how far apart two weights of the kernel are", low=1)
    groups: int = option(1, "parts of the channels that do not see each other", low=1)
    bias: bool = option(True, "whether to add b")
    init: Initializer | None = option(None, "initializer of the weight; default by the layer that follows")
    bias_init: Initializer | None = option(None, "initializer of the bias; default zeros")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        x = sequence(x)
        seen = over_time(window(x, (self.kernel, 1), (self.stride, 1), self.padding, (self.dilation, 1)))
        into = _connected((self.kernel,), x.shape[3], self.channels, self.groups)
        w = build.parameter("weight", into.shape, self.init, into.fans)
        y = convolve(x, apply("reshape", w, shape=(self.kernel, 1, *w.shape[1:])), seen, self.groups)
        return restored(_shifted(y, build, into, self.bias_init) if self.bias else y, is_image=False)


@layers.register("conv_transpose2d", main="channels")
class ConvTranspose2d(Layer):
    """y[o, i s + u d - p, j s + v d - p] = b[o] + the sum of all w[u, v, o, c] x[c, i, j] that meet there.

    The transpose of `conv2d`: it enlarges by the stride s. x (batch, channels in, height, width) -> y (batch, channels,
    ...); weight (kernel height, kernel width, channels / groups, channels in), bias (channels,). The size is (size - 1)
    s - 2 p + d (kernel - 1) + 1 + output_padding; with `padding: same` size s.
    Source: Zeiler et al. 2010; Dumoulin and Visin 2016, arXiv:1603.07285, chapter 4; as torch's ConvTranspose2d.

    >>> from zen_cli.nn.initializers import Constant
    >>> from zen_cli.nn.worked import forward
    >>> forward(ConvTranspose2d(1, kernel=2, init=Constant(1.0)), [[[[1, 2]]]])
    [[[[1.0, 3.0, 2.0], [1.0, 3.0, 2.0]]]]
    """

    example: ClassVar[str] = "conv_transpose2d: {channels: 8, kernel: 2, stride: 2}"
    weighted: ClassVar[bool] = True
    channels: int = option(help="how many channels come out", low=1)
    kernel: Size = option(3, "size of the kernel", low=1)
    stride: Size = option(1, "by how much the image grows", low=1)
    padding: Padding = option("valid", "how much of the result's border is cut off", low=0)
    output_padding: Size = option(0, "rows and columns added at the end of the result", low=0)
    dilation: Size = option(1, "how far apart two weights of the kernel are", low=1)
    groups: int = option(1, "parts of the channels that do not see each other", low=1)
    bias: bool = option(True, "whether to add b")
    init: Initializer | None = option(None, "initializer of the weight; default by the layer that follows")
    bias_init: Initializer | None = option(None, "initializer of the bias; default zeros")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        x, kernel, stride = image(x), pair(self.kernel), pair(self.stride)
        size, seen = self._result((x.shape[1], x.shape[2]))
        into = _connected(kernel, x.shape[3], self.channels, self.groups)
        fans = (max(1, into.fans[0] // math.prod(stride)), into.fans[1])
        shape = (*kernel, self.channels // self.groups, x.shape[3])
        y = convolve_input(x, build.parameter("weight", shape, self.init, fans), seen, size, self.groups)
        return channels_first(_shifted(y, build, into._replace(fans=fans), self.bias_init) if self.bias else y)

    def _result(self, size: Pair) -> tuple[Pair, Window]:
        """The size of the result, and the window that makes the input's size of it."""
        kernel, stride, dilation, more = map(pair, (self.kernel, self.stride, self.dilation, self.output_padding))
        free = Window(kernel, stride, dilation=dilation)
        if self.padding == "same":
            grown = (size[0] * stride[0], size[1] * stride[1])
            return grown, free._replace(padding=padding_of(grown, free, "same"))
        around = padding_of(size, free, self.padding)
        axes = zip(size, stride, free.extent, around, more, strict=True)
        height, width = ((n - 1) * s + reach - sum(cut) + extra for n, s, reach, cut, extra in axes)
        if min(height, width) < 1 or any(extra >= s for extra, s in zip(more, stride, strict=True)):
            what = f"images of {size[0]} x {size[1]} would become {height} x {width}, with output_padding {list(more)}"
            raise ZenError(what, hint="output_padding must be less than stride, and padding less than the result")
        return (height, width), free._replace(padding=around)


class Connection(NamedTuple):
    """What a kernel connects: the shape of its weight, and how many inputs and outputs that are."""

    shape: Shape
    fans: Pair
    outputs: int


def _connected(taps: Shape, channels: int, outputs: int, groups: int) -> Connection:
    """Fans as torch counts them: the kernel times the channels that a sum goes over, and times all outputs."""
    if channels % groups or outputs % groups:
        raise ZenError(f"{channels} channels in and {outputs} out cannot be cut into {groups} groups")
    size = math.prod(taps)
    return Connection((*taps, channels // groups, outputs), (size * channels // groups, size * outputs), outputs)


def _shifted(y: Tensor, build: Build, into: Connection, init: Initializer | None) -> Tensor:
    return y + build.parameter("bias", (into.outputs,), init or Zeros(), into.fans)
