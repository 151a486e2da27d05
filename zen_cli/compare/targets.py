"""What it means to have got there: a stated success, or shares of the way to the best median."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from zen_cli.compare.aggregates import Row, middle
from zen_cli.training.conditions import condition

SHARES = (0.5, 0.9, 0.99)  # of the gap between the first loss and the best median


class Target(NamedTuple):
    """A loss to get down to."""

    name: str
    value: float


def targets(card: dict[str, Any], runs: Sequence[Row]) -> list[Target]:
    """The success that the config states, where it is a loss of the judging split; else three shares of the gap."""
    if not card.get("over", {}).get("one_loss", True):
        return []  # a bound on one loss says nothing about another
    stated = _stated(card)
    if stated is not None:
        return [stated]
    split = card["metric"].rpartition(".")[0]
    starts = [row["loss_init"] for row in runs if math.isfinite(row["loss_init"])]
    start, floor = middle(starts or [math.nan]), _floor(runs)
    if not math.isfinite(start - floor) or start <= floor:
        return []
    values = [float(f"{start - share * (start - floor):.3g}") for share in SHARES]
    return [Target(f"{split}.loss<={value:g}", value) for value in values]


def _stated(card: dict[str, Any]) -> Target | None:
    if not card["success"]:
        return None
    wanted = condition(card["success"])
    fits = wanted.metric == "loss" and wanted.sign in ("<", "<=") and wanted.split == card["metric"].rpartition(".")[0]
    return Target(str(wanted), wanted.bound) if fits else None


def _floor(runs: Sequence[Row]) -> float:
    """The lowest median of the final losses of an optimizer."""
    by_label: dict[str, list[float]] = {}
    for row in runs:
        final = row["loss_final"]
        by_label.setdefault(row["label"], []).append(final if math.isfinite(final) else math.inf)
    return min((middle(finals) for finals in by_label.values()), default=math.nan)


def steps_to(target: Target, points: Sequence[Row]) -> int | None:
    """The first step at which the loss is there; None if it never is."""
    reached = (point["step"] for point in points if point["loss"] <= target.value)
    return next(reached, None)


def reached(target: Target, curves: dict[int, list[Row]], microseconds: float | None) -> dict[str, Any]:
    """How many seeds get there, and the median of the steps and seconds it takes, over all seeds."""
    steps = [steps_to(target, points) for points in curves.values()]
    median = middle([math.inf if count is None else float(count) for count in steps]) if steps else math.inf
    seconds = median * microseconds / 1e6 if microseconds else None
    never = math.isinf(median)
    return {
        "reached": sum(count is not None for count in steps), "steps_median": None if never else median,
        "seconds_median": None if never else seconds,
    }  # fmt: skip
