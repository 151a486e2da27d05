"""What it means to have got there: what is stated, or shares of the way to the best median."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from zen_cli.compare.aggregates import Row, middle
from zen_cli.training.conditions import COMPARISONS, condition

SHARES = (0.5, 0.9, 0.99)  # of the gap between the first loss and the best median


class Target(NamedTuple):
    """A number to get to: a loss to get down to, a share to get up to."""

    name: str
    value: float
    metric: str = "loss"
    sign: str = "<="

    def holds(self, value: float) -> bool:
        return bool(COMPARISONS[self.sign](value, self.value))


def targets(card: dict[str, Any], runs: Sequence[Row]) -> list[Target]:
    """Those that are stated, else the success that the config states, else three shares of the gap."""
    stated = [stated_target(text) for text in card.get("targets") or [card["success"] or ""] if text]
    if stated:
        return stated
    if not card.get("over", {}).get("one_loss", True):
        return []  # a bound on one loss says nothing about another
    split = card["metric"].rpartition(".")[0]
    starts = [row["loss_init"] for row in runs if math.isfinite(row["loss_init"])]
    start, floor = middle(starts or [math.nan]), _floor(runs)
    if not math.isfinite(start - floor) or start <= floor:
        return []
    values = [float(f"{start - share * (start - floor):.3g}") for share in SHARES]
    return [Target(f"{split}.loss<={value:g}", value) for value in values]


def stated_target(text: str) -> Target:
    """A condition as a target."""
    wanted = condition(text)
    return Target(str(wanted), wanted.bound, wanted.metric, wanted.sign)


def success_of(card: dict[str, Any], aims: Sequence[Target]) -> Target | None:
    """What counts as a success: what is stated, else of three shares the middle one; None: to have finished."""
    if card["success"]:
        return stated_target(card["success"])
    return aims[len(aims) // 2] if aims else None


def _floor(runs: Sequence[Row]) -> float:
    """The lowest median of the final losses of an optimizer."""
    by_label: dict[str, list[float]] = {}
    for row in runs:
        final = row["loss_final"]
        by_label.setdefault(row["label"], []).append(final if math.isfinite(final) else math.inf)
    return min((middle(finals) for finals in by_label.values()), default=math.nan)


def steps_to(target: Target, points: Sequence[Row]) -> int | None:
    """The first step at which the number is there; None if it never is."""
    reached = (point["step"] for point in points if target.holds(point[target.metric]))
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
