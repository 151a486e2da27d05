"""From values to pixels, linear or logarithmic, and the round values to mark on the way."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_BEYOND = 2.0  # lengths of the axis by which a value may lie outside: drawn, and clipped
_LEAST = 1e-307  # and its inverse: what a logarithmic axis reaches to


class Scale(NamedTuple):
    """`low` lies at pixel `start`, `high` at `end`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """The pixel of a value; of one far outside a pixel far outside.

        >>> Scale(0.1, 10, 0, 200, log=True).at(1.0), Scale(0, 10, 100, 0).at(2.5), Scale(0, 1, 0, 9).at(math.inf)
        (100.0, 75.0, 27.0)
        """
        low, high = (math.log10(self.low), math.log10(self.high)) if self.log else (self.low, self.high)
        if self.log:
            value = math.log10(value) if value > 0 else -math.inf
        share = min(max((value - low) / (high - low), -_BEYOND), 1 + _BEYOND)
        return self.start + share * (self.end - self.start)

    def inside(self, value: float) -> float:
        """The pixel of a value; of one outside that of the nearer end."""
        return self.at(min(max(value, self.low), self.high))

    def ticks(self, most: int = 6) -> list[float]:
        """Round values between the ends, about `most` of them.

        >>> Scale(0, 840, 0, 1).ticks(5), Scale(0.004, 30, 0, 1, log=True).ticks()
        ([0.0, 200.0, 400.0, 600.0, 800.0], [0.01, 0.1, 1.0, 10.0])
        """
        return (self._decades(most) if self.log else None) or _round_values(self.low, self.high, most)

    def _decades(self, most: int) -> list[float] | None:
        """None where the ends are so close that round values of a linear axis mark it better."""
        first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
        steps = (m * 10.0**k for k in range(first - 1, last + 1) for m in (1, 2, 5))
        found = [value for value in steps if self.low <= value <= self.high]
        if len(found) <= most + 1:
            return found if len(found) >= 3 else None
        return [10.0**k for k in range(first, last + 1, -(-(last - first + 1) // (most + 1)))]


def over(values: Iterable[float], start: float, end: float, log: bool = False, pad: float = 0.04) -> Scale:
    """The scale that shows all finite values, with a little room at both ends.

    >>> over([3.0, 1.0, math.inf], 0, 10, pad=0)
    Scale(low=1.0, high=3.0, start=0, end=10, log=False)
    """
    finite = [value for value in values if math.isfinite(value) and (value > 0 or not log)] or [1.0, 2.0]
    low, high = min(finite), max(finite)
    if log:
        room = math.exp(pad * (math.log(high) - math.log(low))) if high > low else 2.0
        return Scale(max(low / room, _LEAST), min(high * room, 1 / _LEAST), start, end, True)
    gap = (high - low) * pad if high > low else abs(high) / 2 or 1.0
    return Scale(low - gap, high + gap, start, end)


def wants_log(values: Iterable[float]) -> bool:
    """Whether all finite values are positive and span a decade.

    >>> wants_log([0.1, 2.0]), wants_log([0.0, 2.0]), wants_log([1.0, 2.0]), wants_log([])
    (True, False, False, False)
    """
    finite = [value for value in values if math.isfinite(value)]
    return bool(finite) and min(finite) > 0 and max(finite) >= 10 * min(finite)


def tick_text(value: float) -> str:
    """A round value, as short as it reads well.

    >>> tick_text(0.2), tick_text(2000.0), tick_text(1e-5), tick_text(2e-5), tick_text(0.0)
    ('0.2', '2,000', '10⁻⁵', '2×10⁻⁵', '0')
    """
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:,.10g}"
    digits, exponent = f"{value:.3e}".split("e")
    digits = digits.rstrip("0").rstrip(".")
    power = f"10{str(int(exponent)).translate(_SUPERSCRIPT)}"
    return power if digits == "1" else f"{digits}×{power}"


def _round_values(low: float, high: float, most: int) -> list[float]:
    rough = (high - low) / most
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(m * size for m in (1, 2, 2.5, 5, 10) if m * size >= rough * 0.999)
    return [round(i * step, 12) for i in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
