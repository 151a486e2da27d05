"""Columns of text that repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from zen_cli.data.cells import CellPlace, is_number, number
from zen_cli.data.columns.base import Array, Cell, CellReader, Column, columns
from zen_cli.data.facts import Facts
from zen_cli.data.labels import in_order
from zen_cli.errors import Exit, ZenError
from zen_cli.registry import option

if TYPE_CHECKING:
    from zen_cli.config.sections import Data

ABSENT = frozenset(("", "nan", "na", "n/a", "#n/a", "null", "?"))  # fewer than of a number: `none` may be a level
MISSING, UNSEEN = -1, -2
MOST_LEVELS = 100_000  # more are a mistake, and would fill the memory


@columns.register("category", main="rare")
class Category(Column):
    """One input a level: 1 where the cell holds it, else 0; a linear layer behind it is an embedding of the levels.

    `levels` are those of the whole file, so that the network has one width whatever rows train. A level that fewer
    than `rare` training rows hold shares an input with all such; with `rare: 1` it gives zeros. A level that the file
    did not have is taken as a rare one if there were some in training, else it gives zeros: an input that training
    has never moved would add noise. `missing: own` makes an empty cell a level of its own if
    the file has such cells, else it becomes `zeros`: none of the levels.
    """

    storage: ClassVar[Literal["numbers", "codes"]] = "codes"
    levels: list[str] = option([], "the levels, in the order of the inputs; default: those in the file")
    rare: int = option(1, "levels in fewer training rows than this share one input", low=1)
    missing: Literal["refuse", "drop", "most_frequent", "own", "zeros"] | None = option(
        None, "an empty cell: `refuse`, `drop` its row, or what stands in for it; default: data's"
    )

    def reader(self, null: frozenset[str], decimal: str) -> LevelReader:
        return LevelReader(null, self.levels, self.levels == [])

    def resolved(self, section: Data) -> Category:
        usual = "own" if section.missing in ("mean", "median") else section.missing
        found = self.with_options(missing=self.missing or usual)
        assert isinstance(found, Category)
        return found

    def finished(self, reader: CellReader) -> Column:
        assert isinstance(reader, LevelReader)
        missing = "zeros" if self.missing == "own" and not reader.absent else self.missing
        return self.with_options(levels=self.levels or in_order(reader.levels), missing=missing)

    def inputs(self, name: str) -> tuple[str, ...]:
        more = [f"{name} rare"] if self.rare > 1 else []
        more += [f"{name} missing"] if self.missing == "own" else []
        return (*(f"{name}={level}" for level in self.levels), *more)

    def cell(self, value: Any) -> str | None:
        return self.levels[value] if value >= 0 else None

    def fit(self, facts: Facts) -> Array:
        """The input of each level, then of an unseen and of a missing one; -1: none."""
        counts, many = facts.counts, len(self.levels)
        rare = counts < self.rare
        shared = many if self.rare > 1 and counts[rare].any() else -1
        inputs = np.where(rare, shared, np.arange(many))
        absent = -1
        if self.missing == "own" and facts.absent:
            absent = many + (self.rare > 1)
        elif self.missing == "most_frequent" and many:
            absent = int(inputs[counts.argmax()])
        return np.array([*inputs, shared, absent], np.int64)

    def apply(self, values: Array, fitted: Array, out: Array) -> None:
        inputs = fitted[values]  # codes -2 and -1 are the last two
        out[...] = 0
        rows = np.flatnonzero(inputs >= 0)
        out[rows, inputs[rows]] = 1


class LevelReader(CellReader):
    """Texts into codes: each different text is a level; where the levels are known, another one is UNSEEN."""

    def __init__(self, null: frozenset[str], levels: list[str], grows: bool) -> None:
        self.null, self.grows = null | ABSENT, grows
        self.levels = {level: code for code, level in enumerate(levels)}
        self.first: list[CellPlace] = []  # where each level was met
        self.absent = False  # whether a cell was missing
        self.unseen = 0  # cells that hold none of the levels
        self._codes: dict[str, int] = {}

    def read(self, cells: list[str], place: Cell) -> Array:
        codes = self._codes
        for row, text in enumerate(cells):
            if text not in codes:
                codes[text] = self._code(text.strip())
                if codes[text] == len(self.first) and self.grows:
                    self.first.append(place(row))
                if len(self.first) > MOST_LEVELS:
                    hint = "leave the column out, or use a loss for numbers if it is the target"
                    raise ZenError(f"more than {MOST_LEVELS} different texts", place(row), hint, Exit.FILES)
        found = np.fromiter(map(codes.__getitem__, cells), np.int32, len(cells))
        if not self.grows:
            self.unseen += int(np.count_nonzero(found == UNSEEN))
            self._codes = {}  # new texts without end must not fill the memory
        return found

    def _code(self, text: str) -> int:
        if text.lower() in self.null and text not in self.levels:
            self.absent = True
            return MISSING
        if self.grows:
            return self.levels.setdefault(text, len(self.levels))
        if text not in self.levels and is_number(text) and number(text).is_integer():
            text = str(int(number(text)))  # 4.0 is the level 4
        return self.levels.get(text, UNSEEN)
