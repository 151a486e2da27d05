"""Text cells into numbers; what is no number is named with line, cell and column, and with a way out."""

from __future__ import annotations

import re
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from zen_cli.errors import Exit, Place, ZenError

MISSING = frozenset(("", "nan", "na", "n/a", "#n/a", "null", "none", "nil", "?", "-", "--", "."))
SHOWN = 40
THOUSANDS = r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"
COMMA = r"[+-]?[\d.]*,\d+"
UNIT = r"[^\w\s+-]?\s?[+-]?(\d+\.?\d*|\.\d+)\s?[^\w\s]?"  # a sign such as % or $ before or after it


class CellPlace(Place):
    """A cell: `data.csv:17:3 (column "age")`; the column counts cells."""

    __slots__ = ()

    def __str__(self) -> str:
        return f'{self.file}:{self.line}:{self.column} (column "{self.key}")'


def number(text: str, decimal: str = ".") -> float:
    """The finite decimal number in `text`; a ValueError for anything else, also for what `float` lets pass.

    With a decimal comma, points may part thousands.

    >>> number(" 1e-3 "), number("1.234,5", ",")
    (0.001, 1234.5)
    >>> [is_number(text) for text in ("1_000", "nan", "1e400", "٣", "0x10")]
    [False, False, False, False, False]
    """
    if decimal == ",":
        text = _with_point(text)
    value = float(text)
    if not isfinite(value) or "_" in text or not text.isascii():
        raise ValueError(text)
    return value


def is_number(text: str, decimal: str = ".") -> bool:
    """Whether `number` reads it."""
    try:
        number(text, decimal)
    except ValueError:
        return False
    return True


def plain_numbers(cells: list[str]) -> NDArray[np.float64] | None:
    """The cells as numbers, if all of them are plain and finite.

    >>> plain_numbers(["1", " 2.5e3"]), plain_numbers(["1", "nan"]), plain_numbers(["1_0"])
    (array([1.0e+00, 2.5e+03]), None, None)
    """
    try:
        values = np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:
        return None
    joined = "".join(cells)
    return values if joined.isascii() and "_" not in joined and bool(np.isfinite(values).all()) else None


def not_a_number(text: str, place: CellPlace) -> ZenError:
    """The error for a cell that should hold a number."""
    what, hint = _explain(text, _as_other(place.key))
    return ZenError(what, place, hint, Exit.FILES)


def missing(text: str, place: CellPlace, expected: str) -> ZenError:
    """The error for a missing cell where nothing says what stands in for it."""
    found = f"missing value {shown(text)}" if text.strip() else "empty cell"
    hint = f"say what becomes of it: data.missing: drop, mean, ...; to leave the column out: data.drop: [{place.key}]"
    return ZenError(f"{found}, expected {expected}", place, hint, Exit.FILES)


def shown(text: str) -> str:
    """The text of a cell, quoted, its control characters escaped, cut if it is long."""
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "...")


def _with_point(text: str) -> str:
    if "." in text:
        if not re.fullmatch(r"\s*[+-]?\d{1,3}(\.\d{3})+(,\d*)?\s*", text):
            raise ValueError(text)
        text = text.replace(".", "")
    return text.replace(",", ".")


def _as_other(column: str) -> str:
    return f"if it is text: data.columns: {{{column}: category}}; to leave it out: data.drop: [{column}]"


def is_nearly_a_number(text: str) -> bool:
    """Whether a number was meant: `1,5`, `1,000`, `5%`, `$5`, `0x10`, `1_000`, `inf`, digits of another script.

    >>> [is_nearly_a_number(text) for text in ("1.234,5", "5 %", "1e400", "-12,5", "31.12.2024", "5kg", "B5")]
    [True, True, True, True, False, False, False]
    """
    try:
        float(text)
    except ValueError:
        return any(re.fullmatch(pattern, text.strip()) for pattern in (THOUSANDS, COMMA, UNIT, r"0[xX][0-9a-fA-F]+"))
    return True


def _explain(text: str, otherwise: str) -> tuple[str, str]:
    bare = text.strip()
    what = f"expected a number, found {shown(text)}"
    if bare.lower().lstrip("+-") in ("inf", "infinity") or re.fullmatch(r"[+-]?[\d.]+[eE]\+?\d+", bare):
        return f"expected a finite number, found {shown(text)}", f"to count it as missing: data.null: [{bare}]"
    if re.fullmatch(THOUSANDS, bare):
        plain = bare.replace(",", "")
        return what, f'write {plain}, without a thousands separator; or is it a decimal comma? data.decimal: ","'
    if re.fullmatch(COMMA, bare):
        point = bare.replace(".", "").replace(",", ".")
        return what, f'set data.decimal: ",", or write a decimal point: {point}'
    if re.fullmatch(UNIT, bare):
        return what, f"write the number alone: {re.sub(r'[^0-9.+-]', '', bare)}"
    return what, otherwise
