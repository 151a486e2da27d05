"""Columns of two texts that say yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from zen_cli.data.cells import number, shown
from zen_cli.data.columns.base import Array, Cell, CellReader, Column, columns
from zen_cli.data.columns.category import ABSENT
from zen_cli.data.facts import Facts
from zen_cli.errors import Exit, ZenError
from zen_cli.registry import option

if TYPE_CHECKING:
    from zen_cli.config.sections import Data

WORDS = (("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("on", "off"), ("1", "0"))


@columns.register("boolean")
class Boolean(Column):
    """One input: 1 where the cell says `yes`, 0 where it says `no`.

    Capital letters do not matter. By themselves are understood true and false, yes and no, y and n, t and f, on and
    off, 1 and 0. A missing cell that `mean` stands in for becomes the share of yes in the training rows.
    """

    yes: str = option("", "the text that means 1; default: true, yes, y, t, on or 1, as in the file")
    no: str = option("", "the text that means 0")
    missing: Literal["refuse", "drop", "mean", "most_frequent"] | None = option(
        None, "an empty cell: `refuse`, `drop` its row, or what stands in for it; default: data's"
    )
    indicator: bool = option(False, "add an input that says where the cell is missing")

    def reader(self, null: frozenset[str], decimal: str) -> BooleanReader:
        return BooleanReader(null, self.yes, self.no)

    def resolved(self, section: Data) -> Boolean:
        usual = "most_frequent" if section.missing == "median" else section.missing
        found = self.with_options(missing=self.missing or usual)
        assert isinstance(found, Boolean)
        return found

    def finished(self, reader: CellReader) -> Column:
        assert isinstance(reader, BooleanReader)
        yes, no = reader.words()
        return self.with_options(yes=yes, no=no)

    def inputs(self, name: str) -> tuple[str, ...]:
        return (name, f"{name} missing") if self.indicator else (name,)

    def fit(self, facts: Facts) -> Array:
        return np.array([facts.most_frequent if self.missing == "most_frequent" else facts.mean, 0.0, 1.0])

    def apply(self, values: Array, fitted: Array, out: Array) -> None:
        absent = np.isnan(values)
        out[:, 0] = np.where(absent, fitted[0], values)
        if self.indicator:
            out[:, 1] = absent

    def cell(self, value: Any) -> str | None:
        return None if value != value else self.yes if value >= 0.5 else self.no


class BooleanReader(CellReader):
    """1, 0 or NaN for each cell."""

    def __init__(self, null: frozenset[str], yes: str = "", no: str = "") -> None:
        pairs = ((yes, no),) if yes or no else WORDS
        self.values = {word.lower(): float(truth) for pair in pairs for word, truth in zip(pair, (1, 0), strict=True)}
        self.values |= dict.fromkeys(null | ABSENT, float("nan"))
        self.seen: dict[str, str] = {}  # words as they were written first

    def read(self, cells: list[str], place: Cell) -> Array:
        found: dict[str, float] = {}
        for row, text in enumerate(cells):
            if text not in found:
                found[text] = self._value(text.strip(), row, place)
        return np.fromiter(map(found.__getitem__, cells), np.float64, len(cells))

    def words(self) -> tuple[str, str]:
        """What stands for yes and for no: the words of one pair, written as they were seen."""
        pair = next((pair for pair in WORDS if set(self.seen) & set(pair)), WORDS[0])
        known = tuple(word for word, value in self.values.items() if value == value)
        yes, no = pair if set(pair) <= set(known) else known[:2]
        return self.seen.get(yes, yes), self.seen.get(no, no)

    def _value(self, text: str, row: int, place: Cell) -> float:
        word = text.lower()
        value = self.values.get(word)
        if value is None:
            value = self._number(text, row, place)
        elif value == value:
            self.seen.setdefault(word, text)
        return value

    def _number(self, text: str, row: int, place: Cell) -> float:
        """`1.0` and `0.0` are as good as 1 and 0."""
        try:
            value = number(text)
        except ValueError:
            value = -1.0
        if value in (0.0, 1.0) and self.values.get("1") == 1.0:
            self.seen.setdefault("1" if value else "0", "1" if value else "0")
            return value
        known = " or ".join(word for word, value in self.values.items() if value == value)
        what = f"expected yes or no, found {shown(text)}"
        raise ZenError(what, place(row), f"understood are {known}; for other texts use {{type: category}}", Exit.FILES)
