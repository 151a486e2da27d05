"""Gathers the feature columns of a table, in memory or on disk, and decides at the end what they are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.block import Block
from zen_cli.data.columns import Column
from zen_cli.data.columns.base import Cell, CellReader
from zen_cli.data.columns.category import MISSING, UNSEEN, Category, LevelReader
from zen_cli.data.columns.ignore import Ignore
from zen_cli.data.frame import Frame
from zen_cli.data.frame_reader import FrameReader
from zen_cli.data.request import Request
from zen_cli.data.sink import Sink

if TYPE_CHECKING:
    from zen_cli.data.cache import Aside

Array = NDArray[Any]
MOST_LEVELS = 1000  # of a column of text that nobody called a category


class Features:
    """`read` a block, `append` the rows of it that stay, then ask for the `result`."""

    def __init__(self, types: dict[str, Column], inferred: set[str], request: Request, place: Aside | None) -> None:
        section = request.section
        self.columns = {name: c.resolved(section) for name, c in types.items() if not isinstance(c, Ignore)}
        self._inferred = [name for name in self.columns if name in inferred]
        self._empty = sorted(name for name in inferred if isinstance(types[name], Ignore))
        self._reader = FrameReader(self.columns, request.dialect)
        storages = [slot.storage for slot in self._reader.slots.values()]
        numbers, codes = (partial(place.path, name) if place else None for name in ("numbers", "codes"))
        self._numbers = Sink(storages.count("numbers"), np.float64, numbers)
        self._codes = Sink(storages.count("codes"), np.int32, codes)

    def read(self, block: Block) -> tuple[Frame, Array | None]:
        """The rows of a block, and which of them a missing cell drops (None: no column does that).

        Raises:
            ZenError: a cell that does not fit the type of its column, or is missing without a rule for it.
        """
        frame = self._reader.read(block, strict=False)
        dropped = None
        for name, column in self.columns.items():
            if column.missing == "drop":
                absent = column.absent(self._reader.slots[name].of(frame))
                dropped = absent if dropped is None else dropped | absent
        return frame, dropped

    def append(self, frame: Frame) -> None:
        self._numbers.append(frame.numbers)
        self._codes.append(frame.codes)
        for name in self._inferred:
            reader = self._reader.readers[name]
            if isinstance(reader, LevelReader) and len(reader.levels) > MOST_LEVELS:
                self._reader.readers[name] = _NoLevels()

    def result(self) -> tuple[Frame, dict[str, Column], list[str]]:
        """All rows with the codes in the order of the levels, the columns that stay, and what to say of the others."""
        notes = [f"column '{name}' is left out: it has no value" for name in self._empty]
        notes += self._leave_out(self._numbers.rows)
        for name, column in self.columns.items():
            reader = self._reader.readers[name]
            self.columns[name] = column.finished(reader)
            if isinstance(reader, LevelReader) and reader.unseen:
                notes.append(f"column '{name}': {reader.unseen} cells hold none of the stated levels")
        orders = self._orders()
        codes = self._codes.result(lambda block: _recoded(block, orders) if orders else block[:, :0])
        return Frame(self._numbers.result(), codes), self.columns, notes

    def _leave_out(self, rows: int) -> list[str]:
        """Takes out columns of text that are no categories: nearly every row has a text of its own."""
        found = []
        for name in self._inferred:
            reader = self._reader.readers[name]
            levels = len(reader.levels) if isinstance(reader, LevelReader) else 0
            if isinstance(reader, _NoLevels) or levels > max(2, min(MOST_LEVELS, rows // 2)):
                del self.columns[name]
                many = levels or f"more than {MOST_LEVELS}"
                what = f"column '{name}' is left out: {many} different texts in {rows} rows"
                found.append(f"{what}; it stays with data.columns: {{{name}: category}}")
        return found

    def _orders(self) -> list[tuple[int, Array]]:
        """Of each column of codes that stays: where it lies, and the final code of each code."""
        found = []
        for name, column in self.columns.items():
            reader = self._reader.readers[name]
            if isinstance(column, Category) and isinstance(reader, LevelReader):
                position = {level: code for code, level in enumerate(column.levels)}
                order = np.array([position[level] for level in reader.levels] + [UNSEEN, MISSING], np.int32)
                found.append((self._reader.slots[name].position, order))
        return found


def _recoded(block: Array, orders: list[tuple[int, Array]]) -> Array:
    return np.stack([order[block[:, position]] for position, order in orders], axis=1)


class _NoLevels(CellReader):
    """In place of a reader that has met too many levels: nothing is kept of the column."""

    def read(self, cells: list[str], place: Cell) -> Array:
        return np.full(len(cells), UNSEEN, np.int32)
