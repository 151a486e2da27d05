"""How a table is written, from its first lines: what a reader would else be told by the config."""

from __future__ import annotations

import codecs
import csv
from typing import Any

from zen_cli.data.cells import is_number
from zen_cli.data.files import open_data
from zen_cli.data.open_table import COLUMNS, LINES
from zen_cli.data.unpack import plain_name, unpacked
from zen_cli.errors import Place

LOOKED_AT = 1 << 16  # bytes
MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def dialect_of(path: str) -> dict[str, Any]:
    """Those of the options `encoding`, `delimiter`, `header` and `decimal` that differ from what is usual.

    Raises:
        ZenError: no such file, or it is none.
    """
    if plain_name(path).endswith((*LINES, *COLUMNS)):
        return {}
    with open_data(path, Place("--data")) as stream:
        start = unpacked(stream, path).read(LOOKED_AT)
    encoding = _encoding(start)
    text = start.decode(encoding or "utf-8", "ignore")
    lines = text.splitlines()
    lines = lines[:-1] if len(start) == LOOKED_AT and len(lines) > 1 else lines or [""]
    return ({"encoding": encoding} if encoding else {}) | of_lines(lines, "\t" if ".tsv" in path else ",")


def of_lines(lines: list[str], usual: str = ",") -> dict[str, Any]:
    """
    >>> of_lines(["a;b", "1,5;x"]), of_lines(["1,2", "3,4"]), of_lines(["a,b", "1,2"])
    ({'delimiter': ';', 'decimal': ','}, {'header': False}, {})
    """
    delimiter = _delimiter(lines[0], usual)
    rows = list(csv.reader(lines, delimiter=delimiter))
    found: dict[str, Any] = {} if delimiter == usual else {"delimiter": delimiter}
    if rows and rows[0] and all(map(is_number, rows[0])):
        found["header"] = False
    if delimiter != "," and _counted(rows, ",") > _counted(rows, "."):
        found["decimal"] = ","
    return found


def _encoding(start: bytes) -> str | None:
    """What else than UTF-8 it is: by its mark, or the encoding of old Windows programs, in which all bytes are text."""
    marked = next((name for mark, name in MARKS if start.startswith(mark)), None)
    if marked or start[:2] in (b"\x1f\x8b", b"PK"):
        return marked
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return None if b"\0" in start else "cp1252"
    return None


def _delimiter(header: str, usual: str) -> str:
    """The usual one if it is there, else what else comes most often outside of quotes."""
    bare = "".join(header.split('"')[::2])
    return usual if usual in bare else max((usual, *";\t|,"), key=bare.count)


def _counted(rows: list[list[str]], decimal: str) -> int:
    return sum(is_number(cell, decimal) for row in rows[1:] for cell in row)
