"""Plain rows as CSV, and back: the same values, floats to the bit."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from zen_cli.errors import Exit, Place, ZenError

Row = dict[str, Any]
TEXTS = ("label", "type", "phase", "status", "split")  # columns that are never numbers, whatever they look like
MAYBE = ("broke", "step_best", "frac_clipped")  # columns of numbers that there need not be
PERHAPS = ("steps_to_", "evals_to_", "sec_to_", "sec_per_step", "hp_")  # and how others of them begin
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?(e[+-]?[0-9]{1,3})?")
_NEEDS_QUOTES = re.compile(r'[,"\r\n]|^\s|\s$')


def csv_text(rows: Sequence[Row]) -> str:
    """A header and a line for each row; a cell that is None, missing or not finite is empty.

    >>> csv_text([{"label": "a, b", "lr": 0.1, "broke": None}, {"label": "c", "lr": 1e-5, "broke": 3}])
    'label,lr,broke\\n"a, b",0.1,\\nc,1e-05,3\\n'
    """
    names = names_of(rows)
    lines = [names, *([cell(row.get(name)) for name in names] for row in rows)]
    return "".join(",".join(map(quoted, line)) + "\n" for line in lines) if names else ""


def names_of(rows: Iterable[Row]) -> list[str]:
    """Every name that any of the rows has, in the order of appearance."""
    return list(dict.fromkeys(name for row in rows for name in row))


def cell(value: Any) -> str:
    """A value as text that reads back as itself; empty for what is not there.

    >>> cell(0.1), cell(3), cell(None), cell(float("inf")), cell("a")
    ('0.1', '3', '', '', 'a')
    """
    value = value.tolist() if hasattr(value, "tolist") else value
    if value is None or isinstance(value, float) and value - value != 0:
        return ""
    return value if isinstance(value, str) else repr(value)


def quoted(text: str) -> str:
    """The text, in quotes where a reader of CSV would take it apart."""
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def rows_of(text: str, file: str) -> list[Row]:
    """The rows of such a text; a number that is not there is NaN, or None where there need not be one.

    Raises:
        ZenError: exit 3, naming the file and the line that no report has written.

    >>> rows_of("label,lr,seed\\n5,0.1,3\\n", "runs.csv")
    [{'label': '5', 'lr': 0.1, 'seed': 3}]
    """
    import csv

    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = next(reader, [])
        return [_row(names, line, Place(file, reader.line_num)) for line in reader]
    except csv.Error as error:
        raise _damaged(str(error), Place(file, reader.line_num)) from error


def _row(names: Sequence[str], line: Sequence[str], where: Place) -> Row:
    if len(line) != len(names):
        raise _damaged(f"expected {len(names)} cells, found {len(line)}", where)
    return {name: text if name in TEXTS else _number(name, text, where) for name, text in zip(names, line, strict=True)}


def _number(name: str, text: str, where: Place) -> int | float | None:
    if not text:
        return None if name in MAYBE or name.startswith(PERHAPS) else math.nan
    if not _NUMBER.fullmatch(text):
        raise _damaged(f"expected a number in '{name}', found '{text}'", where)
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _damaged(what: str, where: Place) -> ZenError:
    return ZenError(what, where, "compare again: the file was changed after it was written", Exit.FILES)
