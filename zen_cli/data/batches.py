"""The order of the rows in an epoch and the size of its batches."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def order(rows: Array, shuffle: Literal["epoch", "once", "none"], rng: np.random.Generator) -> Array:
    """The row numbers `rows` in the order of an epoch.

    `epoch` draws a new order from `rng` each time; `once` gives one order again and again, whatever has been
    drawn since, so that a resumed run needs nothing but the state of `rng`; `none` leaves them as they are.

    >>> order(np.array([2, 5, 7]), "none", np.random.default_rng(0)).tolist()
    [2, 5, 7]
    """
    if shuffle == "epoch":
        return rng.permutation(rows)
    return rows if shuffle == "none" else _always(rng).permutation(rows)


def epoch_seed(shuffle: Literal["epoch", "once", "none"], rng: np.random.Generator) -> list[int] | None:
    """What the order of an epoch is drawn from where rows come window by window; None: they stay as they are."""
    if shuffle == "none":
        return None
    return [int((rng if shuffle == "epoch" else _always(rng)).integers(1 << 63))]


def _always(rng: np.random.Generator) -> np.random.Generator:
    """A generator that begins at the same place, whatever has been drawn from `rng` since."""
    stream: Any = rng.bit_generator.seed_seq
    return np.random.default_rng(np.random.SeedSequence(stream.entropy, spawn_key=(*stream.spawn_key, 0)))


def batch_size(asked: int | Literal["full"], rows: int) -> tuple[int, str | None]:
    """Rows a step, at most all there are, and a warning where more were asked for.

    >>> batch_size(32, 150), batch_size("full", 150), batch_size(200, 150)[0]
    ((32, None), (150, None), 150)
    """
    if asked == "full" or asked == rows:
        return rows, None
    if asked > rows:
        return rows, f"batch_size {asked} is more than the {rows} training rows: one batch of {rows} an epoch"
    return asked, None
