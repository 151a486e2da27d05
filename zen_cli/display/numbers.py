"""Numbers as people read them: losses, rates, durations; and the middle and ends of several."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from zen_cli.training.events import Value


def short(value: float) -> str:
    """Four significant digits, always shown, so that numbers below each other do not jump.

    >>> short(0.08), short(1), short(1234.5), short(1e-5), short(float("nan"))
    ('0.08000', '1.000', '1234', '1.000e-05', 'nan')
    """
    return f"{value:#.4g}".rstrip(".")


def rate(value: float) -> str:
    """A count a second.

    >>> rate(3.14159), rate(2310.4), rate(73_900), rate(1_240_000)
    ('3.1', '2,310', '73.9k', '1.24M')
    """
    if value >= 999_950:
        return f"{value / 1e6:.3g}M" if value < 1e9 else f"{value / 1e9:.3g}G"
    if value >= 10_000:
        return f"{value / 1e3:.1f}k"
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def duration(seconds: float) -> str:
    """A time in the unit that suits it.

    >>> duration(0.0041), duration(0.3), duration(4.21), duration(42), duration(192), duration(7500)
    ('4.1 ms', '300 ms', '4.2 s', '42 s', '3 min 12 s', '2 h 5 min')
    """
    if not math.isfinite(seconds) or seconds < 0:
        return "?"
    if seconds < 0.9995:
        return f"{seconds * 1e3:.0f} ms" if seconds >= 0.01 else f"{seconds * 1e3:.1f} ms"
    if seconds < 59.5:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    hours, minutes = whole // 3600, whole % 3600 // 60
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} d {hours % 24} h"


def countdown(seconds: float) -> str:
    """A time in whole seconds, for what changes while one looks at it.

    >>> countdown(0.31), countdown(42.1), countdown(130)
    ('1 s', '43 s', '2 min 10 s')
    """
    return f"{math.ceil(seconds)} s" if 0 <= seconds <= 59 else duration(seconds)


class Spread(NamedTuple):
    """The median of several numbers, the least and greatest finite one, and how many are not finite."""

    median: float
    low: float
    high: float
    lost: int


def spread(values: Sequence[float], larger: bool = False) -> Spread:
    """A NaN counts as infinitely bad: at the lower end where a `larger` number is better.

    >>> spread((3.0, 1.0, float("nan"))), spread((3.0, 1.0, float("nan")), larger=True).median
    (Spread(median=3.0, low=1.0, high=3.0, lost=1), 1.0)
    """
    worst = -math.inf if larger else math.inf
    ordered = sorted(worst if math.isnan(value) else value for value in values)
    finite = [value for value in ordered if math.isfinite(value)] or [math.nan]
    lost = sum(not math.isfinite(value) for value in values)
    return Spread(quantile(ordered, 0.5), finite[0], finite[-1], lost)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` of the ordered numbers lie, linear between two of them.

    >>> quantile([1.0, 2.0, 3.0, 4.0], 0.25), quantile([1.0, float("inf")], 0.5)
    (1.75, inf)
    """
    position = share * (len(ordered) - 1)
    below, part = int(position), position % 1
    low, high = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
    if part == 0 or low == high:
        return low
    return high if math.isinf(high) else low if math.isinf(low) else low + (high - low) * part


def middle(name: str, value: Value) -> float:
    """The metric itself, or its median over several seeds."""
    return _spread_of(name, value).median if isinstance(value, tuple) else value


def said(name: str, value: Value) -> str:
    """The metric, or its median with the range over several seeds.

    >>> said("loss", 0.25), said("loss", (0.1, 0.3, 0.2))
    ('0.2500', '0.2000 (0.1000 to 0.3000)')
    """
    if not isinstance(value, tuple):
        return short(value)
    found = _spread_of(name, value)
    lost = f", {found.lost} not finite" if found.lost else ""
    return f"{short(found.median)} ({short(found.low)} to {short(found.high)}{lost})"


def _spread_of(name: str, value: tuple[float, ...]) -> Spread:
    from zen_cli.metrics import larger_is_better  # not at the top: what shows no metric needs no NumPy

    return spread(value, larger_is_better(name))
