"""One optimizer's runs as a few numbers. A run that broke is infinitely bad: it is counted, never left out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from zen_cli.compare.statistics.intervals import ratio_of
from zen_cli.compare.statistics.paired import t_interval

Row = dict[str, Any]
BROKE = ("diverged", "exploded", "error")


def finals(rows: Sequence[Row], goal: str) -> list[float]:
    """The final number of each run; the worst there is where it broke or its loss ended higher than it began."""
    worst = math.inf if goal == "min" else -math.inf
    found = (worst if row["status"] in BROKE else row["metric_final"] for row in rows)
    return [value if math.isfinite(value) else worst for value in found]


def middle(values: Sequence[float], share: float = 0.5) -> float:
    """A quantile by linear interpolation; between a number and an infinity it is the infinity.

    >>> middle([1.0, 2.0, 3.0, 4.0]), middle([1.0, 2.0, math.inf], 0.75)
    (2.5, inf)
    """
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    low, high = ordered[math.floor(position)], ordered[math.ceil(position)]
    if position > math.floor(position) and (math.isinf(high) or math.isinf(low)):
        return high if math.isinf(high) else low
    return low if low == high else low + (high - low) * (position - math.floor(position))


def describe(values: Sequence[float], goal: str, kind: str, level: float = 0.95) -> dict[str, Any]:
    """Means of the finite runs, quantiles of all; losses by their logarithms, shares as they are.

    The interval is Student's t on log losses, back-transformed. iqm: the mean of the middle half.
    """
    finite = [value for value in values if math.isfinite(value)]
    logs = [math.log(value) for value in finite if value > 0] if kind == "loss" else []
    found: dict[str, Any] = {
        "gmean": math.exp(sum(logs) / len(logs)) if logs else None,
        "mean": sum(finite) / len(finite) if finite else None,
        "ci": _interval(logs, ratio_of, level) if logs else _interval(finite, float, level), "median": middle(values),
        "quartiles": [middle(values, 0.25), middle(values, 0.75)], "iqm": _middle_half(values),
        "worst": max(values) if goal == "min" else min(values),
        "sd_log": float(np.std(logs, ddof=1)) if len(logs) > 1 else None,
    }  # fmt: skip
    return found


def _interval(values: Sequence[float], back: Any, level: float) -> list[float] | None:
    if len(values) < 2:
        return None
    _, low, high = t_interval(values, level)
    return [back(low), back(high)]


def _middle_half(values: Sequence[float]) -> float:
    """The interquartile mean (Agarwal et al. 2021, arXiv:2108.13264)."""
    ordered = sorted(values)
    cut = len(ordered) // 4
    kept = ordered[cut : len(ordered) - cut]
    return sum(kept) / len(kept)


def best_of(scores: Sequence[float], count: int, goal: str = "min") -> float:
    """The expected best of `count` trials drawn from `scores` without replacement, in closed form.

    sum_i x_(i) C(n - i, k - 1) / C(n, k), x ascending (Dodge et al. 2019, arXiv:1909.03004, section 3).

    >>> best_of([1.0, 2.0, 3.0], 1), best_of([1.0, 2.0, 3.0], 3)
    (2.0, 1.0)
    """
    ordered = sorted(scores, reverse=goal == "max")
    number = len(ordered)
    parts = [x * math.comb(number - i - 1, count - 1) for i, x in enumerate(ordered) if number - i - 1 >= count - 1]
    return sum(parts) / math.comb(number, count)
