"""Columns of dates, with or without the time of day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from zen_cli.data.cells import shown
from zen_cli.data.columns.base import Array, Cell, CellReader, Column, columns
from zen_cli.data.columns.category import ABSENT
from zen_cli.data.facts import Facts
from zen_cli.errors import Exit, ZenError
from zen_cli.registry import option

if TYPE_CHECKING:
    from zen_cli.config.sections import Data

Part = Literal["time", "year", "month", "day", "weekday", "hour"]
DAY = 86400.0
YEAR = 365.2425 * DAY
ISO = "iso"


@columns.register("date", main="format")
class Date(Column):
    """Parts of a date: `time` and `year` as numbers (mean 0, deviation 1), the others as sine and cosine of their turn.

    On the circle the 31st of December lies beside the 1st of January: `month` turns once a year, `day` once a month,
    `weekday` once a week, `hour` once a day. `format` is `iso` (2024-05-01, 2024-05-01T13:30, 2024-05) or one of
    strptime's, such as `%d.%m.%Y`. A time zone is reckoned with, the parts are those of UTC.
    """

    format: str = option("", "how dates are written; default: iso, or what fits the cells")
    parts: list[Part] = option([], "which inputs; default: time, month, weekday and hour, where they vary")
    missing: Literal["refuse", "drop", "mean", "median", "most_frequent"] | None = option(
        None, "an empty cell: `refuse`, `drop` its row, or what stands in for it; default: data's"
    )

    def reader(self, null: frozenset[str], decimal: str) -> DateReader:
        return DateReader(null, self.format or ISO)

    def resolved(self, section: Data) -> Date:
        found = self.with_options(missing=self.missing or section.missing, format=self.format or ISO)
        assert isinstance(found, Date)
        return found

    def finished(self, reader: CellReader) -> Column:
        assert isinstance(reader, DateReader)
        return self.with_options(parts=self.parts or reader.varying())

    def inputs(self, name: str) -> tuple[str, ...]:
        return tuple(f"{name} {part}{way}" for part in self.parts for way in _ways(part))

    def cell(self, value: Any) -> str | None:
        if value != value:
            return None
        text = str(np.datetime64(round(value), "s"))
        return text.removesuffix("T00:00:00")

    def fit(self, facts: Facts) -> Array:
        """What stands in for a missing date, then mean and deviation of the time, in seconds since 1970."""
        stands_in = {"median": facts.quartiles[1], "most_frequent": facts.most_frequent}
        fill = stands_in.get(self.missing or "", facts.mean)
        return np.array([fill, facts.mean, YEAR if facts.constant else facts.deviation])

    def apply(self, values: Array, fitted: Array, out: Array) -> None:
        fill, mean, deviation = fitted
        seconds = np.where(np.isnan(values), fill, values)
        at = 0
        for part in self.parts:
            if part == "time":
                out[:, at] = (seconds - mean) / deviation
            elif part == "year":
                out[:, at] = (_year(seconds) - 1970 - mean / YEAR) / (deviation / YEAR)
            else:
                turn = 2 * np.pi * TURNS[part](seconds)
                out[:, at], out[:, at + 1] = np.sin(turn), np.cos(turn)
            at += len(_ways(part))


def _ways(part: str) -> tuple[str, ...]:
    return ("",) if part in ("time", "year") else (" sine", " cosine")


def _dates(seconds: Array, unit: str) -> Array:
    found: Array = np.floor(seconds).astype("datetime64[s]").astype(f"datetime64[{unit}]")
    return found


def _year(seconds: Array) -> Array:
    return _dates(seconds, "Y").astype(np.float64) + 1970


def _month(seconds: Array) -> Array:
    return _dates(seconds, "M").astype(np.int64) % 12 / 12


def _day(seconds: Array) -> Array:
    """Of the month, from 0 at its first midnight to 1 at its end."""
    month = _dates(seconds, "M")
    begin, end = (dates.astype("datetime64[s]").astype(np.float64) for dates in (month, month + 1))
    return np.asarray((seconds - begin) / (end - begin))


def _weekday(seconds: Array) -> Array:
    """From 0 on Mondays: 1970 began on a Thursday."""
    return (np.floor(seconds / DAY) + 3) % 7 / 7


def _hour(seconds: Array) -> Array:
    return seconds / DAY % 1


TURNS: dict[str, Callable[[Array], Array]] = {"month": _month, "day": _day, "weekday": _weekday, "hour": _hour}


class DateReader(CellReader):
    """Seconds since 1970 for each cell."""

    def __init__(self, null: frozenset[str] = frozenset(), form: str = ISO) -> None:
        self.null, self.form = null | ABSENT, form
        self._whole_days = self._first_days = True

    def read(self, cells: list[str], place: Cell) -> Array:
        found: dict[str, float] = {}
        for row, text in enumerate(cells):
            if text not in found:
                found[text] = self._value(text, row, place)
        values = np.fromiter(map(found.__getitem__, cells), np.float64, len(cells))
        self._look(values[~np.isnan(values)])
        return values

    def varying(self) -> list[str]:
        """The parts that tell something: no time of day where all is midnight, no weekday where all is the 1st."""
        weekday = [] if self._first_days and self._whole_days else ["weekday"]
        return ["time", "month", *weekday, *([] if self._whole_days else ["hour"])]

    def _look(self, seconds: Array) -> None:
        self._whole_days &= bool((seconds % DAY == 0).all())
        self._first_days &= bool((_day(seconds) < 1 / 31).all())

    def _value(self, text: str, row: int, place: Cell) -> float:
        if text.strip().lower() in self.null:
            return float("nan")
        try:
            return seconds_of(text, self.form)
        except (ValueError, OverflowError):
            wanted = "a date such as 2024-05-01" if self.form == ISO else f"a date of the form {self.form}"
            hint = "say how dates are written: {type: date, format: '%d.%m.%Y'}"
            raise ZenError(f"expected {wanted}, found {shown(text)}", place(row), hint, Exit.FILES) from None


def seconds_of(text: str, form: str = ISO) -> float:
    """Seconds since 1970, UTC; a ValueError if the text is no such date.

    >>> seconds_of("1970-01-02"), seconds_of("1970-02"), seconds_of("02.01.1970", "%d.%m.%Y")
    (86400.0, 2678400.0, 86400.0)
    """
    text = text.strip()
    if form == ISO:
        found = datetime.fromisoformat(f"{text}-01" if len(text) == 7 and text[4] == "-" else text)
    else:
        found = datetime.strptime(text, form)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
