"""What tuning tells besides the best rate: how wide the good range is, how steep its edge, how lucky one must be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from zen_cli.compare.aggregates import best_of

Row = dict[str, Any]
BUDGETS = (1, 2, 4, 8, 16, 32)


def scores_by_rate(rows: Sequence[Row], goal: str) -> dict[float, float]:
    """The mean final number at each rate, ascending; infinitely bad where a run broke."""
    worst = math.inf if goal == "min" else -math.inf
    by_rate: dict[float, list[float]] = {}
    for row in rows:
        by_rate.setdefault(row["lr"], []).append(row["final"] if math.isfinite(row["final"]) else worst)
    return {lr: sum(values) / len(values) for lr, values in sorted(by_rate.items())}


def sensitivity(scores: dict[float, float], chosen: float, default: float, first: float, goal: str) -> dict[str, Any]:
    """Widths in decades, the cliff beside the best, the gap of the default, the regret of a random rate.

    Widths: of the connected rates whose score is within 10 % or a factor of 2 of the best, in decades. Cliff: the
    worse neighbour over the best. Regret: the mean of min(score, first loss) over the best (losses only).
    """
    best = scores[chosen]
    rates = list(scores)
    found: dict[str, Any] = {
        "best": chosen, "edge": chosen in (rates[0], rates[-1]) and len(rates) > 1, "resolution": _resolution(rates),
        "fail_frac": sum(not math.isfinite(value) for value in scores.values()) / len(scores),
        "width_10pct_decades": None, "width_2x_decades": None, "cliff": None, "default_gap": None, "regret": None,
    }  # fmt: skip
    if goal == "max" or not 0 < best < math.inf:
        return found
    at = rates.index(chosen)
    neighbours = [scores[rates[i]] / best for i in (at - 1, at + 1) if 0 <= i < len(rates)]
    known = [value for lr, value in scores.items() if math.isclose(lr, default, rel_tol=0.01)]
    capped = [min(value, first) for value in scores.values()]
    return found | {
        "width_10pct_decades": _width(scores, at, 1.1 * best), "width_2x_decades": _width(scores, at, 2.0 * best),
        "cliff": max(neighbours, default=None), "default_gap": known[0] / best if known else None,
        "regret": sum(capped) / len(capped) / best,
    }  # fmt: skip


def _resolution(rates: Sequence[float]) -> float | None:
    steps = [math.log10(b / a) for a, b in zip(rates, rates[1:], strict=False)]
    return round(max(steps), 3) if steps else None


def _width(scores: dict[float, float], at: int, bound: float) -> float:
    rates = list(scores)
    low = high = at
    while low > 0 and scores[rates[low - 1]] <= bound:
        low -= 1
    while high < len(rates) - 1 and scores[rates[high + 1]] <= bound:
        high += 1
    return round(math.log10(rates[high] / rates[low]), 3)


def budget_curve(scores: dict[float, float], goal: str) -> dict[str, float]:
    """The expected best of 1, 2, 4, ... trials."""
    return {str(k): best_of(list(scores.values()), k, goal) for k in BUDGETS if k <= len(scores)}
