"""A column of a table whose cells are texts of their own: each is continued, or a target is predicted from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from zen_cli.config.sequences import Text
from zen_cli.data.block import Block
from zen_cli.data.cells import shown
from zen_cli.data.dataset import Dataset, Keys, Schema
from zen_cli.data.frame import Frame, joined
from zen_cli.data.key_columns import KeyReader, key_types
from zen_cli.data.reading import Blocks, stated_types
from zen_cli.data.request import Request
from zen_cli.data.symbols import Symbols, filled_up
from zen_cli.data.target_columns import TargetReader, Targets, target_types
from zen_cli.data.text import Files, Line, cut_note, encoded, several
from zen_cli.errors import Exit, ZenError
from zen_cli.suggest import did_you_mean


def read_text_column(files: Files, request: Request, stdin: BinaryIO | None = None) -> Dataset:
    """The cells of `text.column` as rows. With `target`, that column is predicted, else each next character is.

    Raises:
        ZenError: a table is damaged, a column is not in it, a cell is empty that is to be judged.
    """
    options = request.section.text
    assert options is not None and options.column is not None
    blocks = Blocks(files, request, stdin)
    for name, option in ((options.column, "text"), *((target, "target") for target in request.targets)):
        if name not in blocks.names:
            what = f"no column {shown(name)}{did_you_mean(name, blocks.names)}"
            raise ZenError(what, request.place(option), f"columns: {', '.join(blocks.names)}")
    reader = _Reader(blocks, options.column, request)
    parts = [[*reader.lines(part)] for part in blocks.parts()]
    found = several(parts, options, blocks.origin) if not request.targets else None
    if found is None:
        found = _judged(parts, options, reader.targets(), blocks.origin, request)
    keys = reader.keys()
    return Dataset(
        found.features, found.targets, found.schema._replace(dialect=request.dialect), found.origin, found.own_test,
        found.own_validation, keys, notes=found.notes,
    )  # fmt: skip


def _judged(parts: list[list[Line]], options: Text, targets: Targets, origin: str, request: Request) -> Dataset:
    """A row for each text, and its target."""
    lines = [line for part in parts for line in part]
    for line in lines:
        if not line.text.strip():
            raise ZenError("empty cell, expected a text", line.place, "remove such rows", Exit.FILES)
    symbols = Symbols.of([line.text for line in lines], several=True)
    context = options.context or max(len(line.text) for line in lines)
    rows = filled_up(encoded(lines, symbols), context)
    schema = Schema(
        "text", (str(options.column),), (context,), request.targets, targets.classes, outputs=targets.columns,
        symbols=symbols.names,
    )  # fmt: skip
    return Dataset(
        rows, targets.values, schema, origin, own_validation=len(parts[1]), own_test=len(parts[2]),
        notes=cut_note(lines, context),
    )  # fmt: skip


class _Reader:
    """Reads the texts of blocks, and with them the targets and what the split goes by."""

    def __init__(self, blocks: Blocks, column: str, request: Request) -> None:
        self.column = column
        stated = stated_types(blocks.names, request)
        types = target_types(request.targets, stated, blocks.sample, request)
        keys = key_types(request, blocks.names, blocks.sample)
        self._targets = TargetReader(types, request.dialect) if types else None
        self._keys = KeyReader(keys, request) if keys else None
        self._values: list[Any] = []
        self._frames: list[Frame] = []

    def lines(self, blocks: Iterator[Block]) -> Iterator[Line]:
        for block in blocks:
            position = block.position(self.column)
            if self._targets:
                self._values.append(self._targets.read(block))
                if self._targets.missing(self._values[-1]).any():
                    self._targets.refuse_missing(block)
            if self._keys:
                self._frames.append(self._keys.read(block))
            for row, text in enumerate(block.column(position)):
                yield Line(text, block.place(row, position))

    def targets(self) -> Targets:
        assert self._targets is not None
        return self._targets.result(np.concatenate(self._values))

    def keys(self) -> Keys:
        return self._keys.result(joined(self._frames)) if self._keys else Keys()
