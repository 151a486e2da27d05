"""What columns are fitted from: facts of the training rows, gathered in passes over blocks of rows.

The blocks have a fixed size, so that a table gives the same bits wherever it lies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
ROWS = 1 << 16  # of a block
SAMPLE = 1 << 20  # rows that quartiles and the most frequent value are taken from: of more rows every k-th
Blocks = Callable[[], Iterator[Array]]
"""Begins a pass: blocks (rows, columns) of float64 with NaN where a cell is missing."""


class Facts(NamedTuple):
    """Of the cells that are there. Of a column of codes: the rows of each level, and those where it is missing."""

    mean: float = 0.0
    deviation: float = 1.0  # of the population
    low: float = 0.0
    high: float = 0.0
    quartiles: tuple[float, float, float] = (0.0, 0.0, 0.0)
    most_frequent: float = 0.0
    counts: Array = np.zeros(0, np.int64)
    absent: int = 0

    @property
    def constant(self) -> bool:
        return self.low == self.high


class Moments(NamedTuple):
    """One number a column."""

    mean: Array
    deviation: Array
    low: Array
    high: Array

    def facts(self, column: int) -> Facts:
        mean, deviation, low, high = (float(each[column]) for each in self)
        return Facts(mean, deviation, low, high)


def moments(blocks: Blocks) -> Moments:
    """Mean, standard deviation, least and largest of each column; 0, 1, 0 and 0 where a column has no number.

    >>> moments(lambda: iter([np.array([[1.0, np.nan]]), np.array([[3.0, np.nan]])]))
    Moments(mean=array([2., 0.]), deviation=array([1., 1.]), low=array([1., 0.]), high=array([3., 0.]))
    """
    count: Any = 0
    total: Any = 0.0
    low, high = np.array(np.inf), np.array(-np.inf)
    for block in blocks():
        absent = np.isnan(block)
        gaps = bool(absent.any())
        count = count + (len(block) - absent.sum(0))
        total = total + (np.where(absent, 0.0, block) if gaps else block).sum(0)
        low = np.minimum(low, np.where(absent, np.inf, block).min(0) if gaps else block.min(0))
        high = np.maximum(high, np.where(absent, -np.inf, block).max(0) if gaps else block.max(0))
    empty, divisor = count == 0, np.maximum(count, 1)
    mean, squares = total / divisor, _squares(blocks, total / divisor)
    nothing = np.zeros_like(mean)
    deviation = np.where(empty, 1.0, np.sqrt(squares / divisor))
    return Moments(mean, deviation, np.where(empty, nothing, low), np.where(empty, nothing, high))


def _squares(blocks: Blocks, mean: Array) -> Any:
    total: Any = 0.0
    for block in blocks():
        apart = block - mean
        np.multiply(apart, apart, apart)
        np.copyto(apart, 0.0, where=np.isnan(apart))
        total = total + apart.sum(0)
    return total


def quartiles(values: Array) -> tuple[float, float, float]:
    """A quarter, half and three quarters of the way through the sorted numbers (n,), NaN left out."""
    found = values[~np.isnan(values)]
    if not len(found):
        return 0.0, 0.0, 0.0
    low, middle, high = np.quantile(found, (0.25, 0.5, 0.75)).tolist()
    return low, middle, high


def most_frequent(values: Array) -> float:
    """The number that stands in most cells (n,), the least of several; NaN left out."""
    different, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    return float(different[counts.argmax()]) if len(different) else 0.0
