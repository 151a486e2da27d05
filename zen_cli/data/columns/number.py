"""Columns of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from zen_cli.data.cells import MISSING, not_a_number, number, plain_numbers
from zen_cli.data.columns.base import Array, Cell, CellReader, Column, columns
from zen_cli.data.facts import Facts
from zen_cli.registry import option

if TYPE_CHECKING:
    from zen_cli.config.sections import Data

Missing = Literal["refuse", "drop", "mean", "median", "most_frequent"]
Scale = Literal["standard", "minmax", "robust", "log1p", "none"]


@columns.register("number", main="scale")
class Number(Column):
    """x = (cell - shift) / size, by the training rows: mean and deviation, least and range, or median and quartiles.

    `scale`: `standard` (mean 0, deviation 1), `minmax` (0 to 1), `robust` (median 0, distance of the quartiles 1),
    `log1p` (sign(x) log(1 + |x|), then standard), `none`. A column that is constant in the training rows is shifted
    only. `missing`: what an empty cell becomes; `indicator` adds an input that is 1 where the cell was empty.
    """

    missing: Missing | None = option(
        None, "an empty cell: `refuse`, `drop` its row, or what stands in for it; default: data's"
    )
    scale: Scale | None = option(None, "how it is scaled; default: data's")
    indicator: bool = option(False, "add an input that says where the cell is missing")

    def reader(self, null: frozenset[str], decimal: str) -> NumberReader:
        return NumberReader(null, decimal)

    def resolved(self, section: Data) -> Number:
        scale = "standard" if section.scale == "auto" else section.scale
        found = self.with_options(missing=self.missing or section.missing, scale=self.scale or scale)
        assert isinstance(found, Number)
        return found

    def inputs(self, name: str) -> tuple[str, ...]:
        return (name, f"{name} missing") if self.indicator else (name,)

    def fit(self, facts: Facts) -> Array:
        """What stands in for a missing cell, the shift and the size."""
        stands_in = {"median": facts.quartiles[1], "most_frequent": facts.most_frequent}
        low, middle, high = facts.quartiles
        shift, size = {
            "none": (0.0, 1.0), "minmax": (facts.low, facts.high - facts.low),
            "robust": (middle, (high - low) or facts.deviation),
        }.get(self.scale or "", (facts.mean, facts.deviation))  # fmt: skip
        if facts.constant and self.scale != "none":  # the mean of equal numbers is rounded
            shift, size = facts.low, 1.0
        return np.array([stands_in.get(self.missing or "", facts.mean), shift, size])

    def apply(self, values: Array, fitted: Array, out: Array) -> None:
        fill, shift, size = fitted
        absent = np.isnan(values)
        numbers = self.warped(values)
        if absent.any():
            numbers = np.where(absent, fill, numbers)
        out[:, 0] = (numbers - shift) / size
        if self.indicator:
            out[:, 1] = absent

    def warped(self, values: Array) -> Array:
        """The values as they are fitted."""
        return np.copysign(np.log1p(np.abs(values)), values) if self.scale == "log1p" else values


class NumberReader(CellReader):
    """Each text is parsed once: cells repeat, and a dictionary is faster than a parser."""

    def __init__(self, null: frozenset[str] = frozenset(), decimal: str = ".") -> None:
        self.null, self.decimal = null | MISSING, decimal

    def read(self, cells: list[str], place: Cell) -> Array:
        found = plain_numbers(cells) if self.decimal == "." else None
        if found is not None:
            return found
        parsed: dict[str, float] = {}
        for row, text in enumerate(cells):
            if text not in parsed:
                parsed[text] = self._value(text, row, place)
        return np.fromiter(map(parsed.__getitem__, cells), np.float64, len(cells))

    def _value(self, text: str, row: int, place: Cell) -> float:
        if text.strip().lower() in self.null:
            return float("nan")
        try:
            return number(text, self.decimal)
        except ValueError:
            raise not_a_number(text, place(row)) from None
