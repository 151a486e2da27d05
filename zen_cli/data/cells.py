"""Text cells into numbers; what is no number is named with line, cell and column, and with a way out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import isfinite
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zen_cli.errors import Exit, Place, Problems, ZenError

if TYPE_CHECKING:
    from zen_cli.data.table import Chunk

MISSING = frozenset(("", "nan", "na", "n/a", "#n/a", "null", "none", "nil", "?", "-", "--", "."))
SHOWN = 40


class CellPlace(Place):
    """A cell: `data.csv:17:3 (column "age")`; the column counts cells."""

    __slots__ = ()

    def __str__(self) -> str:
        return f'{self.file}:{self.line}:{self.column} (column "{self.key}")'


class _Parsed(dict[str, float]):
    """Each text is parsed once: the cells of a table repeat, and a dictionary is faster than `float`."""

    def __missing__(self, text: str) -> float:
        self[text] = value = number(text)
        return value


def number(text: str) -> float:
    """The finite decimal number in `text`; a ValueError for anything else, also for what `float` lets pass.

    >>> number(" 1e-3 ")
    0.001
    >>> [is_number(text) for text in ("1_000", "nan", "1e400", "٣", "0x10")]
    [False, False, False, False, False]
    """
    value = float(text)
    if not isfinite(value) or "_" in text or not text.isascii():
        raise ValueError(text)
    return value


def is_number(text: str) -> bool:
    """Whether `number` reads it."""
    try:
        number(text)
    except ValueError:
        return False
    return True


def numbers(chunk: Chunk, columns: Sequence[int], names: Sequence[str], file: str) -> NDArray[np.float64]:
    """The cells of these columns as float64 (rows, columns). `names` are those of all columns.

    Raises:
        ZenError: the first cell of each column that is no finite number, all of them together.
    """
    parse = _Parsed().__getitem__
    cells: Any = map(itemgetter(*columns), chunk.rows) if columns else ()
    if len(columns) > 1:
        cells = chain.from_iterable(cells)
    try:
        flat = np.fromiter(map(parse, cells), np.float64, len(chunk.rows) * len(columns))
    except ValueError:
        raise _refusal(chunk, columns, names, file) from None
    return flat.reshape(len(chunk.rows), len(columns))


def not_a_number(text: str, place: CellPlace, drop: str) -> ZenError:
    """The error for a cell that should hold a number; `drop` lists the columns that the hint offers to leave out."""
    what, hint = _explain(text, f"set data.drop: [{drop}]")
    return ZenError(what, place, hint, Exit.FILES)


def shown(text: str) -> str:
    """The text of a cell, quoted, its control characters escaped, cut if it is long."""
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "...")


def _refusal(chunk: Chunk, columns: Sequence[int], names: Sequence[str], file: str) -> ZenError:
    first: dict[int, int] = {}
    for column in columns:
        bad = (row for row, cells in enumerate(chunk.rows) if not is_number(cells[column]))
        if (row := next(bad, None)) is not None:
            first[column] = row
    texts = [column for column, row in first.items() if not _is_missing(chunk.rows[row][column])]
    problems = Problems()
    for column, row in first.items():
        place = CellPlace(file, chunk.line(row), column + 1, names[column])
        drop = ", ".join(names[other] for other in (texts if column in texts else [column]))
        problems.take(not_a_number(chunk.rows[row][column], place, drop))
    try:
        problems.check()
    except ZenError as error:
        return error
    raise AssertionError("a cell that failed to parse was not found again")


def _is_missing(text: str) -> bool:
    return text.strip().lower() in MISSING


def _explain(text: str, drop: str) -> tuple[str, str]:
    import re

    bare = text.strip()
    if not bare:
        return "empty cell, expected a number", f"remove the rows with missing values, or {drop}"
    if _is_missing(text):
        return f"missing value {shown(text)}, expected a number", f"remove such rows, or {drop}"
    what = f"expected a number, found {shown(text)}"
    if bare.lower().lstrip("+-") in ("inf", "infinity") or re.fullmatch(r"[+-]?[\d.]+[eE]\+?\d+", bare):
        return f"expected a finite number, found {shown(text)}", drop
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", bare):
        return what, f"write {bare.replace(',', '')}, without a thousands separator"
    if re.fullmatch(r"[+-]?[\d.]*,\d+", bare):
        return what, f"write a decimal point, not a comma: {bare.replace('.', '').replace(',', '.')}"
    if re.fullmatch(r"[^\w\s+-]?\s?[+-]?[\d.]+\s?[^\w\s]?", bare):
        return what, f"write the number alone: {re.sub(r'[^0-9.+-]', '', bare)}"
    return what, drop
