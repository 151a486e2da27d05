"""Blocks of text into rows of typed columns, for training and for new rows alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.block import Block
from zen_cli.data.cells import missing
from zen_cli.data.columns import Column
from zen_cli.data.columns.base import CellReader
from zen_cli.data.columns.number import NumberReader
from zen_cli.data.dialect import Dialect
from zen_cli.data.frame import Frame, slots
from zen_cli.errors import Problems, ZenError

EXPECTED = {"number": "a number", "boolean": "yes or no", "date": "a date", "category": "text"}


class FrameReader:
    """Reads the columns of these names and types out of blocks that have them anywhere."""

    def __init__(self, columns: Mapping[str, Column], dialect: Dialect) -> None:
        null = frozenset(text.strip().lower() for text in dialect.null)
        self.columns = columns
        self.readers = {name: column.reader(null, dialect.decimal) for name, column in columns.items()}
        self.slots = dict(zip(columns, slots([column.storage for column in columns.values()]), strict=True))
        storages = [slot.storage for slot in self.slots.values()]
        self._widths = storages.count("numbers"), storages.count("codes")
        plain = [isinstance(reader, NumberReader) and reader.decimal == "." for reader in self.readers.values()]
        self._plain = any(plain)

    def read(self, block: Block, *, strict: bool) -> Frame:
        """The rows of a block. `strict`: a missing cell needs a rule that says what stands in for it.

        Raises:
            ZenError: the first cell of each column that does not fit its type, all of them together.
        """
        frame = Frame(np.empty((block.rows, self._widths[0])), np.empty((block.rows, self._widths[1]), np.int32))
        problems = Problems()
        for name, reader in self.readers.items():
            position = block.position(name)
            try:
                self.slots[name].of(frame)[...] = self._column(block, position, reader, self.columns[name], strict)
            except ZenError as error:
                problems.take(error)
        problems.check()
        return frame

    def _column(
        self, block: Block, position: int, reader: CellReader, column: Column, strict: bool
    ) -> NDArray[Any]:
        values = block.numbers(position) if self._plain and isinstance(reader, NumberReader) else None
        if values is None:
            values = reader.read(block.column(position), lambda row: block.place(row, position))
        if column.missing == "refuse" or strict and column.lacks_rule:
            absent = column.absent(values)
            if absent.any():
                row = int(absent.argmax())
                raise missing(block.column(position)[row], block.place(row, position), EXPECTED[column.name])
        return values
