"""Rows that stay on disk: read where they are asked for, so that memory holds no more than that."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator, Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zen_cli.errors import Exit, Place, ZenError

Array = NDArray[Any]
ROWS = 1 << 16  # of a block
SPAN = 1 << 20  # bytes that are read at once where single rows are wanted: what lies between them is read too


class Piece(NamedTuple):
    """A file of rows one after another, from a position on."""

    path: str
    offset: int
    rows: int


class Stored:
    """An array (rows, ...) in one or several files. A slice or ascending row numbers give an array in memory.

    The files are kept open, so that they can be read to the end even if they are deleted; they are read and not mapped
    into memory: a file that is cut off meanwhile is an error and not the end of the process.
    """

    def __init__(self, pieces: Sequence[Piece], dtype: Any, row_shape: tuple[int, ...]) -> None:
        self.dtype = np.dtype(dtype)
        self._pieces = list(pieces)
        self._files = [os.open(piece.path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0)) for piece in pieces]
        weakref.finalize(self, _close, self._files)
        self._ends = np.cumsum([piece.rows for piece in pieces])
        self.shape: tuple[int, ...] = (int(self._ends[-1]) if len(pieces) else 0, *row_shape)
        self._row_bytes = int(self.dtype.itemsize) * prod(row_shape)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def nbytes(self) -> int:
        return self.shape[0] * self._row_bytes

    def __len__(self) -> int:
        rows: int = self.shape[0]
        return rows

    def __getitem__(self, rows: slice | Array) -> Array:
        if isinstance(rows, slice):
            start, stop, step = rows.indices(len(self))
            return self._read(start, max(start, stop))[::step]
        return self._chosen(np.asarray(rows))

    def blocks(self, size: int = ROWS) -> Iterator[Array]:
        """All rows in their order, so many at a time."""
        for start in range(0, len(self), size):
            yield self[start : start + size]

    def _chosen(self, rows: Array) -> Array:
        out = np.empty((len(rows), *self.shape[1:]), self.dtype)
        reach = max(1, SPAN // max(1, self._row_bytes))
        start = 0
        while start < len(rows):
            first = int(rows[start])
            stop = int(np.searchsorted(rows[start:], first + reach)) + start
            span = self._read(first, int(rows[stop - 1]) + 1)
            span.take(rows[start:stop] - first, 0, out[start:stop])
            start = stop
        return out

    def _read(self, start: int, stop: int) -> Array:
        out = np.empty((stop - start, *self.shape[1:]), self.dtype)
        filled = 0
        for piece, file, end in zip(self._pieces, self._files, self._ends.tolist(), strict=True):
            begin = end - piece.rows
            low, high = max(start, begin), min(stop, end)
            if low < high:
                into = out[filled : filled + high - low]
                self._fill(into, file, piece, piece.offset + (low - begin) * self._row_bytes)
                filled += high - low
        return out

    def _fill(self, out: Array, file: int, piece: Piece, offset: int) -> None:
        if not out.nbytes:
            return
        view = memoryview(out.reshape(-1).view(np.uint8).data)
        filled = 0
        while filled < len(view):
            count = os.preadv(file, [view[filled:]], offset + filled)
            if not count:
                raise ZenError("the file has become shorter while it was read", Place(piece.path), code=Exit.FILES)
            filled += count


def _close(files: list[int]) -> None:
    for file in files:
        os.close(file)
