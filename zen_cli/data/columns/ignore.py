"""Columns that are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zen_cli.data.columns.base import Array, CellReader, Column, columns
from zen_cli.data.facts import Facts

if TYPE_CHECKING:
    from zen_cli.config.sections import Data


@columns.register("ignore")
class Ignore(Column):
    """No input: the column is left out, as in `data.drop`."""

    missing = "own"

    def reader(self, null: frozenset[str], decimal: str) -> CellReader:
        raise NotImplementedError

    def resolved(self, section: Data) -> Column:
        return self

    def inputs(self, name: str) -> tuple[str, ...]:
        return ()

    def fit(self, facts: Facts) -> Array:
        raise NotImplementedError

    def apply(self, values: Array, fitted: Array, out: Array) -> None:
        raise NotImplementedError
