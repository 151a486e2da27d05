"""A curve in one line of text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

BLOCKS, ASCII_LEVELS = "▁▂▃▄▅▆▇█", "_.,-~=*#"
DECADES = 10.0  # the scale is logarithmic where the greatest number is so many times the least


class Scale(NamedTuple):
    """From where to where a curve goes; `log`: equal steps are equal factors."""

    low: float
    high: float
    log: bool

    def share(self, value: float) -> float:
        """Where the value lies, between 0 (low) and 1 (high)."""
        low, high = self.low, self.high
        if self.log:
            value, low, high = math.log(max(value, low)), math.log(low), math.log(high)
        return min(max((value - low) / (high - low), 0.0), 1.0) if high > low else 0.0


def scale(values: Iterable[float]) -> Scale:
    """The scale that holds all finite values.

    >>> scale([2.3, 0.5, float("nan")]), scale([2.3, 0.02])
    (Scale(low=0.5, high=2.3, log=False), Scale(low=0.02, high=2.3, log=True))
    """
    finite = [value for value in values if math.isfinite(value)]
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    return Scale(low, high, log=low > 0 and high / low >= DECADES)


def thinned(values: Sequence[float], columns: int) -> list[float]:
    """At most `columns` numbers: means of neighbours, so that noise does not hide the course.

    >>> thinned([4.0, 2.0, 1.0, 1.0], 2), thinned([4.0, 2.0], 3)
    ([3.0, 1.0], [4.0, 2.0])
    """
    count = min(columns, len(values))
    bounds = [len(values) * i // count for i in range(count + 1)] if count else []
    return [sum(values[a:b]) / (b - a) for a, b in zip(bounds, bounds[1:], strict=False)]


def sparkline(values: Iterable[float], to: Scale, unicode: bool = True) -> str:
    """A character for each value; `x` where it is not finite.

    >>> sparkline([8.0, 4.0, 2.0, 1.0], scale([8.0, 1.0])), sparkline([1.0, float("nan")], scale([1.0]), False)
    ('█▄▂▁', '_x')
    """
    levels = BLOCKS if unicode else ASCII_LEVELS
    return "".join(levels[round(to.share(v) * (len(levels) - 1))] if math.isfinite(v) else "x" for v in values)
