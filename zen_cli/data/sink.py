"""Where the rows of a table go while they are read: into memory, or to disk once they are many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.stored import Piece, Stored
from zen_cli.errors import Exit, ZenError

Array = NDArray[Any]
KEPT = 1 << 24  # bytes that are kept in memory
ONCE = 1 << 20  # bytes that are written at once


class Sink:
    """Takes blocks (rows, columns) of one dtype. `path` says where the file goes; None: all is kept in memory."""

    def __init__(self, width: int, dtype: Any, path: Callable[[], str] | None, kept: int = KEPT) -> None:
        self.width, self.dtype, self.path, self.kept = width, np.dtype(dtype), path, kept
        self.rows = 0
        self._blocks: list[Array] = []
        self._bytes = 0
        self._place = ""

    def append(self, block: Array) -> None:
        """Takes the block as it is: the caller does not change it any more."""
        self.rows += len(block)
        self._blocks.append(block)
        self._bytes += block.nbytes
        if self.path is not None and self._bytes > self.kept:
            self._spill()

    def result(self, convert: Callable[[Array], Array] | None = None) -> Any:
        """All rows as an array, or as `Stored` where they went to disk; `convert` is applied to each block of them."""
        if not self._place:
            whole = np.concatenate([np.empty((0, self.width), self.dtype), *self._blocks])
            return convert(whole) if convert else whole
        self._spill()
        stored = Stored([Piece(self._place, 0, self.rows)], self.dtype, (self.width,))
        return _converted(stored, convert, f"{self._place}.converted") if convert else stored

    def _spill(self) -> None:
        assert self.path is not None
        self._place, self.kept = self._place or self.path(), min(self.kept, ONCE)
        with writing(self._place), open(self._place, "ab") as file:
            for block in self._blocks:
                _write(file, np.asarray(block, self.dtype))
        self._blocks, self._bytes = [], 0


@contextmanager
def writing(path: str) -> Iterator[None]:
    """Says in words that something cannot be written."""
    try:
        yield
    except OSError as error:
        hint = "free some space, or let XDG_CACHE_HOME name a folder that has more"
        raise ZenError(f"cannot write {path}: {error.strerror}", hint=hint, code=Exit.ENVIRONMENT) from None


def _converted(stored: Stored, convert: Callable[[Array], Array], path: str) -> Stored:
    width, dtype = 0, stored.dtype
    with writing(path), open(path, "wb") as file:
        for block in stored.blocks():
            found = convert(block)
            width, dtype = found.shape[1], found.dtype
            _write(file, found)
    return Stored([Piece(path, 0, len(stored))], dtype, (width,))


def _write(file: BinaryIO, array: Array) -> None:
    if array.size:
        file.write(np.ascontiguousarray(array).data.cast("B"))
