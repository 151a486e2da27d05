"""Numbers of the table as people read them; a dash for those that are not there."""

from __future__ import annotations

from collections.abc import Callable

NOTHING = "–"


def formed(value: float | None, form: str) -> str:
    """A number in a format."""
    return NOTHING if value is None else f"{value:{form}}"


def brief(value: float | None) -> str:
    """Three digits that count: `0.0907`."""
    return NOTHING if value is None else f"{value:#.3g}".rstrip(".")


def probability(value: float | None) -> str:
    """`0.016`"""
    return "<0.0001" if value is not None and value < 1e-4 else formed(value, "#.2g")


def percent(value: float | None) -> str:
    """A share: `96.85 %`."""
    return NOTHING if value is None else f"{100 * value:.2f} %"


def interval(ends: list[float | None] | None, number: Callable[[float], str]) -> str:
    """` [0.07, 0.11]`, or nothing."""
    known = [end for end in ends or () if end is not None]
    return f" [{number(known[0])}, {number(known[1])}]" if len(known) == 2 else ""


def factor(value: float) -> str:
    """A ratio.

    >>> factor(1.256), factor(0.0099), factor(3214.0), factor(2.5e7)
    ('1.26', '0.0099', '3,214', '2.5e+07')
    """
    if 100 <= value < 1e5:
        return f"{value:,.0f}"
    return f"{value:.2f}" if 0.1 <= value < 100 else f"{value:.2g}"


def points(value: float) -> str:
    """A difference of shares: `+1.25`."""
    return f"{100 * value:+.2f}"
