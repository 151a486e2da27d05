"""Which type a column has, from the first of its cells as text."""

from __future__ import annotations

from collections.abc import Sequence

from zen_cli.data.cells import MISSING, is_nearly_a_number, is_number
from zen_cli.data.columns import Column
from zen_cli.data.columns.boolean import WORDS, Boolean
from zen_cli.data.columns.category import Category
from zen_cli.data.columns.date import ISO, Date, seconds_of
from zen_cli.data.columns.number import Number
from zen_cli.data.dialect import PLAIN, Dialect

FORMATS = (ISO, "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y")
TIMES = ("", " %H:%M", " %H:%M:%S")


def infer(cells: Sequence[str], dialect: Dialect = PLAIN) -> Column | None:
    """The type of a column that holds these cells; None if all are missing.

    At least half numbers, or what was meant as such: a number, and the others are mistakes; two words such as yes and
    no: boolean; all dates of one form: a date; else text.

    >>> [type(infer(cells)).__name__ for cells in (["1", "", "x", "2"], ["no", "Yes"], ["2024-05-01"], ["a", "b"])]
    ['Number', 'Boolean', 'Date', 'Category']
    """
    null = MISSING | {text.lower() for text in dialect.null}
    found = [text for text in map(str.strip, cells) if text.lower() not in null]
    if not found:
        return None
    if 2 * sum(is_number(text, dialect.decimal) or is_nearly_a_number(text) for text in found) >= len(found):
        return Number()
    different = list(dict.fromkeys(found))
    words = {text.lower() for text in different}
    if len(words) == 2 and any(words == set(pair) for pair in WORDS):
        return Boolean()
    if form := date_format(different):
        return Date().with_options(format=form)
    return Category()


def date_format(texts: Sequence[str]) -> str | None:
    """The first form in which all texts are dates; of 1/2/2024 alone the American one."""
    if not all(text[:1].isdigit() for text in texts):
        return None
    forms = (form + time if form != ISO else form for form in FORMATS for time in (TIMES if form != ISO else ("",)))
    return next((form for form in forms if _all_dates(texts, form)), None)


def _all_dates(texts: Sequence[str], form: str) -> bool:
    try:
        for text in texts:
            seconds_of(text, form)
    except (ValueError, OverflowError):
        return False
    return True
