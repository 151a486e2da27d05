"""A table into a dataset: which columns are features, which are targets, and how those are read."""

from __future__ import annotations

from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.cells import CellPlace, is_number, numbers, shown
from zen_cli.data.dataset import Dataset, Schema
from zen_cli.data.labels import TextColumn, from_texts
from zen_cli.data.request import Request
from zen_cli.data.table import Chunk, Table
from zen_cli.errors import Exit, Place, ZenError
from zen_cli.registry import did_you_mean

Array = NDArray[Any]


class Columns(NamedTuple):
    """Positions of the feature and the target columns."""

    features: tuple[int, ...]
    targets: tuple[int, ...]


def read_table(stream: BinaryIO, file: str, request: Request) -> Dataset:
    """The dataset in an open CSV file.

    Raises:
        ZenError: the table is damaged (the line is named), a chosen column is not in it, a feature is no number,
            the target does not fit the task.
    """
    delimiter = _delimiter(request, file)
    table = Table(stream, file, delimiter)
    columns = choose(table.names, request)
    features, targets = [], _Targets(table, columns.targets, request)
    for chunk in table.chunks():
        features.append(_features(chunk, columns.features, table, request))
        targets.extend(chunk)
    if not features:
        raise ZenError("a header but no rows", Place(file), code=Exit.FILES)
    values, classes = targets.result()
    names = table.names
    schema = Schema(
        "table", tuple(names[i] for i in columns.features), (len(columns.features),),
        tuple(names[i] for i in columns.targets), classes, delimiter,
    )  # fmt: skip
    return Dataset(np.concatenate(features), values, schema, file)


def choose(names: tuple[str, ...], request: Request) -> Columns:
    """The columns that the section asks for: features in the order stated, else all but target and drop.

    Raises:
        ZenError: a name that is no column, one that is asked for twice, or no feature left.
    """
    section, targets = request.section, request.targets
    for option, wanted in (("target", targets), ("features", section.features or ()), ("drop", section.drop)):
        for name in wanted:
            if name not in names:
                what = f"no column {shown(name)}{did_you_mean(name, names)}"
                raise ZenError(what, request.place(option), f"columns: {', '.join(names)}")
    taken = {*targets, *section.drop}
    for name in section.features or ():
        if name in taken:
            both = "the target" if name in targets else "in drop"
            raise ZenError(f"column {shown(name)} is a feature and {both}", request.place("features"))
    features = tuple(section.features or (name for name in names if name not in taken))
    if not features:
        raise ZenError("no column is left as a feature", request.place("features"), f"columns: {', '.join(names)}")
    return Columns(tuple(map(names.index, features)), tuple(map(names.index, targets)))


def _delimiter(request: Request, file: str) -> str:
    given = request.section.delimiter
    if given is None:
        return "\t" if file.endswith(".tsv") else ","
    if len(given) != 1 or given in '"\r\n ':
        raise ZenError(f"expected one character, found {shown(given)}", request.place("delimiter"))
    return given


def _features(chunk: Chunk, columns: tuple[int, ...], table: Table, request: Request) -> Array:
    try:
        return numbers(chunk, columns, table.names, table.file)
    except ZenError as error:
        if request.targets or request.section.features or not isinstance(error.where, CellPlace):
            raise
        error.hint = f"if it is to be predicted, set data.target: {error.where.key}; else {error.hint}"
        raise


class _Targets:
    """Gathers the target columns; what they are is decided when all are seen."""

    def __init__(self, table: Table, columns: tuple[int, ...], request: Request) -> None:
        self._table, self._columns, self._request = table, columns, request
        self._texts = TextColumn() if len(columns) == 1 and request.task != "numbers" else None
        self._numbers: list[Array] = []
        self._lines: list[Array] = []
        if len(columns) > 1 and request.task == "classes":
            hint = "name one column of classes, or use a loss for numbers"
            raise ZenError(f"{len(columns)} target columns cannot be classes", request.place("target"), hint)

    def extend(self, chunk: Chunk) -> None:
        if self._texts is not None:
            column = self._columns[0]
            self._texts.extend([cells[column] for cells in chunk.rows])
            self._lines.append(np.array([chunk.before, *chunk.ends[:-1]], np.int64) + 1)
        elif self._columns:
            self._numbers.append(self._values(chunk))

    def result(self) -> tuple[Array | None, tuple[str, ...] | None]:
        """Labels and class names, numbers and None, or None twice where there is no target."""
        if not self._columns:
            return None, None
        if self._texts is None:
            return np.concatenate(self._numbers), None
        if self._request.task is None and self._texts.numeric:
            values = np.array([float(text) for text in self._texts.texts])
            return values[self._texts.codes][:, None], None
        return from_texts(self._texts, self._locate)

    def _locate(self, row: int) -> Place:
        column = self._columns[0]
        line = int(np.concatenate(self._lines)[row])
        return CellPlace(self._table.file, line, column + 1, self._table.names[column])

    def _values(self, chunk: Chunk) -> Array:
        try:
            return numbers(chunk, self._columns, self._table.names, self._table.file)
        except ZenError as error:
            where = error.where
            assert isinstance(where, CellPlace) and where.column and where.line
            text = next(c[where.column - 1] for c in chunk.rows if not is_number(c[where.column - 1]))
            words = any(letter.isalpha() for letter in text)
            error.hint = "text is classes: use loss: cross_entropy" if words else "remove the rows without a target"
            raise
