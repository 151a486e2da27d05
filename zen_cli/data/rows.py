"""New rows for a trained model, read by the schema that it was trained with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.cells import CellPlace, numbers, shown
from zen_cli.data.dataset import Schema
from zen_cli.data.files import STDIN, damaged, open_data, standard_input
from zen_cli.data.labels import TextColumn, known
from zen_cli.errors import Exit, Place, ZenError

Array = NDArray[Any]


class Chunk(NamedTuple):
    """Some rows in their order: features as in a Dataset, the cells as text (() for arrays), targets if asked for."""

    features: Array
    text: list[list[str]]
    targets: Array | None = None


def read_rows(
    source: str, schema: Schema, *, targets: bool = False, stdin: BinaryIO | None = None, where: Place | None = None
) -> Iterator[Chunk]:
    """The rows of a file, or of `stdin` if `source` is `-`, in chunks as they arrive.

    Columns are found by name, in any order; others are passed over. The target column is only read with `targets`.
    Arrays and images (.npy, idx) come as one chunk and without targets.

    Raises:
        ZenError: no such file, a column or target is missing, a cell is no number, a class is unknown, another shape.
    """
    if source != "-" and (source.endswith(".npy") or "-ubyte" in os.path.basename(source)):
        yield Chunk(_array(source, schema, where), [])
    elif source == "-":
        yield from _table_rows(standard_input(stdin, where), STDIN, schema, targets)
    else:
        with open_data(source, where) as stream:
            yield from _table_rows(stream, source, schema, targets)


def _table_rows(stream: BinaryIO, file: str, schema: Schema, targets: bool) -> Iterator[Chunk]:
    from zen_cli.data.table import Table

    if not schema.features:
        what = f"the model expects arrays of shape {schema.shape}, not a table"
        raise damaged(what, file, "give an .npy or idx file")
    table = Table(stream, file, schema.delimiter)
    wanted = schema.features + (schema.target if targets else ())
    missing = [name for name in wanted if name not in table.names]
    if missing:
        listed = ", ".join(shown(name) for name in missing)
        what = f"column{'s' * (len(missing) > 1)} {listed} missing"
        raise ZenError(what, Place(file, 1), f"columns: {', '.join(table.names)}", Exit.FILES)
    features = tuple(map(table.names.index, schema.features))
    empty = True
    for chunk in table.chunks():
        empty = False
        values = _targets(chunk, table, schema) if targets else None
        yield Chunk(numbers(chunk, features, table.names, file), chunk.rows, values)
    if empty:
        raise damaged("a header but no rows", file)


def _targets(chunk: Any, table: Any, schema: Schema) -> Array | None:
    columns = tuple(map(table.names.index, schema.target))
    if schema.classes is None:
        return numbers(chunk, columns, table.names, table.file) if columns else None
    texts = TextColumn()
    texts.extend([cells[columns[0]] for cells in chunk.rows])

    def locate(row: int) -> Place:
        return CellPlace(table.file, chunk.line(row), columns[0] + 1, schema.target[0])

    return known(texts, schema.classes, locate)


def _array(path: str, schema: Schema, where: Place | None) -> Array:
    from zen_cli.data.arrays import as_features
    from zen_cli.data.idx import read_images
    from zen_cli.data.npy import read_npy

    if path.endswith(".npy"):
        with open_data(path, where) as stream:
            features = as_features(read_npy(stream, os.fstat(stream.fileno()).st_size, path), path)
    else:
        features = read_images(path, where)
    if features.shape[1:] != schema.shape:
        raise damaged(f"the model expects rows of shape {schema.shape}, found {features.shape[1:]}", path)
    return features if features.dtype == np.uint8 and schema.divisor != 1 else features.astype(np.float64)
