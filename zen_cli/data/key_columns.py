"""The columns that a split goes by: groups that stay together, an order, or a part that is stated of each row."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.block import Block
from zen_cli.data.cells import shown
from zen_cli.data.columns import Column
from zen_cli.data.columns.category import Category, LevelReader
from zen_cli.data.columns.number import Number
from zen_cli.data.dataset import Keys
from zen_cli.data.frame import Frame
from zen_cli.data.frame_reader import FrameReader
from zen_cli.data.infer import infer
from zen_cli.data.request import Request
from zen_cli.errors import Exit, ZenError
from zen_cli.suggest import did_you_mean

Array = NDArray[Any]
PARTS = {
    "train": 0, "training": 0, "validation": 1, "valid": 1, "val": 1, "dev": 1, "test": 2, "testing": 2,
}  # fmt: skip


def key_types(request: Request, names: tuple[str, ...], sample: list[Block]) -> dict[str, Column]:
    """How each of these columns is read, by its name: groups and parts as text, an order as what it is.

    Raises:
        ZenError: a name that is no column.
    """
    types: dict[str, Column] = {}
    for key, name in request.key_columns.items():
        if name not in names:
            what = f"no column {shown(name)}{did_you_mean(name, names)}"
            raise ZenError(what, request.place("split"), f"columns: {', '.join(names)}")
        column: Column = Category()
        if key == "order":
            cells = [cell for block in sample for cell in block.column(block.position(name))]
            column = infer(cells, request.dialect) or Number()
        types[name] = column.with_options(missing="refuse")
    return types


class KeyReader:
    """Reads these columns block by block."""

    def __init__(self, types: dict[str, Column], request: Request) -> None:
        self._types, self._columns = types, request.key_columns
        self._reader = FrameReader(types, request.dialect)

    def read(self, block: Block) -> Frame:
        """The rows of a block.

        Raises:
            ZenError: a cell is missing, or is no part.
        """
        frame = self._reader.read(block, strict=True)
        if "part" in self._columns:
            self._parts(frame, block)
        return frame

    def result(self, frame: Frame) -> Keys:
        """The keys of all rows."""
        return Keys(**{key: self._key(key, frame) for key in self._columns})

    def _key(self, key: str, frame: Frame) -> Array:
        values = self._reader.slots[self._columns[key]].of(frame)
        reader = self._reader.readers[self._columns[key]]
        if key == "part":
            return self._parts(frame)
        if key == "order" and isinstance(reader, LevelReader):
            ranks = np.empty(len(reader.levels), np.int32)
            ranks[np.argsort(np.array(list(reader.levels)), kind="stable")] = np.arange(len(ranks))
            return ranks[values]
        return np.ascontiguousarray(values)

    def _parts(self, frame: Frame, block: Block | None = None) -> Array:
        name = self._columns["part"]
        reader, codes = self._reader.readers[name], self._reader.slots[name].of(frame)
        assert isinstance(reader, LevelReader)
        parts = np.array([PARTS.get(level.lower(), -1) for level in reader.levels], np.int8)[codes]
        if block is not None and (parts < 0).any():
            row, position = int((parts < 0).argmax()), block.position(name)
            what = f"expected train, validation or test, found {shown(block.column(position)[row])}"
            raise ZenError(what, block.place(row, position), code=Exit.FILES)
        return parts
