"""Parquet and Arrow files as tables, with pyarrow, which is imported when it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.block import Block
from zen_cli.data.files import damaged
from zen_cli.errors import Place, ZenError

ROWS = 1 << 16


class ArrowTable:
    """An open Parquet, Arrow or Feather file: its columns, then its rows in batches.

    Raises:
        ZenError: exit 2: pyarrow is not installed; exit 3: damaged, or a column of lists or the like.
    """

    def __init__(self, path: str, where: Place | None) -> None:
        self.file = path
        self._arrow = _pyarrow(path, where)
        try:
            self._schema, self._batches = self._open(path)
        except (self._arrow.ArrowException, OSError) as error:
            raise damaged(f"not what its name says, or damaged: {_first_line(error)}", path) from None
        self.names = tuple(self._schema.names)
        self._check()

    def blocks(self) -> Iterator[Block]:
        """The rows, batch by batch."""
        before = 0
        batches = iter(self._batches)
        while True:
            try:
                batch = next(batches, None)
            except (self._arrow.ArrowException, OSError) as error:
                raise damaged(f"damaged: {_first_line(error)}", self.file) from None
            if batch is None:
                return
            if batch.num_rows:
                yield ArrowBlock(self.file, self.names, batch, before)
            before += batch.num_rows

    def _open(self, path: str) -> tuple[Any, Any]:
        if path.endswith(".parquet"):
            from pyarrow import parquet

            file = parquet.ParquetFile(path)
            return file.schema_arrow, file.iter_batches(ROWS)
        with open(path, "rb") as stream:
            whole = stream.read(6) == b"ARROW1"
        source = self._arrow.memory_map(path)
        if whole:
            reader = self._arrow.ipc.open_file(source)
            return reader.schema, (reader.get_batch(i) for i in range(reader.num_record_batches))
        stream = self._arrow.ipc.open_stream(source)
        return stream.schema, stream

    def _check(self) -> None:
        for field in self._schema:
            if self._arrow.types.is_nested(field.type) or "binary" in str(field.type):
                raise damaged(f"column '{field.name}' holds {field.type}, expected numbers, text or dates", self.file)
        if len(set(self.names)) < len(self.names) or not self.names:
            raise damaged("two columns have the same name" if self.names else "no columns", self.file)


class ArrowBlock(Block):
    """A batch of rows: numbers as they are, everything as text where that is asked for. A row's line is its number."""

    def __init__(self, file: str, names: tuple[str, ...], batch: Any, before: int) -> None:
        super().__init__(file, names, range(before + 1, before + batch.num_rows + 1), before)
        self._batch = batch

    def column(self, column: int) -> list[str]:
        from pyarrow import types

        values = self._batch.column(column)
        text = values.cast("string").to_pylist() if not types.is_null(values.type) else [None] * self.rows
        return ["" if cell is None else cell for cell in text]

    def numbers(self, column: int) -> NDArray[np.float64] | None:
        from pyarrow import types

        values = self._batch.column(column)
        if not (types.is_integer(values.type) or types.is_floating(values.type)):
            return None
        found: NDArray[np.float64] = values.cast("float64").to_numpy(zero_copy_only=False).astype(np.float64)
        return found if not np.isinf(found).any() else None

    def row(self, row: int) -> list[str]:
        return [column[row] for column in self._text]

    @cached_property
    def _text(self) -> list[list[str]]:
        return [self.column(i) for i in range(len(self.names))]


def _pyarrow(path: str, where: Place | None) -> Any:
    try:
        import pyarrow
        import pyarrow.ipc
        import pyarrow.types
    except ImportError:
        what = f"reading .{path.rpartition('.')[2]} files needs pyarrow, which is not installed"
        raise ZenError(what, where, "pip install 'zen-train[data]'") from None
    return pyarrow


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


