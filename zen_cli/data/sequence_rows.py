"""New texts and series for a trained model, read by the schema that it was trained with."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.block import Block
from zen_cli.data.dataset import Schema
from zen_cli.data.files import damaged
from zen_cli.data.open_table import open_table
from zen_cli.data.rows import Rows, require_columns, target_reader, targets_of
from zen_cli.data.series import number_reader, rows_of
from zen_cli.data.symbols import Symbols, at, continued, filled_up, windows
from zen_cli.data.text import lines_of_text, text_of
from zen_cli.errors import Exit, Place, ZenError

Array = NDArray[Any]


def read_sequences(
    source: str, schema: Schema, targets: bool, stdin: BinaryIO | None, where: Place | None
) -> Iterator[Rows]:
    """The rows of a text, of a column of texts, or of a series."""
    if schema.kind == "series":
        yield _series(source, schema, targets, stdin, where)
    elif schema.features:
        yield from _column(source, schema, targets, stdin, where)
    else:
        yield _text(source, schema, stdin, where)


def _text(source: str, schema: Schema, stdin: BinaryIO | None, where: Place | None) -> Rows:
    """A text in rows, or its lines; a character's target is the next one."""
    symbols, (context,) = Symbols(schema.symbols), schema.shape
    blocks = text_of(source, schema.dialect.encoding, stdin, where)
    if schema.filled:
        lines = [symbols.encode(line.text, at(line.place)) for line in lines_of_text(source, blocks)]
        features, targets = continued(lines, context)
    else:
        text = "".join(blocks)
        features, targets = windows(symbols.encode(text, partial(_line, source, text)), context, context)
    if not len(features):
        raise damaged(f"no row in it: a row has {context} characters and the one after them", source)
    return Rows(features, None, targets)


def _column(
    source: str, schema: Schema, targets: bool, stdin: BinaryIO | None, where: Place | None
) -> Iterator[Rows]:
    symbols, (context,), (name,) = Symbols(schema.symbols), schema.shape, schema.features
    with open_table(source, schema.dialect, stdin, where) as table:
        require_columns(table.names, schema.features + (schema.target if targets else ()), table.file)
        wanted = target_reader(schema) if targets and schema.target else None
        for block in table.blocks():
            texts, found = [*_encoded(block, name, symbols)], None
            if schema.steps:
                features, found = continued(texts, context)
            else:
                features = filled_up(texts, context)
                found = targets_of(block, wanted) if wanted else None
            yield Rows(features, block, found)


def _encoded(block: Block, name: str, symbols: Symbols) -> Iterator[Array]:
    position = block.position(name)
    for row, text in enumerate(block.column(position)):
        yield symbols.encode(text, at(block.place(row, position)))


def _series(source: str, schema: Schema, targets: bool, stdin: BinaryIO | None, where: Place | None) -> Rows:
    """Every window: with the steps that follow it, or also the last, which nothing follows yet."""
    with open_table(source, schema.dialect, stdin, where) as table:
        require_columns(table.names, schema.features, table.file)
        reader = number_reader(schema.features, schema.dialect)
        numbers = [reader.read(block, strict=True).numbers for block in table.blocks()]
    steps = np.concatenate(numbers) if numbers else np.zeros((0, len(schema.features)))
    window, horizon = schema.shape[0], len(schema.target)
    features, wanted = rows_of(steps, window, horizon if targets else 0)
    if not len(features):
        needed = f"{window} steps{f' and the {horizon} after them' if targets else ''}"
        raise ZenError(f"{len(steps)} steps, a row needs {needed}", Place(source), code=Exit.FILES)
    return Rows(features, None, wanted if targets else None)


def _line(source: str, text: str, index: int) -> Place:
    return Place(source, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
