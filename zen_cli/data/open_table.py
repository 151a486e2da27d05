"""Opens a table by the name of its file, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Protocol

from zen_cli.data.block import Block
from zen_cli.data.dialect import Dialect
from zen_cli.data.files import STDIN, open_data, standard_input
from zen_cli.errors import Place

LINES, COLUMNS = (".jsonl", ".ndjson"), (".parquet", ".arrow", ".feather")


class TableReader(Protocol):
    """What a format's reader gives: names of columns, then the rows, once."""

    file: str
    names: tuple[str, ...]

    def blocks(self) -> Iterator[Block]: ...


@contextmanager
def open_table(
    source: str, dialect: Dialect, stdin: BinaryIO | None = None, where: Place | None = None
) -> Iterator[TableReader]:
    """CSV, or JSON lines (.jsonl, .ndjson), each packed (.gz, .bz2, .xz) or not; Parquet and Arrow.

    `-` is `stdin`: JSON lines if it begins with `{`, else CSV.

    Raises:
        ZenError: no such file, another format than the name says, a damaged header.
    """
    if source == "-":
        peeked = _Peeked(standard_input(stdin, where))
        yield _text_table(peeked, STDIN, dialect, peeked.first.lstrip()[:1] == b"{")
    elif source.endswith(COLUMNS):
        from zen_cli.data.arrow import ArrowTable

        with open_data(source, where):
            yield ArrowTable(source, where)
    else:
        from zen_cli.data.unpack import plain_name, unpacked

        with open_data(source, where) as stream:
            yield _text_table(unpacked(stream, source), source, dialect, plain_name(source).endswith(LINES))


def _text_table(stream: Any, file: str, dialect: Dialect, lines: bool) -> TableReader:
    if lines:
        from zen_cli.data.json_lines import JsonLines

        return JsonLines(stream, file, dialect)
    from zen_cli.data.table import Table

    return Table(stream, file, dialect)


class _Peeked:
    """A stream whose first bytes may be looked at before they are read."""

    def __init__(self, stream: Any) -> None:
        self._read = getattr(stream, "read1", stream.read)
        self.first: bytes = self._read(1 << 16)

    def read1(self, size: int) -> bytes:
        found, self.first = self.first[:size], self.first[size:]
        return found or self._read(size)

    read = read1
