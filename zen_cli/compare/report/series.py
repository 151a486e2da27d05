"""From rows to what a figure shows: runs by optimizer, medians and quartiles, paired differences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from zen_cli.compare.report.csv_rows import Row
from zen_cli.display.comparison.columns import shown_target
from zen_cli.display.numbers import quantile

Summary = dict[str, Any]


class Band(NamedTuple):
    """Three quartiles over the seeds after a number of steps; a run that failed is infinitely bad."""

    step: float
    low: float
    median: float
    high: float


def numbers(summary: Summary) -> dict[str, int]:
    """Labels and their numbers, which give each its colour in all figures."""
    return {each["label"]: i for i, each in enumerate(summary["optimisers"])}


def column(summary: Summary) -> str:
    """The column of curves that judges."""
    return str(summary["metric"]["name"]).rpartition(".")[2]


def split(summary: Summary) -> str:
    """The split that judges."""
    return str(summary["metric"]["name"]).rpartition(".")[0]


def worst(summary: Summary) -> float:
    """What a failed run counts as."""
    return -math.inf if summary["metric"]["goal"] == "max" else math.inf


def judged(runs: Sequence[Row], label: str) -> list[Row]:
    """The runs that judge an optimizer."""
    return [row for row in runs if row["label"] == label and row["phase"] == "evaluate"]


def value(row: Row, name: str, instead: float) -> float:
    """A number of a row; `instead` of it where there is none."""
    found = row.get(name)
    return instead if found is None or not math.isfinite(found) else float(found)


def final(row: Row, summary: Summary) -> float:
    """What a run is judged by."""
    return value(row, "metric_final", worst(summary))


def bands(summary: Summary, runs: Sequence[Row], curves: Sequence[Row], label: str) -> list[Band]:
    """The learning curve of an optimizer over its seeds, step by step."""
    seeds, instead = len(judged(runs, label)), worst(summary)
    by_step: dict[int, list[float]] = {}
    for row in curves:
        if row["label"] == label and row["phase"] == "evaluate" and row["split"] == split(summary):
            by_step.setdefault(row["step"], []).append(value(row, column(summary), instead))
    found = []
    for step, values in sorted(by_step.items()):
        ordered = sorted([*values, *[instead] * (seeds - len(values))])
        found.append(Band(step, *(quantile(ordered, share) for share in (0.25, 0.5, 0.75))))
    return found


def last_seen(summary: Summary, curves: Sequence[Row], run: Row) -> float:
    """The last finite value of a run's curve; what a failed run counts as if there is none."""
    mine = (
        value(row, column(summary), math.nan) for row in curves
        if row["seed"] == run["seed"] and row["label"] == run["label"] and row["phase"] == "evaluate"
        and row["split"] == split(summary)
    )  # fmt: skip
    return next((found for found in reversed(list(mine)) if math.isfinite(found)), worst(summary))


def pairs(summary: Summary, runs: Sequence[Row], label: str) -> list[tuple[int, float, float]]:
    """Seed, value, and the baseline's value with the same seed."""
    other = {row["seed"]: final(row, summary) for row in judged(runs, summary["baseline"])}
    mine = judged(runs, label)
    return [(row["seed"], final(row, summary), other[row["seed"]]) for row in mine if row["seed"] in other]


def seconds_a_step(summary: Summary, label: str) -> float | None:
    """From the calibration, where there was one."""
    for each in summary["optimisers"]:
        if each["label"] == label and each.get("cost"):
            microseconds = each["cost"].get("us_per_step")
            return None if microseconds is None else microseconds / 1e6
    return None


def level(summary: Summary) -> str:
    """Of every interval: `95 %`."""
    return f"{100 * (1 - summary['protocol']['alpha']):g} %"


def main_target(summary: Summary) -> str | None:
    """The target that the table shows, else the first there is."""
    return shown_target(summary) or next((str(target["name"]) for target in summary["targets"]), None)
