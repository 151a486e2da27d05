"""Numbers with their intervals as text in which digits stand below digits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

from zen_cli.display.cells import pad, width

Number: TypeAlias = "float | None"
Range: TypeAlias = "tuple[Number, Number, Number]"  # the number, and from where to where it may lie
DIGITS = 3  # that count, of the smallest number
MOST_DECIMALS, SPAN = 5, 100.0  # beyond these each number is written for itself
MISSING = "-"


def intervals(
    ranges: Sequence[Range | None], decimals: int | None = None, before: str = "", sign: str = ""
) -> list[str]:
    """`0.0907 [0.0721 0.1140]` for each, digit below digit where all are of one size; with `before` the number.

    `decimals` are as many as the smallest number needs, if not given; `sign` "+" shows that of all.

    >>> intervals([(0.09, 0.07, 0.114), None, (0.2, None, None)])
    ['0.0900 [0.0700 0.1140]', '-', '0.2000']
    >>> intervals([(1.1e-6, 8e-7, 2.4e-5), (0.167, 0.12, 0.21)])
    ['1.10e-06 [8.00e-07 2.40e-05]', '0.167 [0.120 0.210]']
    """
    known = [found for found in ranges if found and found[0] is not None]
    values = [value for found in known for value in found if value is not None]
    places = _decimals(values) if decimals is None or not _fits(values, decimals) else decimals
    texts = [[_text(value, places, sign) for value in found] for found in known]
    widths = [max(map(width, column)) if places is not None else 0 for column in zip(*texts, strict=True)]
    lines = iter([_interval(row, widths, before) for row in texts])
    return [next(lines) if found and found[0] is not None else MISSING for found in ranges]


def _decimals(values: Sequence[float]) -> int | None:
    """So many that the smallest number has its digits; None where that would give others too many."""
    sizes = [abs(value) for value in values if math.isfinite(value) and value]
    if not sizes:
        return 0
    needed = max(DIGITS - 1 - math.floor(math.log10(min(sizes))), 0)
    return needed if needed <= MOST_DECIMALS and max(sizes) / min(sizes) < SPAN else None


def _fits(values: Sequence[float], decimals: int) -> bool:
    """Whether so many decimals show what there is to see of all, and not more."""
    sizes = [abs(value) for value in values if math.isfinite(value)]
    return max(sizes, default=0.0) < 100 and any(size >= 10**-decimals for size in sizes)


def _text(value: Number, decimals: int | None, sign: str) -> str:
    if value is None or math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return brief(value) if decimals is None else f"{value:{sign}.{decimals}f}"


def _interval(row: Sequence[str], widths: Sequence[int], before: str) -> str:
    middle, low, high = (pad(text, max(columns, width(text)), True) for text, columns in zip(row, widths, strict=True))
    number = pad(before + middle.lstrip(), width(middle) + len(before), right=True)
    return number if row[1] == row[2] == MISSING else f"{number} [{low} {high}]"


def brief(value: float) -> str:
    """Three digits that count.

    >>> brief(0.00671), brief(12.34), brief(48211), brief(2.1e-8), brief(0)
    ('0.00671', '12.3', '48211', '2.10e-08', '0')
    """
    if value and not 1e-4 <= abs(value) < 1e6:
        return f"{value:.2e}"
    return f"{value:.0f}" if abs(value) >= 100 or not value else f"{value:#.3g}"


def probability(p: Number) -> str:
    """
    >>> probability(0.77), probability(0.0156), probability(1e-5), probability(None)
    ('0.77', '0.016', '<0.001', '-')
    """
    if p is None:
        return MISSING
    return f"{p:.2f}" if p >= 0.1 else f"{p:.3f}" if p >= 0.001 else "<0.001"
