"""Where the channels of an image stand: first for whoever reads a config, last where it is computed.

Measured: a patch of an image whose channels lie last is a few long runs of numbers, which copy at the speed of the
cache, and a convolution is one product of patches and weights without a transposition on either side.
"""

from __future__ import annotations

from zen_cli.compiler.primitives import PRIMITIVES, permute
from zen_cli.compiler.tensor import Tensor

CHANNELS_FIRST, CHANNELS_LAST = (-4, -1, -3, -2), (-4, -2, -1, -3)  # the axes of the other form, in their new order


def channels_first(x: Tensor) -> Tensor:
    """(batch, height, width, channels) -> (batch, channels, height, width)."""
    return permute(x, CHANNELS_FIRST)


def turned(x: Tensor) -> Tensor | None:
    """The image with channels last that x shows channels first, if it does."""
    return x.inputs[0] if x.primitive == "transpose" and x.options["axes"] == CHANNELS_FIRST else None


def lies_last(x: Tensor) -> bool:
    """Whether x is an image that shows channels first and is computed channels last."""
    while PRIMITIVES[x.primitive].elementwise if x.inputs else False:
        x = max(x.inputs, key=lambda item: item.rank)
    return turned(x) is not None


def channels_last(x: Tensor) -> Tensor:
    """(batch, channels, height, width) -> (batch, height, width, channels)."""
    return permute(x, CHANNELS_LAST)
