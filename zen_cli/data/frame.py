"""Rows of typed columns: numbers in one matrix, codes of levels in another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Frame:
    """numbers: float64 (rows, columns of numbers), NaN where missing; codes: int32 (rows, columns of codes).

    Both may lie on disk (`Stored`): a slice or an array of row numbers gives a Frame in memory.

    >>> frame = Frame(np.array([[1.5], [2.5]]), np.array([[0], [1]], np.int32))
    >>> len(frame), frame[1:].numbers.tolist(), frame[np.array([0])].codes.tolist()
    (2, [[2.5]], [[0]])
    """

    def __init__(self, numbers: Any, codes: Any) -> None:
        self.numbers, self.codes = numbers, codes

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, rows: Any) -> Frame:
        return Frame(self.numbers[rows], self.codes[rows])


def joined(parts: Sequence[Any]) -> Any:
    """Frames, or arrays, one after another."""
    if not isinstance(parts[0], Frame):
        return np.concatenate(parts)
    return Frame(np.concatenate([part.numbers for part in parts]), np.concatenate([part.codes for part in parts]))


class Slot(NamedTuple):
    """Where a column lies: in `numbers` or `codes`, and at which position."""

    storage: str
    position: int

    def of(self, frame: Frame) -> Array:
        values: Array = getattr(frame, self.storage)[:, self.position]
        return values


def slots(storages: list[str]) -> list[Slot]:
    """The slot of each column, in the order of the columns.

    >>> slots(["numbers", "codes", "numbers"])
    [Slot(storage='numbers', position=0), Slot(storage='codes', position=0), Slot(storage='numbers', position=1)]
    """
    return [Slot(storage, storages[:i].count(storage)) for i, storage in enumerate(storages)]
