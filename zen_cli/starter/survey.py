"""What the columns of a table hold, and which of them are of no use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zen_cli.config.sections import Data
from zen_cli.data.cells import shown
from zen_cli.data.columns import Column
from zen_cli.data.columns.category import Category
from zen_cli.data.columns.date import Date
from zen_cli.data.columns.number import Number
from zen_cli.data.dataset import Dataset
from zen_cli.data.frame import slots
from zen_cli.data.load import load
from zen_cli.data.room import Room
from zen_cli.errors import Place

Array = NDArray[Any]
LOOKED_AT = 100_000  # rows
SHOWN = 4  # levels
MANY = 20  # rows in which it is no chance that none says the same as another
IDENTITY = re.compile(r"(^|[_ ])(id|uuid|key|index)$", re.IGNORECASE)


class Found(NamedTuple):
    """A column: its type; its cells (rows,), as numbers or as codes of levels; why it is no feature, if it is none."""

    name: str
    column: Column
    values: Array
    useless: str = ""

    @property
    def absent(self) -> int:
        """How many cells are missing."""
        return int(self.column.absent(self.values).sum())

    @property
    def present(self) -> Array:
        found: Array = self.values[~self.column.absent(self.values)]
        return found

    @property
    def different(self) -> int:
        """How many different values there are."""
        return len(set(self.present.tolist()))

    @property
    def whole(self) -> bool:
        """Whether all numbers are whole."""
        return isinstance(self.column, Number) and bool((self.present == np.floor(self.present)).all())

    @property
    def levels(self) -> list[tuple[str, int]]:
        """Of what is no quantity, each value as text and how often it comes, the most frequent first."""
        values, counts = np.unique(self.present, return_counts=True)
        order = np.argsort(-counts, kind="stable")
        return [(str(self.column.cell(values[i].item())), int(counts[i])) for i in order]

    def told(self) -> str:
        """What it holds, in a few words.

        >>> Found("a", Number(), np.array([1.0, np.nan, 2.5])).told()
        '1 to 2.5, 1 missing'
        """
        return ", ".join(self._told()) + (f", {self.absent} missing" if self.absent else "")

    def _told(self) -> Iterator[str]:
        if isinstance(self.column, Number | Date):
            low, high = (self.column.cell(float(each)) for each in (self.present.min(), self.present.max()))
            yield f"{_short(low)} to {_short(high)}"
            return
        levels = self.levels
        yield from (_plain(level) for level, _ in levels[:SHOWN])
        if len(levels) > SHOWN:
            yield f"... {len(levels)} in all"


class Survey(NamedTuple):
    """A table's rows and columns, those of which nothing is read at last."""

    rows: int
    columns: dict[str, Found]
    left_out: dict[str, str]  # and why

    @property
    def features(self) -> list[Found]:
        return [found for found in self.columns.values() if not found.useless]


def survey(path: str, dialect: dict[str, Any], stdin: BinaryIO | None, room: Room) -> Survey:
    """Reads the table as it would be read for training, with all columns as features.

    Raises:
        ZenError: it cannot be read.
    """
    section = Data(source=path, missing="median", **dialect)  # type: ignore[call-arg]
    dataset = load(section, Place("--data"), stdin=stdin, room=room)
    columns = {found.name: found._replace(useless=_useless(found)) for found in _columns(dataset)}
    return Survey(dataset.rows, columns, {name: _reason(name, dataset.notes) for name in dataset.left_out})


def _columns(dataset: Dataset) -> Iterator[Found]:
    frame, schema = dataset.features[:LOOKED_AT], dataset.schema
    places = slots([column.storage for column in schema.columns])
    for name, column, slot in zip(schema.features, schema.columns, places, strict=True):
        yield Found(name, column, slot.of(frame))


def _useless(found: Found) -> str:
    values = found.present
    if found.different <= 1:
        return "the same in every row" if not found.absent else "one value, or none"
    if found.whole and not found.absent and len(values) >= MANY:
        if values[0] in (0, 1) and (np.diff(values) == 1).all():
            return "counts the rows"
        if IDENTITY.search(found.name) and found.different == len(values):
            return "another one in every row"
    return ""


def _reason(name: str, notes: tuple[str, ...]) -> str:
    """What was said of a column that is not read."""
    start = f"column '{name}' is left out: "
    said = next((note.removeprefix(start) for note in notes if note.startswith(start)), "")
    return said.partition(";")[0] or "no column of a kind that is read"


def rare(found: Found) -> int:
    """The least rows of a level that is an input of its own; 1 where all have enough.

    Few rows teach a weight little; levels that share one also give a new level a meaning.
    """
    counts = [count for _, count in found.levels]
    least = 10 if len(counts) > 20 else 3
    scarce = isinstance(found.column, Category) and len(counts) > 2 and min(counts) < least
    return least if scarce else 1


def _plain(text: str) -> str:
    """In a comment."""
    return text if text.isprintable() and text.strip() and len(text) < 25 else shown(text[:25])


def _short(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
