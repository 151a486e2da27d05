"""CSV: a header and rows of text cells, read in blocks; the shape of the table is checked, not yet the cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO

from zen_cli.data.block import Block, TextBlock
from zen_cli.data.cells import is_number
from zen_cli.data.dialect import PLAIN, Dialect
from zen_cli.data.lines import text_blocks
from zen_cli.data.plain_block import plain_block
from zen_cli.errors import Exit, Place, ZenError


class Table:
    """An open table: its column names, then its rows in blocks, once.

    Cells are separated by the delimiter, quoted with `"`, a doubled quote is one; spaces after a delimiter are not
    part of the cell. Blank lines at the end are accepted. Without a header the columns are called c1, c2, ..., and so
    is one without a name, such as the row numbers that other programs write.

    >>> table = Table(io.BytesIO(b'a,b\\n1,"x, y"\\n'), "x.csv")
    >>> table.names, [block.row(0) for block in table.blocks()]
    (('a', 'b'), [['1', 'x, y']])
    """

    def __init__(self, stream: BinaryIO, file: str, dialect: Dialect = PLAIN) -> None:
        self.file, self.dialect = file, dialect
        self._lines = _Lines(text_blocks(stream, file, dialect.encoding))
        self._records: Any = csv.reader(self._lines, delimiter=dialect.delimiter, strict=True, skipinitialspace=True)
        self._blank: int | None = None
        first = self._record()
        if first is None or not any(cell.strip() for cell in first):
            raise self._error("no rows" if first is None else "blank line in place of the header")
        self._lines.end_first(back=not dialect.header)
        named = [cell.strip() if dialect.header else "" for cell in first]
        self.names = tuple(name or f"c{column}" for column, name in enumerate(named, 1))
        self._check_header(first)

    def blocks(self) -> Iterator[Block]:
        """The rows, as many at a time as arrive; each has as many cells as the header.

        Raises:
            ZenError: a row of another length, a blank line between rows, an open quote; each with its line.
        """
        while text := self._lines.take():
            before = self._lines.number
            block = plain_block(self.file, self.names, text, self.dialect.delimiter, before)
            if block is None or self._blank is not None:
                yield from self._quoted(text, before)
            else:
                self._lines.number += block.rows
                yield block

    def _quoted(self, text: str, before: int) -> Iterator[TextBlock]:
        """The rows that begin in `text`; where a quote is open at its end, the last one goes on in what follows."""
        self._lines.give(text)
        rows: list[list[str]] = []
        ends: list[int] = []
        while self._lines.more and (row := self._record()) is not None:
            rows.append(row)
            ends.append(self._lines.number)
        kept = self._checked(rows, before, ends)
        if kept:
            yield TextBlock(self.file, self.names, list(chain.from_iterable(rows[:kept])), ends[:kept], before)

    def _checked(self, rows: list[list[str]], before: int, ends: list[int]) -> int:
        """How many rows there are before blank ones at the end."""
        width = len(self.names)
        if self._blank is None and set(map(len, rows)) == {width}:
            return len(rows)
        kept = 0
        for row, cells in enumerate(rows):
            line = (ends[row - 1] if row else before) + 1
            if not cells or (len(cells) == 1 < width and not cells[0].strip()):
                self._blank = self._blank or line
            elif self._blank is not None:
                raise self._error("blank line between rows", self._blank, hint="remove it")
            elif len(cells) != width:
                raise self._error(f"expected {width} cells, found {len(cells)}", line)
            else:
                kept = row + 1
        return kept

    def _record(self) -> list[str] | None:
        before = self._lines.number
        try:
            row: list[str] | None = next(self._records, None)
        except csv.Error as error:
            raise self._quoting(str(error), before + 1) from None
        return row

    def _check_header(self, first: list[str]) -> None:
        names = self.names
        if len(names) == 1 and (found := next((c for c in ";\t|," if c in first[0]), None)):
            written = found.replace("\t", "\\t")
            raise self._error("1 column found", 1, f'set data.delimiter: "{written}"')
        if self.dialect.header and all(map(is_number, names)):
            hint = "if there are no column names set data.header: false; the columns are then called c1, c2, ..."
            raise self._error("the first row is numbers, expected column names", 1, hint)
        seen: dict[str, int] = {}
        for column, name in enumerate(names, 1):
            if (other := seen.setdefault(name, column)) != column:
                raise self._error(f"columns {other} and {column} are both named {name!r}", 1, "rename one")

    def _quoting(self, reason: str, line: int) -> ZenError:
        if "unexpected end" in reason:
            return self._error("the quote opened here is never closed", line)
        if "field larger" in reason:
            return self._error("a cell has more than 131072 characters; is a quote left open?", line)
        return self._error("text follows a closing quote", line, 'write a quote inside a quoted cell twice: ""')

    def _error(self, what: str, line: int | None = None, hint: str | None = None) -> ZenError:
        return ZenError(what, Place(self.file, line), hint, Exit.FILES)


class _Lines:
    """Hands lines to the careful reader, which asks for more while a quote is open; or the text as it is.

    `number` counts the lines that were handed on.
    """

    def __init__(self, texts: Iterator[str]) -> None:
        self.number = 0
        self._texts = texts
        self._first: list[str] | None = []  # the lines of the first record, while they may be asked for again
        self.give("")

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if not self.more:
            self.give(next(self._texts))
        self.number += 1
        line = self._text.readline()
        if self._first is not None:
            self._first.append(line)
        return line

    @property
    def more(self) -> bool:
        """Whether lines of the present text are left."""
        return self._text.tell() < self._size

    def take(self) -> str:
        """What is left of the present text, or the next one; nothing at the end."""
        text = self._text.read() or next(self._texts, "")
        self.give("")
        return text

    def give(self, text: str) -> None:
        """Makes it the present text."""
        self._text, self._size = io.StringIO(text, newline=""), len(text)

    def end_first(self, back: bool) -> None:
        """The first record was read; `back` takes it back."""
        if back:
            self.number = 0
            self.give("".join(self._first or ()) + self._text.read())
        self._first = None
