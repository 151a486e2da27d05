"""When each run got to each target: in steps, evaluations of the gradient and calibrated seconds; empty: never."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zen_cli.compare.aggregates import Row
from zen_cli.compare.targets import Target, steps_to


def with_arrivals(runs: Sequence[Row], curves: Sequence[Row], summary: Mapping[str, Any]) -> list[Row]:
    """The rows of runs with what a step cost, and for those that judge `steps_to_T`, `evals_to_T`, `sec_to_T`."""
    aims = [Target(**each) for each in summary["targets"]]
    costs = {it["label"]: it["cost"] or {} for it in summary["optimisers"]}
    points: dict[tuple[str, int], list[Row]] = {}
    for point in curves:
        points.setdefault((point["label"], point["seed"]), []).append(point)
    return [
        row | _cost(costs[row["label"]])
        | _arrivals(aims, points.get((row["label"], row["seed"]), []), row, costs[row["label"]])
        for row in runs
    ]  # fmt: skip


def _cost(cost: Mapping[str, Any]) -> Row:
    microseconds = cost.get("us_per_step")
    return {"sec_per_step_calibrated": None if microseconds is None else microseconds / 1e6}


def _arrivals(aims: Sequence[Target], points: Sequence[Row], row: Row, cost: Mapping[str, Any]) -> Row:
    found: Row = {}
    for aim in aims:
        steps = steps_to(aim, points) if row["phase"] == "evaluate" else None
        seconds, each = cost.get("us_per_step"), row["grad_evals"] // max(row["steps"], 1)
        found |= {
            f"steps_to_{aim.name}": steps, f"evals_to_{aim.name}": None if steps is None else steps * each,
            f"sec_to_{aim.name}": None if steps is None or seconds is None else steps * seconds / 1e6,
        }  # fmt: skip
    return found
