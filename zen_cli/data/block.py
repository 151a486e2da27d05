"""Some rows of a table in their order, as the readers of all formats hand them on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.cells import CellPlace, plain_numbers


class Block:
    """Rows of text cells, row after row in one list.

    `ends`: the line on which each row ends; `before`: the line before the first. A row of several lines has its line
    where it begins.

    >>> block = Block("x.csv", ("a", "b"), ["1", "x", "2", "y"], [2, 3], 1)
    >>> block.rows, block.column(1), block.row(0), str(block.place(1, 0))
    (2, ['x', 'y'], ['1', 'x'], 'x.csv:3:1 (column "a")')
    """

    def __init__(self, file: str, names: tuple[str, ...], cells: list[str], ends: Sequence[int], before: int) -> None:
        self.file, self.names, self.cells, self.ends, self.before = file, names, cells, ends, before

    @property
    def rows(self) -> int:
        return len(self.ends)

    def position(self, name: str) -> int:
        return self.names.index(name)

    def column(self, column: int) -> list[str]:
        """The cells of a column, by its position."""
        return self.cells if len(self.names) == 1 else self.cells[column :: len(self.names)]

    @cached_property
    def matrix(self) -> NDArray[np.float64] | None:
        """All cells as numbers (rows, columns), if all of them are plain numbers: faster than column by column."""
        found: Any = plain_numbers(self.cells)
        return None if found is None else found.reshape(self.rows, len(self.names))

    def row(self, row: int) -> list[str]:
        width = len(self.names)
        return self.cells[row * width : (row + 1) * width]

    def line(self, row: int) -> int:
        """The line on which a row begins."""
        return (self.ends[row - 1] if row else self.before) + 1

    def place(self, row: int, column: int) -> CellPlace:
        return CellPlace(self.file, self.line(row), column + 1, self.names[column])
