"""What layers share that slide a window over an image (channels, height, width) or over time (time, channels)."""

from __future__ import annotations

from typing import Literal

from zen_cli.compiler.layout import channels_first, channels_last
from zen_cli.compiler.tensor import Tensor, apply
from zen_cli.compiler.windows import Pair, Window
from zen_cli.errors import ZenError

Size = int | tuple[int, int]  # of both axes, or (vertical, horizontal)
Padding = Literal["same", "valid"] | int | tuple[int, int]


def pair(size: Size) -> Pair:
    """
    >>> pair(3), pair((2, 1))
    ((3, 3), (2, 1))
    """
    return size if isinstance(size, tuple) else (size, size)


def image(x: Tensor) -> Tensor:
    """x (batch, channels, height, width) with its channels last.

    Raises:
        ZenError: the rows are no images.
    """
    if x.rank != 4:
        what = f"needs rows [channels, height, width], found rows of shape {list(x.shape[1:])}"
        raise ZenError(what, hint="say how a row becomes an image: model: {input: [1, 8, 8], layers: [...]}")
    return channels_last(x)


def sequence(x: Tensor) -> Tensor:
    """x (batch, time, channels) as an image of one column, its channels last."""
    if x.rank != 3:
        raise ZenError(f"needs rows [time, channels], found rows of shape {list(x.shape[1:])}")
    batch, time, channels = x.shape
    return apply("reshape", x, shape=(batch, time, 1, channels))


def pixels(x: Tensor) -> tuple[Tensor, bool]:
    """An image, or a sequence as one, with its channels last, and whether it is an image."""
    if x.rank not in (3, 4):
        what = f"needs rows [channels, height, width] or [time, channels], found rows of shape {list(x.shape[1:])}"
        raise ZenError(what)
    return (image(x), True) if x.rank == 4 else (sequence(x), False)


def restored(x: Tensor, is_image: bool) -> Tensor:
    """The inverse of `pixels`."""
    return channels_first(x) if is_image else apply("reshape", x, shape=(x.shape[0], x.shape[1], x.shape[3]))


def channels_at_the_end(x: Tensor) -> Tensor:
    """An image with its channels last; what is no image has its units there already."""
    return channels_last(x) if x.rank == 4 else x


def as_before(z: Tensor) -> Tensor:
    """The inverse of `channels_at_the_end`."""
    return channels_first(z) if z.rank == 4 else z


def window(x: Tensor, kernel: Pair, stride: Pair, padding: Padding | Literal["causal"], dilation: Pair) -> Window:
    """The window on x (batch, height, width, channels)."""
    free = Window(kernel, stride, dilation=dilation)
    return free._replace(padding=padding_of((x.shape[1], x.shape[2]), free, padding))


def padding_of(size: Pair, free: Window, padding: Padding | Literal["causal"]) -> tuple[Pair, Pair]:
    """The zeros around an image of `size`, in numbers; `same` gives ceil(size / stride) places."""
    each = padding if isinstance(padding, tuple) else (padding, padding)
    vertical, horizontal = map(_around, each, size, free.stride, free.extent)
    return vertical, horizontal


def _around(padding: Literal["same", "valid", "causal"] | int, size: int, stride: int, reach: int) -> Pair:
    if padding == "valid":
        return 0, 0
    if padding == "causal":
        return reach - 1, 0
    if padding == "same":
        missing = max((-(-size // stride) - 1) * stride + reach - size, 0)
        return missing // 2, missing - missing // 2
    assert isinstance(padding, int)
    return padding, padding


def over_time(windowed: Window) -> Window:
    """The window of a sequence: nothing is done to its one column."""
    return windowed._replace(padding=(windowed.padding[0], (0, 0)))
