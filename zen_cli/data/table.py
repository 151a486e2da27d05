"""CSV: a header and rows of text cells, read in chunks; the shape of the table is checked, not yet the cells."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from zen_cli.data.cells import is_number
from zen_cli.data.lines import text_lines
from zen_cli.errors import Exit, Place, ZenError

ROWS = 4096


class Chunk(NamedTuple):
    """Some rows in their order. `ends`: the line on which each ends; `before`: the line before the first."""

    rows: list[list[str]]
    ends: list[int]
    before: int

    def line(self, row: int) -> int:
        """The line on which a row begins."""
        return (self.ends[row - 1] if row else self.before) + 1


class Table:
    """An open table: its column names, then its chunks, once.

    Cells are separated by `delimiter`, quoted with `"`, a doubled quote is one; spaces after a delimiter are not
    part of the cell. Blank lines at the end are accepted.

    >>> import io
    >>> table = Table(io.BytesIO(b'a,b\\n1,"x, y"\\n'), "x.csv")
    >>> table.names, [chunk.rows for chunk in table.chunks()]
    (('a', 'b'), [[['1', 'x, y']]])
    """

    def __init__(self, stream: BinaryIO, file: str, delimiter: str = ",") -> None:
        self.file, self.delimiter = file, delimiter
        lines = text_lines(stream, file)
        self._reader: Any = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
        self._blank: int | None = None
        header = self._next(0)
        if header is None or not any(cell.strip() for cell in header):
            raise self._error("no rows" if header is None else "blank line in place of the header")
        self.names = tuple(cell.strip() for cell in header)
        self._check_header()

    def chunks(self) -> Iterator[Chunk]:
        """The rows, up to ROWS at a time; each has as many cells as the header.

        Raises:
            ZenError: a row of another length, a blank line between rows, an open quote; each with its line.
        """
        before = self._reader.line_num
        while chunk := self._chunk(before):
            before = chunk.ends[-1]
            if chunk := self._checked(chunk):
                yield chunk

    def _chunk(self, before: int) -> Chunk | None:
        rows: list[list[str]] = []
        ends: list[int] = []
        while len(rows) < ROWS and (row := self._next(ends[-1] if ends else before)) is not None:
            rows.append(row)
            ends.append(self._reader.line_num)
        return Chunk(rows, ends, before) if rows else None

    def _next(self, before: int) -> list[str] | None:
        try:
            row: list[str] | None = next(self._reader, None)
        except csv.Error as error:
            raise self._quoting(str(error), before + 1) from None
        return row

    def _checked(self, chunk: Chunk) -> Chunk | None:
        """The chunk without blank rows at its end; None if it has no others."""
        width = len(self.names)
        if self._blank is None and set(map(len, chunk.rows)) == {width}:
            return chunk
        for row, cells in enumerate(chunk.rows):
            if _is_blank(cells, width):
                self._blank = self._blank or chunk.line(row)
            elif self._blank is not None:
                raise self._error("blank line between rows", self._blank, hint="remove it")
            elif len(cells) != width:
                raise self._error(f"expected {width} cells, found {len(cells)}", chunk.line(row))
        kept = [row for row, cells in enumerate(chunk.rows) if not _is_blank(cells, width)]
        return Chunk(chunk.rows[: len(kept)], chunk.ends[: len(kept)], chunk.before) if kept else None

    def _check_header(self) -> None:
        names = self.names
        if len(names) == 1 and (found := next((c for c in ";\t|," if c in names[0]), None)):
            written = found.replace("\t", "\\t")
            raise self._error("1 column found", 1, f'set data.delimiter: "{written}"')
        if all(is_number(name) for name in names):
            raise self._error("the first row is numbers, expected column names", 1, "add a header line with names")
        if "" in names:
            raise self._error(f"column {names.index('') + 1} has no name", 1, "name it in the header")
        for column, name in enumerate(names):
            if (first := names.index(name)) != column:
                raise self._error(f"columns {first + 1} and {column + 1} are both named {name!r}", 1, "rename one")

    def _quoting(self, reason: str, line: int) -> ZenError:
        if "unexpected end" in reason:
            return self._error("the quote opened here is never closed", line)
        if "field larger" in reason:
            return self._error("a cell has more than 131072 characters; is a quote left open?", line)
        return self._error("text follows a closing quote", line, 'write a quote inside a quoted cell twice: ""')

    def _error(self, what: str, line: int | None = None, hint: str | None = None) -> ZenError:
        return ZenError(what, Place(self.file, line), hint, Exit.FILES)


def _is_blank(cells: list[str], width: int) -> bool:
    return not cells or (len(cells) == 1 < width and not cells[0].strip())
