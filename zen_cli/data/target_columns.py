"""The target columns of a table: what they are, and their cells into labels or numbers."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.block import Block
from zen_cli.data.cells import shown
from zen_cli.data.columns import Column
from zen_cli.data.columns.boolean import Boolean
from zen_cli.data.columns.category import UNSEEN, Category, LevelReader
from zen_cli.data.columns.number import Number
from zen_cli.data.dialect import Dialect
from zen_cli.data.frame_reader import FrameReader
from zen_cli.data.infer import infer
from zen_cli.data.labels import from_texts, not_a_class
from zen_cli.data.request import Request
from zen_cli.errors import Exit, ZenError

Array = NDArray[Any]


class Targets(NamedTuple):
    """labels int64 (rows,) and the names of the classes, or numbers float64 (rows, columns); the columns, resolved."""

    values: Array | None
    classes: tuple[str, ...] | None
    columns: tuple[Column, ...]


def target_types(
    targets: tuple[str, ...], stated: dict[str, Column], sample: list[Block], request: Request
) -> dict[str, Column]:
    """What each target column is: as stated, by the loss, else by its first cells: text is classes, numbers numbers.

    Raises:
        ZenError: several columns of classes.
    """
    if len(targets) > 1 and request.task == "classes":
        hint = "name one column of classes, use a loss for numbers, or binary_cross_entropy on columns of yes and no"
        raise ZenError(f"{len(targets)} target columns cannot be classes", request.place("target"), hint)
    return {name: _type(name, stated.get(name), sample, request) for name in targets}


def _type(name: str, stated: Column | None, sample: list[Block], request: Request) -> Column:
    usual: dict[str | None, Column] = {"classes": Category(), "numbers": Number(), "labels": Boolean()}
    if request.task in usual:
        wanted = usual[request.task]
        return stated if type(stated) is type(wanted) else wanted
    if stated is not None:
        return stated if isinstance(stated, Number) else Category()
    cells = [cell for block in sample for cell in block.column(block.position(name))]
    return Number() if isinstance(infer(cells, request.dialect), Number) else Category()


class TargetReader:
    """Reads target cells block by block; what the classes are is known when all are seen."""

    def __init__(self, types: dict[str, Column], dialect: Dialect) -> None:
        self.types, self._reader = types, FrameReader(types, dialect)
        self.coded = any(column.storage == "codes" for column in types.values())

    def read(self, block: Block) -> Array:
        """Codes (rows,) or numbers (rows, columns), as the file has them.

        Raises:
            ZenError: a cell that is no number, or none of the classes that are known already.
        """
        try:
            frame = self._reader.read(block, strict=False)
        except ZenError as error:
            if error.hint and "category" in error.hint:
                error.hint = "text is classes: use loss: cross_entropy"
            raise
        if not self.coded:
            return np.asarray(frame.numbers)
        codes: Array = frame.codes[:, 0]
        unknown = codes == UNSEEN
        if unknown.any():
            row, (name, column) = int(unknown.argmax()), next(iter(self.types.items()))
            position = block.position(name)
            assert isinstance(column, Category)
            raise not_a_class(block.column(position)[row], column.levels, block.place(row, position))
        return codes

    def missing(self, values: Array) -> Array:
        """Which rows lack a target."""
        return np.asarray(values == -1 if self.coded else np.isnan(values).any(axis=1))

    def refuse_missing(self, block: Block) -> None:
        """Raises a ZenError for the first row without a target, where there is one."""
        for name, column in self.types.items():
            position = block.position(name)
            cells = block.column(position)
            absent = column.absent(self._reader.readers[name].read(cells, partial(block.place, column=position)))
            if absent.any():
                row = int(absent.argmax())
                hint = f"drop such rows: data.columns: {{{name}: {{type: {column.name}, missing: drop}}}}"
                raise ZenError(f"missing target {shown(cells[row])}", block.place(row, position), hint, Exit.FILES)

    def result(self, values: Array | None) -> Targets:
        """Labels in the order of the classes, or the numbers."""
        if values is None:
            return Targets(None, None, ())
        if not self.coded:
            columns = tuple(c.finished(self._reader.readers[name]) for name, c in self.types.items())
            return Targets(values, None, columns)
        (reader,), (column,) = self._reader.readers.values(), self.types.values()
        assert isinstance(reader, LevelReader) and isinstance(column, Category)
        if column.levels:
            return Targets(values.astype(np.int64), tuple(column.levels), (column,))
        labels, classes = from_texts(list(reader.levels), reader.first.__getitem__)
        return Targets(labels[values], classes, (column.with_options(levels=list(classes)),))
