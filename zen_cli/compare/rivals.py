"""One optimizer against the baseline, seed by seed, and the verdict in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from zen_cli.compare.statistics import paired
from zen_cli.compare.statistics.effect import chance_of_winning
from zen_cli.compare.statistics.intervals import SKEWED, interval, ratio_of
from zen_cli.compare.statistics.success import seeds_for_success

BETTER, WORSE, EQUIVALENT, UNDECIDED, FAILED = "better", "worse", "equivalent", "undecided", "failed"
UNDER_TUNED = "under-tuned"
MEAN, WINS, SUCCESS = "mean", "wins", "success"  # what a pair is judged by


def against(
    mine: Sequence[float], theirs: Sequence[float], goal: str, kind: str, rng: np.random.Generator, level: float = 0.95
) -> dict[str, Any]:
    """Paired differences: log ratios of losses, plain ones of shares; a pair with a broken run is won or lost.

    p is the exact sign-flip test's; where differences are skewed, the sign test's if that is larger; where runs broke
    or losses are zero, the sign test's, and wins judge. p_win counts ties as half. `bounds` are those of the mean
    difference, `ci` of what is shown.
    """
    sign = 1.0 if goal == "min" else -1.0
    wins = sum(sign * a < sign * b for a, b in zip(mine, theirs, strict=True))
    ties = sum(a == b for a, b in zip(mine, theirs, strict=True))
    losses = len(mine) - wins - ties
    p_win, low, high = chance_of_winning(wins, ties, len(mine), level)
    found: dict[str, Any] = {
        "wins": wins, "ties": ties, "losses": losses, "p_win": p_win, "p_win_ci": [low, high],
        "ratio": None, "difference": None, "ci": None, "bounds": None, "p": paired.sign_test(wins, losses),
        "seeds_needed": None, "basis": WINS,
    }  # fmt: skip
    differences = paired_differences(mine, theirs, kind)
    if len(differences) < 2:
        return found
    if len(differences) == len(mine):
        found |= _by_mean(differences, found["p"], rng)
    mean, *bounds = interval(differences, rng, level)
    back = ratio_of if kind == "loss" else float
    shown = {"ratio" if kind == "loss" else "difference": back(mean)}
    return found | shown | {"bounds": bounds, "ci": [back(bound) for bound in bounds]}


def _by_mean(differences: Sequence[float], by_wins: float, rng: np.random.Generator) -> dict[str, Any]:
    p = paired.sign_flip(differences, rng)
    skewed = abs(paired.skewness(differences)) > SKEWED
    return {"p": max(p, by_wins) if skewed else p, "seeds_needed": paired.seeds_needed(differences), "basis": MEAN}


def by_success(found: dict[str, Any], mine: Sequence[bool], theirs: Sequence[bool]) -> dict[str, Any]:
    """The same pair judged by which seeds were solved, where any seed was solved by one of the two alone."""
    if list(mine) == list(theirs):
        return found
    needed = seeds_for_success(mine, theirs)
    return found | {"p": paired.mcnemar(mine, theirs), "seeds_needed": needed, "basis": SUCCESS}


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


def count_verdict(mine: int, theirs: int, p: float, alpha: float) -> str:
    """Which solves more seeds, or wins more pairs, where p is adjusted and below alpha."""
    if p >= alpha or mine == theirs:
        return UNDECIDED
    return BETTER if mine > theirs else WORSE
