"""Rows of CSV in which nothing is quoted: numbers are taken from the text as it lies there."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.block import Block, TextBlock
from zen_cli.data.cells import number
from zen_cli.data.plain_text import Cells, cells_of, numbers_of

ODD = 0.1  # the share of a column's cells that are read one by one; a column with more is read as text


class PlainBlock(Block):
    """Whole lines. Cells are made into text only where they are asked for.

    >>> block = plain_block("x.csv", ("a", "b"), "1,x\\n2.5,y\\n", ",", 1)
    >>> block.numbers(0), block.numbers(1), block.column(1), str(block.place(1, 0))
    (array([1. , 2.5]), None, ['x', 'y'], 'x.csv:3:1 (column "a")')
    """

    def __init__(self, file: str, names: tuple[str, ...], text: str, delimiter: str, before: int, cells: Cells) -> None:
        self.text, self.delimiter, self.cells = text, delimiter, cells
        rows = len(cells.ends) // len(names)
        super().__init__(file, names, range(before + 1, before + 1 + rows), before)

    def column(self, column: int) -> list[str]:
        return self._texts.column(column)

    def row(self, row: int) -> list[str]:
        return self._texts.row(row)

    def numbers(self, column: int) -> NDArray[np.float64] | None:
        every, odd = self._numbers
        width = len(self.names)
        rows = odd[odd % width == column] // width
        if len(rows) > ODD * self.rows:
            return None
        values = every[column::width]
        for row in rows.tolist():
            try:
                values[row] = number(self._cell(row, column))
            except ValueError:
                return None
        return values

    @cached_property
    def _numbers(self) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Of all cells, row after row, and which of them are read one by one."""
        every, plain = numbers_of(self.cells)
        return every, np.flatnonzero(~plain)

    @cached_property
    def _texts(self) -> TextBlock:
        cells = self.text[:-1].replace("\n", self.delimiter).split(self.delimiter)
        return TextBlock(self.file, self.names, cells, self.ends, self.before)

    def _cell(self, row: int, column: int) -> str:
        place = row * len(self.names) + column
        return self.cells.bytes[self.cells.starts[place] : self.cells.ends[place]].tobytes().decode()


def plain_block(file: str, names: tuple[str, ...], text: str, delimiter: str, before: int) -> PlainBlock | None:
    """The rows of whole lines; None if one of them needs a more careful reader."""
    if '"' in text or f"{delimiter} " in text or "\n " in text or text[:1] == " " or not delimiter.isascii():
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text if text.endswith("\n") else text + "\n"
    cells = cells_of(text.encode(), delimiter.encode(), len(names))
    if cells is None or (len(names) == 1 and (cells.ends == cells.starts).any()):
        return None
    return PlainBlock(file, names, text, delimiter, before, cells)
