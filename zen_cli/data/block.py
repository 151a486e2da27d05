"""Some rows of a table in their order, as the readers of all formats hand them on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.cells import CellPlace, plain_numbers, shown
from zen_cli.errors import Exit, Place, ZenError


class Block(ABC):
    """Rows of cells. `ends`: the line on which each ends; `before`: the line before the first."""

    def __init__(self, file: str, names: tuple[str, ...], ends: Sequence[int], before: int) -> None:
        self.file, self.names, self.ends, self.before = file, names, ends, before

    @abstractmethod
    def column(self, column: int) -> list[str]:
        """The cells of a column as text, by its position."""

    @abstractmethod
    def numbers(self, column: int) -> NDArray[np.float64] | None:
        """A column of numbers, NaN where missing, if the block has them as such."""

    @abstractmethod
    def row(self, row: int) -> list[str]:
        """The cells of a row as text."""

    @property
    def rows(self) -> int:
        return len(self.ends)

    def position(self, name: str) -> int:
        """Where a column is.

        Raises:
            ZenError: it is not there, though another file has it.
        """
        try:
            return self.names.index(name)
        except ValueError:
            what = f"column {shown(name)} missing"
            raise ZenError(what, Place(self.file, 1), f"columns: {', '.join(self.names)}", Exit.FILES) from None

    def line(self, row: int) -> int:
        """The line on which a row begins."""
        return (self.ends[row - 1] if row else self.before) + 1

    def place(self, row: int, column: int) -> CellPlace:
        return CellPlace(self.file, self.line(row), column + 1, self.names[column])


class TextBlock(Block):
    """Cells of text, row after row in one list.

    >>> block = TextBlock("x.csv", ("a", "b"), ["1", "x", "2", "y"], [2, 3], 1)
    >>> block.rows, block.column(1), block.row(0), str(block.place(1, 0))
    (2, ['x', 'y'], ['1', 'x'], 'x.csv:3:1 (column "a")')
    """

    def __init__(self, file: str, names: tuple[str, ...], cells: list[str], ends: Sequence[int], before: int) -> None:
        super().__init__(file, names, ends, before)
        self.cells = cells

    def column(self, column: int) -> list[str]:
        return self.cells if len(self.names) == 1 else self.cells[column :: len(self.names)]

    def numbers(self, column: int) -> NDArray[np.float64] | None:
        return None if self._matrix is None else self._matrix[:, column]

    @cached_property
    def _matrix(self) -> NDArray[np.float64] | None:
        """All cells, if all of them are plain numbers: faster than column by column."""
        found: Any = plain_numbers(self.cells)
        return None if found is None else found.reshape(self.rows, len(self.names))

    def row(self, row: int) -> list[str]:
        width = len(self.names)
        return self.cells[row * width : (row + 1) * width]
