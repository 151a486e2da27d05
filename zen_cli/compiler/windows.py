"""How a window goes over an image, and how the work is cut up: whole numbers, no arrays.

The readable form of a program brings some of these functions along as they stand here.
"""

from __future__ import annotations

import math
from typing import NamedTuple

Pair = tuple[int, int]  # vertical, horizontal
ROOM = 1 << 19  # numbers in the patches of a block, 2 MB: up to 2.5 are as fast as any, 5 take 1.2 times as long
FEW = 4  # channels up to which patches are faster laid out tap by tap than place by place


class Window(NamedTuple):
    """How a kernel goes over an image. `padding`: zeros before and after it, on each axis."""

    kernel: Pair
    stride: Pair = (1, 1)
    padding: tuple[Pair, Pair] = ((0, 0), (0, 0))
    dilation: Pair = (1, 1)

    @property
    def extent(self) -> Pair:
        """How far a kernel reaches.

        >>> Window((3, 5), dilation=(2, 1)).extent
        (5, 5)
        """
        vertical, horizontal = (d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))
        return vertical, horizontal

    def padded(self, size: tuple[int, ...]) -> Pair:
        vertical, horizontal = (n + sum(around) for n, around in zip(size, self.padding, strict=True))
        return vertical, horizontal

    def places(self, size: tuple[int, ...]) -> Pair:
        """How many places the kernel takes on an image of that size.

        >>> Window((3, 3), stride=(2, 2), padding=((1, 1), (1, 1))).places((5, 6))
        (3, 3)
        """
        room = zip(self.padded(size), self.extent, self.stride, strict=True)
        vertical, horizontal = ((n - reach) // step + 1 for n, reach, step in room)
        if vertical < 1 or horizontal < 1:
            kernel, image = (f"{a} x {b}" for a, b in (self.extent, self.padded(size)))
            raise ValueError(f"a kernel that reaches over {kernel} does not fit into an image of {image}")
        return vertical, horizontal


def blocks(batch: int, places: tuple[int, ...], patch: int) -> tuple[int, int]:
    """How many images, and of an image how many rows of places, are unfolded at once: `patch` numbers a place.

    >>> blocks(128, (14, 14), 800), blocks(2, (224, 224), 576)
    ((3, 14), (1, 4))
    """
    height, width = places
    images = ROOM // (height * width * patch)
    if images:
        return -(-batch // -(-batch // images)), height
    return 1, max(1, ROOM // (width * patch))


class Strand(NamedTuple):
    """Along one axis, the pixels at one phase of the stride, and what a transposed convolution makes them of."""

    pixels: slice
    places: int  # how many pixels
    taps: slice  # of the kernel, last to first
    length: int  # how many taps
    apart: int  # how far apart two taps are in the result of the convolution
    start: int  # where in it the first pixel's taps begin: before its first number where negative


def strands(kernel: int, stride: int, dilation: int, padding: int, size: int) -> list[Strand]:
    """With stride s, tap i of the kernel saw pixel p at place (p + padding - i dilation) / s, where that is whole.

    So the pixels p, p + s, p + 2 s ... are a convolution of the result with every so many taps, last to first, and no
    product is spent on zeros between the places. With stride 1 there is one strand, with the whole kernel.

    >>> [(s.pixels.start, s.taps.start, s.length, s.start) for s in strands(3, 2, 1, 1, 6)]
    [(1, 2, 2, 0), (0, 1, 1, 0)]
    """
    step, found = stride // math.gcd(stride, dilation), []
    for phase in range(stride):
        first = (phase - padding) % stride
        count = len(range(first, size, stride))
        taps = [i for i in range(kernel) if i * dilation % stride == phase]
        if count:
            last = max(taps, default=0)
            start = (first + padding - last * dilation) // stride
            back = slice(last, taps[0] - step if taps[0] >= step else None, -step) if taps else slice(0, 0)
            apart = dilation * step // stride
            found.append(Strand(slice(first, None, stride), count, back, len(taps), apart, start))
    return found


def frame(axis: list[Strand], size: int) -> tuple[int, int]:
    """How many zeros a result of `size` needs in front of it and behind it, for all strands."""
    ends = [each.start + each.places - 1 + max(each.length - 1, 0) * each.apart for each in axis]
    return max(0, -min(each.start for each in axis)), max(0, max(ends) - size + 1)
