"""One optimizer against the baseline, seed by seed, and the verdict in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from zen_cli.compare.paired import mcnemar, seeds_needed, sign_flip, t_interval
from zen_cli.compare.quantiles import clopper_pearson

BETTER, WORSE, EQUIVALENT, UNDECIDED, FAILED = "better", "worse", "equivalent", "undecided", "failed"


def against(
    mine: Sequence[float], theirs: Sequence[float], goal: str, kind: str, rng: np.random.Generator
) -> dict[str, Any]:
    """Paired differences: log ratios of losses, plain ones of shares; a pair with a broken run is won or lost.

    p is the exact sign-flip test's on the pairs that both finished; p_win counts ties as half.
    """
    sign = 1.0 if goal == "min" else -1.0
    wins = sum(sign * a < sign * b for a, b in zip(mine, theirs, strict=True))
    ties = sum(a == b for a, b in zip(mine, theirs, strict=True))
    count = len(mine)
    found: dict[str, Any] = {
        "wins": wins, "ties": ties, "losses": count - wins - ties, "p_win": (wins + ties / 2) / count,
        "p_win_ci": list(clopper_pearson(wins, count)), "ratio": None, "difference": None, "ci": None, "p": 1.0,
        "seeds_needed": None,
    }  # fmt: skip
    differences = paired_differences(mine, theirs, kind)
    if len(differences) < 2:
        return found
    mean, low, high = t_interval(differences)
    back = math.exp if kind == "loss" else float
    found |= {"ci": [_safe(back, low), _safe(back, high)], "p": sign_flip(differences, rng)}
    found |= {"seeds_needed": seeds_needed(differences), "log_ci" if kind == "loss" else "plain_ci": [low, high]}
    return found | {"ratio" if kind == "loss" else "difference": back(mean)}


def _safe(back: Any, value: float) -> float:
    try:
        return float(back(value))
    except OverflowError:
        return math.inf


def paired_differences(mine: Sequence[float], theirs: Sequence[float], kind: str) -> list[float]:
    """Of the pairs that both finished; of losses that are positive."""
    pairs = [(a, b) for a, b in zip(mine, theirs, strict=True) if math.isfinite(a) and math.isfinite(b)]
    if kind == "loss":
        return [math.log(a) - math.log(b) for a, b in pairs if a > 0 and b > 0]
    return [a - b for a, b in pairs]


def verdict(p: float, bounds: Sequence[float] | None, *, alpha: float, rope: float, goal: str, kind: str) -> str:
    """better or worse: p < alpha and the interval beyond what matters; equivalent: all of it within; else undecided.

    `bounds` are of the log ratio of losses, or of the difference of shares.
    """
    if bounds is None:
        return UNDECIDED
    margin = math.log1p(rope) if kind == "loss" else rope
    low, high = bounds
    if -margin < low and high < margin:
        return EQUIVALENT
    if p >= alpha or not (high < -margin or low > margin):
        return UNDECIDED
    smaller = high < -margin
    return BETTER if smaller == (goal == "min") else WORSE


def success_verdict(mine: Sequence[bool], theirs: Sequence[bool], p: float, alpha: float) -> str:
    """Which solves more seeds, where p is adjusted and below alpha."""
    if p >= alpha:
        return UNDECIDED
    return BETTER if sum(mine) > sum(theirs) else WORSE


def success_p(mine: Sequence[bool], theirs: Sequence[bool]) -> float:
    return mcnemar(mine, theirs)
