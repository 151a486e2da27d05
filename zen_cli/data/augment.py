"""Training rows changed anew each time they come: images shifted, cut out, mirrored; noise on anything.

Source: Simard, Steinkraus and Platt 2003 (shifts); Krizhevsky, Sutskever and Hinton 2012 (crops and mirror images).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zen_cli.errors import Place, ZenError

if TYPE_CHECKING:
    from zen_cli.config.sections import Augment

Array = NDArray[Any]


def check(how: Augment, shape: tuple[int, ...], symbols: bool, where: Place) -> None:
    """Raises a ZenError where rows of that shape are no images but would have to be, or are symbols."""
    if symbols or how.moves and len(shape) != 3:
        found = "symbols" if symbols else f"rows of shape {list(shape)}"
        hint = "say how a row becomes an image: model: {input: [1, 8, 8], layers: [...]}"
        raise ZenError(f"images [channels, height, width] can be shifted, cut and mirrored, found {found}", where, hint)


def augment(x: Array, how: Augment, rng: np.random.Generator) -> None:
    """Changes rows x (rows, ...) in their place; images are (rows, channels, height, width)."""
    if how.moves:
        count, _, height, width = x.shape
        share = rng.uniform(how.crop, 1.0, (count, 1)) if how.crop < 1 else np.ones((count, 1))
        down, across = (_lines(size, share, how.shift, rng) for size in (height, width))
        if how.flip:
            mirrored = rng.random(count) < 0.5
            across[mirrored] = across[mirrored, ::-1]
        x[...] = picked(x, down, across)
    if how.noise:
        x += how.noise * rng.standard_normal(x.shape, x.dtype if x.dtype == np.float32 else np.float64)


def _lines(size: int, share: Array, shift: int, rng: np.random.Generator) -> Array:
    """For each row, which of the `size` lines of its image come one after the other: those of a part, and moved."""
    start = rng.random(share.shape) * (1 - share) * size if (share < 1).any() else 0.0
    moved = rng.integers(-shift, shift, share.shape, endpoint=True) if shift else 0
    lines: Array = np.floor(start + (np.arange(size) + 0.5) * share).astype(np.intp) + moved
    return lines


def picked(x: Array, down: Array, across: Array) -> Array:
    """Of each image the lines `down` (rows, height) and `across` (rows, width); 0 where there are none.

    >>> picked(np.array([[[[1, 2], [3, 4]]]]), np.array([[1, 2]]), np.array([[1, 0]])).tolist()
    [[[[4, 3], [0, 0]]]]
    """
    count, channels, height, width = x.shape
    row, channel = np.arange(count)[:, None, None, None], np.arange(channels)[:, None, None]
    found = x[row, channel, down.clip(0, height - 1)[:, None, :, None], across.clip(0, width - 1)[:, None, None, :]]
    there = [(lines >= 0) & (lines < size) for lines, size in ((down, height), (across, width))]
    seen: Array = found * (there[0][:, None, :, None] & there[1][:, None, None, :])
    return seen
