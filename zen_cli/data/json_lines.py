"""JSON lines: an object a line, whose keys are the columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from zen_cli.data.block import TextBlock
from zen_cli.data.cells import shown
from zen_cli.data.dialect import PLAIN, Dialect
from zen_cli.data.lines import text_blocks
from zen_cli.errors import Exit, Place, ZenError
from zen_cli.suggest import did_you_mean

SAMPLE = 1000  # lines whose keys are the columns
Row = dict[str, str]


class JsonLines:
    """Open JSON lines as a table: the keys of the first lines name the columns, a key that is not there is missing.

    Text, numbers, true and false are cells; null is a missing one. Blank lines are passed over.

    >>> import io
    >>> table = JsonLines(io.BytesIO(b'{"a": 1.50, "b": "x"}\\n{"b": null}\\n'), "x.jsonl")
    >>> table.names, [block.cells for block in table.blocks()]
    (('a', 'b'), [['1.50', 'x', '', '']])
    """

    def __init__(self, stream: BinaryIO, file: str, dialect: Dialect = PLAIN) -> None:
        self.file = file
        self._texts = text_blocks(stream, file, dialect.encoding)
        self._line = 0
        self._first: list[tuple[list[Row], list[int]]] = []
        names: dict[str, None] = {}
        rows = 0
        while rows < SAMPLE and (found := self._rows()):
            names |= dict.fromkeys(key for row in found[0] for key in row)
            self._first.append(found)
            rows += len(found[0])
        if not names:
            raise ZenError("no rows", Place(file), code=Exit.FILES)
        self.names = tuple(names)

    def blocks(self) -> Iterator[TextBlock]:
        """The rows, as many at a time as arrive.

        Raises:
            ZenError: a line that is no object, a value that is no cell, a key that the first lines do not have.
        """
        while found := self._first.pop(0) if self._first else self._rows():
            rows, ends = found
            self._refuse_other_keys(rows, ends)
            cells = [row.get(name, "") for row in rows for name in self.names]
            yield TextBlock(self.file, self.names, cells, ends, ends[0] - 1)

    def _rows(self) -> tuple[list[Row], list[int]] | None:
        """The rows of the next lines and the number of each line; None at the end."""
        for text in self._texts:
            rows, ends = [], []
            for line in text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n"):
                self._line += 1
                if line.strip():
                    rows.append(self._row(line))
                    ends.append(self._line)
            if rows:
                return rows, ends
        return None

    def _row(self, line: str) -> Row:
        try:
            row = json.loads(line, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=self._object)
            if "\\u" in line:
                json.dumps(row, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            what, hint = f"not JSON: {_reason(error)}", 'one object a line, such as {"a": 1, "b": "x"}'
            raise ZenError(what, Place(self.file, self._line), hint, Exit.FILES) from None
        if not isinstance(row, dict):
            what = f"expected an object, found {shown(line.strip())}"
            raise ZenError(what, Place(self.file, self._line), code=Exit.FILES)
        return row

    def _object(self, pairs: list[tuple[str, Any]]) -> Row:
        row: Row = {}
        for key, value in pairs:
            if key in row:
                raise self._wrong(f"the key {shown(key)} stands twice", key)
            if isinstance(value, (list, dict)):
                kind = "list" if isinstance(value, list) else "object"
                raise self._wrong(f"expected text, a number, true, false or null, found a {kind}", key)
            row[key] = {True: "true", False: "false"}[value] if isinstance(value, bool) else value or ""
        return row

    def _refuse_other_keys(self, rows: list[Row], ends: list[int]) -> None:
        known = dict.fromkeys(self.names)
        for row, line in zip(rows, ends, strict=True):
            if other := next((key for key in row if key not in known), None):
                what = f"the key {shown(other)} is in none of the first lines{did_you_mean(other, self.names)}"
                raise ZenError(what, Place(self.file, line), f"columns: {', '.join(self.names)}", Exit.FILES)

    def _wrong(self, what: str, key: str) -> ZenError:
        return ZenError(what, Place(self.file, self._line, key=key), code=Exit.FILES)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg[:1].lower()}{error.msg[1:]} at character {error.pos + 1}"
    return "half of a surrogate pair" if isinstance(error, UnicodeError) else "nested too deep"
