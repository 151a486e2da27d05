"""What tuning tells besides the best rate: how wide the good range is, how steep its edge, how lucky one must be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from zen_cli.compare.aggregates import best_of
from zen_cli.compare.rows import OTHER
from zen_cli.jobs.nets import Setting

Row = dict[str, Any]
BUDGETS = (1, 2, 4, 8, 16, 32)


def setting_of(row: Row) -> Setting:
    """The rate of a row, and what else was tuned."""
    others = ((name.removeprefix(OTHER), value) for name, value in row.items() if name.startswith(OTHER))
    return Setting(row["lr"], tuple((name, value) for name, value in others if value is not None))


def scores_of(rows: Sequence[Row], goal: str) -> dict[Setting, float]:
    """The mean final number at each setting, the rate ascending; infinitely bad where a run broke."""
    worst = math.inf if goal == "min" else -math.inf
    by_setting: dict[Setting, list[float]] = {}
    for row in rows:
        final = row["final"] if math.isfinite(row["final"]) else worst
        by_setting.setdefault(setting_of(row), []).append(final)
    return {setting: sum(values) / len(values) for setting, values in sorted(by_setting.items())}


def by_rate(scores: dict[Setting, float], goal: str) -> dict[float, float]:
    """The best score at each rate, whatever else was tuned."""
    better = min if goal == "min" else max
    rates = dict.fromkeys(setting.lr for setting in scores)
    return {rate: better(value for setting, value in scores.items() if setting.lr == rate) for rate in rates}


def sensitivity(scores: dict[Setting, float], chosen: float, default_gap: float | None, first: float, goal: str) -> Row:
    """Widths in decades, the cliff beside the best, the gap of the default, the regret of a random trial.

    Widths: of the connected rates whose score is within 10 % or a factor of 2 of the best, in decades. Cliff: the
    worse neighbour over the best. Regret: the mean of min(score, first loss) over the best (losses only). Where more
    than the rate was tuned, neighbours differ in more than the rate: there is neither width nor cliff.
    """
    rates = by_rate(scores, goal)
    best, known = rates[chosen], list(rates)
    found: Row = {
        "best": chosen, "edge": chosen in (known[0], known[-1]) and len(known) > 1, "resolution": None,
        "fail_frac": sum(not math.isfinite(value) for value in scores.values()) / len(scores),
        "width_10pct_decades": None, "width_2x_decades": None, "cliff": None, "default_gap": default_gap,
        "lr_regret": None,
    }  # fmt: skip
    if goal == "max" or not 0 < best < math.inf:
        return found
    capped = [min(value, first) for value in scores.values()]
    found["lr_regret"] = sum(capped) / len(capped) / best
    return found if any(setting.others for setting in scores) else found | _around(rates, known.index(chosen), best)


def _around(rates: dict[float, float], at: int, best: float) -> Row:
    scores = list(rates.values())
    neighbours = [scores[i] / best for i in (at - 1, at + 1) if 0 <= i < len(scores)]
    return {
        "resolution": _resolution(list(rates)), "cliff": max(neighbours, default=None),
        "width_10pct_decades": _width(rates, at, 1.1 * best), "width_2x_decades": _width(rates, at, 2.0 * best),
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


def budget_curve(scores: dict[Setting, float], goal: str) -> dict[str, float]:
    """The expected best of 1, 2, 4, ... trials."""
    return {str(k): best_of(list(scores.values()), k, goal) for k in BUDGETS if k <= len(scores)}
