"""Columns of text as lines of CSV or JSON, and lines to where they are wanted."""

from __future__ import annotations

import json
import os
import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

_NEEDS_QUOTES = re.compile(r'[,"\r\n]|^\s|\s$')
Columns = Sequence[Sequence[str]]


class Lines(ABC):
    """How a row is written. `nothing` stands for what there is not."""

    nothing: str

    @abstractmethod
    def text(self, cell: str) -> str:
        """A cell of text as it is written."""

    @abstractmethod
    def texts(self, cells: Sequence[str]) -> Sequence[str]:
        """Many of them."""

    @abstractmethod
    def numbers(self, cells: Sequence[str]) -> Sequence[str]:
        """Numbers as they are written."""

    @abstractmethod
    def header(self, names: Sequence[str]) -> str:
        """What comes before the first row."""

    @abstractmethod
    def rows(self, names: Sequence[str], columns: Columns) -> str:
        """Columns of written cells, row by row."""


class Csv(Lines):
    """
    >>> print(Csv().header(["name", "x"]) + Csv().rows(["name", "x"], [[Csv().text("a, b")], ["0.1"]]), end="")
    name,x
    "a, b",0.1
    """

    nothing = ""

    def text(self, cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell

    def texts(self, cells: Sequence[str]) -> Sequence[str]:
        return [*map(self.text, cells)] if re.search(r'[\s,"]', "".join(cells)) else cells

    def numbers(self, cells: Sequence[str]) -> Sequence[str]:
        return cells

    def header(self, names: Sequence[str]) -> str:
        return ",".join(map(self.text, names)) + "\n"

    def rows(self, names: Sequence[str], columns: Columns) -> str:
        lines = columns[0] if len(columns) == 1 else map(",".join, zip(*columns, strict=True))
        return "\n".join(lines) + "\n"


class JsonLines(Lines):
    """
    >>> print(JsonLines().rows(["name", "x"], [[JsonLines().text('a "b"')], ["0.1"]]), end="")
    {"name":"a \\"b\\"","x":0.1}
    """

    nothing = "null"

    def text(self, cell: str) -> str:
        return json.encoder.encode_basestring(cell)

    def texts(self, cells: Sequence[str]) -> Sequence[str]:
        return [*map(json.encoder.encode_basestring, cells)]

    def numbers(self, cells: Sequence[str]) -> Sequence[str]:
        if all(cell[-1] not in "nf" for cell in cells):
            return cells
        return [self.nothing if cell[-1] in "nf" else cell for cell in cells]  # nan, inf

    def header(self, names: Sequence[str]) -> str:
        return ""

    def rows(self, names: Sequence[str], columns: Columns) -> str:
        line = "{" + ",".join(f"{self.text(name)}:".replace("%", "%%") + "%s" for name in names) + "}\n"
        return (line * len(columns[0])) % tuple(chain.from_iterable(zip(*columns, strict=True)))


def write(output: str, pieces: Iterable[bytes]) -> None:
    """To standard output as the pieces come; a file is replaced once all of them are there."""
    if output == "-":
        for piece in pieces:
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
    elif os.path.exists(output) and not os.path.isfile(output):  # a pipe or a device
        with open(output, "wb", buffering=0) as file:
            for piece in pieces:
                file.write(piece)
    else:
        from zen_cli.runs.files import write_atomically

        write_atomically(Path(output), pieces)
