"""New rows for a trained model, read by the schema that it was trained with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.block import Block
from zen_cli.data.cells import shown
from zen_cli.data.dataset import Schema
from zen_cli.data.files import damaged, open_data
from zen_cli.data.frame import Frame
from zen_cli.data.open_table import TableReader, open_table
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.data.target_columns import TargetReader

Array = NDArray[Any]


class Rows(NamedTuple):
    """Some rows in their order: features as in a Dataset, for `Model.inputs` to encode; the cells as text (None for
    arrays), of all columns of the file (`block.column(block.position("id"))`); targets if they were asked for; the
    columns that go with each answer unasked.
    """

    features: Array | Frame
    block: Block | None
    targets: Array | None = None
    kept: tuple[str, ...] = ()


def read_rows(
    source: str, schema: Schema, *, targets: bool = False, stdin: BinaryIO | None = None, where: Place | None = None,
    resize: bool = False,
) -> Iterator[Rows]:  # fmt: skip
    """The rows of a file, or of `stdin` if `source` is `-`, block by block as they arrive, in constant memory.

        for rows in read_rows("new.csv", model.schema):
            prediction = evaluation.predict(model.inputs(rows.features))

    Columns are found by name, in any order; others are passed over. The target column is only read with `targets`.
    Arrays and images (.npy, idx) come as one block and without targets. A picture, or those below a folder, come
    with their paths, and with targets if they lie in folders of their classes; with `resize` they may have any size.

    Raises:
        ZenError: no such file, a column or target is missing, a cell does not fit the type of its column or is missing
            without a rule for it, a class is unknown, another shape.
    """
    if schema.kind in ("text", "series"):
        from zen_cli.data.sequence_rows import read_sequences

        yield from read_sequences(source, schema, targets, stdin, where)
    elif source != "-" and (source.endswith(".npy") or "-ubyte" in os.path.basename(source)):
        yield Rows(_array(source, schema, where), None)
    elif schema.kind == "image" and source != "-" and _are_pictures(source):
        from zen_cli.data.picture_rows import read_pictures

        yield from read_pictures(source, schema, targets, resize, where)
    else:
        with open_table(source, schema.dialect, stdin, where) as table:
            yield from _table_rows(table, schema, targets)


def _are_pictures(source: str) -> bool:
    from zen_cli.data.image_folder import ENDINGS

    return source.lower().endswith(ENDINGS) or os.path.isdir(source)


def _table_rows(table: TableReader, schema: Schema, targets: bool) -> Iterator[Rows]:
    from zen_cli.data.frame_reader import FrameReader

    file = table.file
    if not schema.features:
        what = f"the model expects arrays of shape {schema.shape}, not a table"
        raise damaged(what, file, f"give {'pictures, ' * (schema.kind == 'image')}an .npy or idx file")
    require_columns(table.names, schema.features + (schema.target if targets else ()), file)
    features = FrameReader(dict(zip(schema.features, schema.columns or _numbers(schema), strict=True)), schema.dialect)
    wanted = target_reader(schema) if targets and schema.target else None
    empty = True
    for block in table.blocks():
        empty = False
        frame = features.read(block, strict=True)
        yield Rows(frame if schema.columns else frame.numbers, block, targets_of(block, wanted) if wanted else None)
    if empty:
        raise damaged("a header but no rows", file)


def _numbers(schema: Schema) -> list[Any]:
    """The columns of a model that was trained on an array or a built-in, for rows that come as a table."""
    from zen_cli.data.columns.number import Number

    return [Number().with_options(missing="refuse", scale="none")] * len(schema.features)


def require_columns(names: tuple[str, ...], wanted: tuple[str, ...], file: str) -> None:
    """Raises a ZenError for the columns that a table lacks."""
    missing = [name for name in wanted if name not in names]
    if missing:
        listed = ", ".join(shown(name) for name in missing)
        what = f"column{'s' * (len(missing) > 1)} {listed} missing"
        raise ZenError(what, Place(file, 1), f"columns: {', '.join(names)}", Exit.FILES)


def target_reader(schema: Schema) -> TargetReader:
    """Reads the targets of new rows, by the classes that are known."""
    from zen_cli.data.columns.category import Category
    from zen_cli.data.target_columns import TargetReader

    usual = _numbers(schema)[:1] * len(schema.target)
    if schema.classes:
        usual = [Category().with_options(levels=list(schema.classes))]
    return TargetReader(dict(zip(schema.target, schema.outputs or usual, strict=True)), schema.dialect)


def targets_of(block: Block, reader: TargetReader) -> Array:
    """The targets of a block, all of which are there."""
    values = reader.read(block)
    if reader.missing(values).any():
        reader.refuse_missing(block)
    found: Array = values.astype(np.int64) if reader.coded else values
    return found


def _array(path: str, schema: Schema, where: Place | None) -> Array | Frame:
    from zen_cli.data.arrays import as_features
    from zen_cli.data.idx import read_images
    from zen_cli.data.npy import read_npy

    if path.endswith(".npy"):
        with open_data(path, where) as stream:
            features = as_features(read_npy(stream, os.fstat(stream.fileno()).st_size, path), path)
    else:
        features = read_images(path, where)
    if schema.columns:
        return _as_frame(features, schema, path)
    if features.shape[1:] != schema.shape:
        raise damaged(f"the model expects rows of shape {schema.shape}, found {features.shape[1:]}", path)
    return features if features.dtype == np.uint8 and schema.divisor != 1 else features.astype(np.float64)


def _as_frame(features: Array, schema: Schema, path: str) -> Frame:
    """A matrix for a model of a table whose columns all are numbers."""
    if features.shape[1:] != (len(schema.columns),) or any(column.name != "number" for column in schema.columns):
        what = f"the model expects a table with the columns {', '.join(schema.features)}, found an array"
        raise damaged(f"{what} of shape {features.shape}", path)
    return Frame(features.astype(np.float64), np.zeros((len(features), 0), np.int32))
