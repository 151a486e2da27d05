"""Several comparisons of the same optimizers, one a task, as one: ranks, profiles of speed, pooled scores."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from zen_cli.compare.aggregates import finals, middle
from zen_cli.compare.budgets import steps_on
from zen_cli.compare.sensitivity import scores_of
from zen_cli.compare.statistics import pooled, profiles, ranks
from zen_cli.compare.summary import Material
from zen_cli.errors import Place, ZenError

TAUS = tuple(1 + i / 4 for i in range(13))  # 1, 1.25, ..., 4
SEED = 0  # of the bootstrap
Scores = dict[str, list[float]]


class Task(NamedTuple):
    """What was compared on one config."""

    summary: dict[str, Any]
    material: Material

    @property
    def sign(self) -> float:
        """Times the metric is lower the better."""
        return 1.0 if self.material.card["goal"] == "min" else -1.0

    def finals(self, label: str) -> list[float]:
        """The final number of each seed, lower is better, infinity where it broke."""
        return [self.sign * value for value in finals(self.material.of(label), self.material.card["goal"])]


def same_labels(names: Sequence[str], labels: Sequence[Sequence[str]]) -> None:
    """Raises a ZenError unless the tasks have names of their own and the same optimizers take part in all."""
    for i, name in enumerate(names):
        if name in names[:i]:
            raise ZenError(f"two configs are called '{name}'", hint="state a `name` in one of them")
        if set(labels[i]) != set(labels[0]):
            what = f"{name} compares {', '.join(labels[i])}, {names[0]} compares {', '.join(labels[0])}"
            raise ZenError(what, Place("-o"), "the same optimizers have to take part in all: name them with -o")


def tasks_of(tasks: Sequence[Task], baseline: str | None = None) -> dict[str, Any]:
    """All of it as plain values. Without a baseline it is the label that stands best on average after tuning."""
    labels = tasks[0].material.labels
    base = baseline or _best_tuned(tasks, labels)
    scores = _places(tasks, labels)
    mean = ranks.mean_ranks(scores)
    steps, seconds = (_times(tasks, labels, unit) for unit in ("steps_median", "seconds_median"))
    budgets = [float(steps_on(task.material.card)) for task in tasks]
    timed = all(it["cost"] and it["cost"]["us_per_step"] for task in tasks for it in task.summary["optimisers"])
    return {
        "names": [task.summary["name"] for task in tasks], "labels": sorted(labels, key=lambda label: mean[label]),
        "baseline": base, "targets": [_target(task) for task in tasks],
        "ranks": {label: _column(scores, i) for i, label in enumerate(scores)}, "mean_rank": mean,
        "steps": _speed(steps, base, budgets),
        "seconds": _speed(seconds, base, [b * _slowest(task) for b, task in zip(budgets, tasks, strict=True)])
        if timed else None,
        "gap_left": _gaps(tasks, labels, base), "p_improvement": _improvement(tasks, labels, base),
        "friedman": _friedman(scores, base),
    }  # fmt: skip


def _places(tasks: Sequence[Task], labels: Sequence[str]) -> Scores:
    """For each label its place on each task: by success where that is the headline, then by the median."""
    found: Scores = {label: [] for label in labels}
    for task in tasks:
        by_label = {it["label"]: it for it in task.summary["optimisers"]}
        success = task.summary["headline"] == "success"
        keys = {
            label: (-by_label[label]["success"]["rate"] if success else 0.0, middle(task.finals(label)))
            for label in labels
        }
        order = sorted(set(keys.values()))
        for label in labels:
            found[label].append(float(order.index(keys[label])))
    return found


def _column(scores: Scores, i: int) -> list[float]:
    """The ranks of one label on all tasks; ties share the mean of their places."""
    return [ranks.ranks(list(task))[i] for task in zip(*scores.values(), strict=True)]


def _best_tuned(tasks: Sequence[Task], labels: Sequence[str]) -> str:
    """By tuning alone: who judges is not asked who is judged by."""
    found: Scores = {label: [] for label in labels}
    for task in tasks:
        for label in labels:
            rows = [row for row in task.material.tuning if row["label"] == label]
            scores = scores_of(rows, task.material.card["goal"]).values()
            found[label].append(min((task.sign * score for score in scores), default=math.inf))
    means = ranks.mean_ranks(found)
    return min(labels, key=lambda label: means[label])


def _target(task: Task) -> str | None:
    """Of three shares of the gap the middle one."""
    targets = task.summary["targets"]
    return targets[len(targets) // 2]["name"] if targets else None


def _times(tasks: Sequence[Task], labels: Sequence[str], unit: str) -> Scores:
    """For each label the median time to each task's target; infinity where it is never reached."""
    found: Scores = {label: [] for label in labels}
    for task in tasks:
        by_label = {it["label"]: it for it in task.summary["optimisers"]}
        for label in labels:
            reached = by_label[label]["to_target"].get(_target(task)) or {}
            value = reached.get(unit)
            found[label].append(math.inf if value is None else max(float(value), 1e-9))
    return found


def _slowest(task: Task) -> float:
    """Seconds of the slowest optimizer's step."""
    return max(float(it["cost"]["us_per_step"]) for it in task.summary["optimisers"]) / 1e6


def _speed(times: Scores, baseline: str, budgets: Sequence[float]) -> dict[str, Any]:
    return {
        "times": times, "ratios": profiles.ratios(times), "taus": TAUS,
        "profile": profiles.performance_profile(times, TAUS), "score": profiles.profile_score(times),
        "speedup": {label: profiles.speedup(own, times[baseline], budgets) for label, own in times.items()},
        "order": profiles.order(times), "without": profiles.leave_one_out(times),
        "reordered": profiles.reordered(times),
    }  # fmt: skip


def _gaps(tasks: Sequence[Task], labels: Sequence[str], baseline: str) -> dict[str, Any] | None:
    """The share of the way from the start to the best median that is left at the end: iqm over runs and tasks."""
    count = min(len(task.finals(label)) for task in tasks for label in labels)
    columns = [_gap_left(task, labels, count) for task in tasks]
    if count == 0 or any(column is None for column in columns):
        return None
    scores = np.array(columns).transpose(1, 2, 0)  # (labels, seeds, tasks)
    middles = pooled.iqm(scores.reshape(len(labels), -1))
    own = pooled.iqm_intervals(scores, np.random.default_rng(SEED))
    apart = pooled.iqm_differences(scores, labels.index(baseline), np.random.default_rng(SEED))
    return {
        label: {"iqm": float(middles[i]), "ci": _bounds(own[i]), "difference_ci": _bounds(apart[i]), "seeds": count}
        for i, label in enumerate(labels)
    }


def _gap_left(task: Task, labels: Sequence[str], count: int) -> list[list[float]] | None:
    name = task.material.card["metric"].rpartition(".")[2]
    start = middle([task.sign * point[name] for point in task.material.curves if point["step"] == 0])
    floor = min(middle(task.finals(label)) for label in labels)
    if not start - floor > 0.0:
        return None
    return [[(value - floor) / (start - floor) for value in task.finals(label)[:count]] for label in labels]


def _bounds(found: tuple[float, float, float] | None) -> list[float] | None:
    return None if found is None else [found[1], found[2]]


def _improvement(tasks: Sequence[Task], labels: Sequence[str], baseline: str) -> dict[str, float]:
    """The chance of beating the baseline on the same seed of a task, ties as half; each task counts the same."""
    found = {}
    for label in labels:
        shares = []
        for task in tasks:
            mine, theirs = task.finals(label), task.finals(baseline)
            pairs = min(len(mine), len(theirs))
            both = (np.array(values[:pairs]).reshape(-1, 1) for values in (mine, theirs))
            shares.append(pooled.improvement(*both) if pairs else 0.0)
        found[label] = math.fsum(shares) / len(shares)
    return found


def _friedman(scores: Scores, baseline: str) -> dict[str, Any] | None:
    """None for fewer than five tasks: ranks on so few say nothing."""
    found = ranks.friedman(scores)
    if found is None:
        return None
    return {"chi_square": found[0], "p": found[1], "p_holm": ranks.against(scores, baseline)}
