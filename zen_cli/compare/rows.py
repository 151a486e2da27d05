"""What ran, as plain rows: one a run, one a point of a curve, one a tuning run. The report is a function of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from zen_cli.compare.entries import Entry
from zen_cli.compare.phases import Judged
from zen_cli.compare.protocol import Protocol
from zen_cli.jobs.nets import Course, Net
from zen_cli.jobs.traits import CLIPPED

Row = dict[str, Any]
OTHER = "hp_"  # before the name of a tuned hyperparameter
STALLED = 0.01  # of the way from the first loss to the best median that has to be gone


def run_rows(protocol: Protocol, judged: Judged) -> list[Row]:
    """A row for each net that judges, in the order of optimizers and seeds; then those at each optimizer's own rate."""
    rows = [
        {"label": label, "type": entry.optimizer.name, "phase": phase, **_row(protocol, entry, course)}
        for phase, courses in (("evaluate", judged.courses), ("defaults", judged.defaults))
        for label, entry in _entries(protocol) for course in courses.get(label, ())
    ]  # fmt: skip
    labels = {label for label, _ in _entries(protocol)}
    judging = [row for row in rows if row["phase"] == "evaluate"]
    rivals = {label: [row for row in judging if protocol.one_loss or row["label"] == label] for label in labels}
    floors = {label: _best_median(rivals[label]) for label in labels}
    for row in rows:
        row["status"] = row["status"] or _status(row, floors[row["label"]])
    return rows


def curve_rows(protocol: Protocol, judged: Judged) -> list[Row]:
    """A row for each point at which a judging net was measured."""
    return list(_points(protocol, judged))


def tuning_rows(protocol: Protocol, judged: Judged) -> list[Row]:
    """A row for each tuning run: its rate, seed and final number (None: it broke)."""
    rows = []
    for label, _ in _entries(protocol):
        for trial in sorted(judged.tried[label]):
            for course, final in zip(trial.courses, trial.finals(protocol.metric), strict=True):
                status = "error" if course.error else "diverged" if course.broke else "ok"
                head = {"label": label, **setting_columns(protocol, course.net), "seed": course.net.seed}
                rows.append({**head, "status": status, "final": final})
    return rows


def setting_columns(protocol: Protocol, net: Net) -> dict[str, float | None]:
    """The rate, and as `hp_NAME` whatever else is tuned of some optimizer: None where it is not of this one."""
    names = dict.fromkeys(each.name for entry in protocol.ordered for each in entry.dimensions if each.name != "lr")
    return {"lr": net.lr, **{f"{OTHER}{name}": dict(net.others).get(name) for name in names}}


def _entries(protocol: Protocol) -> list[tuple[str, Entry]]:
    return [(entry.label, entry) for entry in protocol.ordered]


def _row(protocol: Protocol, entry: Entry, course: Course) -> Row:
    losses = [measured["loss"] for measured in course.measured]
    values = [measured[protocol.metric] for measured in course.measured]
    finite = [(loss, step) for loss, step in zip(losses, course.at, strict=True) if math.isfinite(loss)]
    lowest, at = min(finite, default=(math.nan, None))
    choose = min if protocol.goal == "min" else max
    broke, per_epoch = course.broke is not None, protocol.epoch_of(entry)
    finals = {f"{name}_final": math.nan if broke else value for name, value in course.measured[-1].items()}
    return {
        **setting_columns(protocol, course.net), "seed": course.net.seed, "steps": course.at[-1],
        "status": "error" if course.error else "",
        "epochs": course.at[-1] / per_epoch, "loss_init": losses[0], **finals,
        "loss_best": lowest, "step_best": at, "metric_final": math.nan if broke else values[-1],
        "metric_best": choose((value for value in values if math.isfinite(value)), default=math.nan),
        "broke": course.broke, **{f"test_{name}": value for name, value in course.test.items()},
        "samples": protocol.samples(entry, course.at[-1]), "grad_evals": course.at[-1] * entry.optimizer.evaluations,
        "auc_logloss": anytime(losses, course.at), CLIPPED: None, **course.traits,
    }  # fmt: skip


def anytime(losses: Sequence[float], at: Sequence[int]) -> float:
    """The mean of the log loss over the steps, by trapezoids; NaN where a loss is not positive and finite.

    >>> round(anytime([1.0, math.e ** -2, math.e ** -2], [0, 10, 20]), 6)
    -1.5
    """
    if len(at) < 2 or not all(0 < loss < math.inf for loss in losses):
        return math.nan
    logs = [math.log(loss) for loss in losses]
    pieces = (width * (a + b) / 2 for a, b, width in zip(logs, logs[1:], np.diff(at), strict=False))
    return float(math.fsum(pieces) / (at[-1] - at[0]))


def _status(row: Row, floor: float) -> str:
    if row["broke"] is not None or not math.isfinite(row["loss_final"]):
        return "diverged"
    if row["loss_final"] > row["loss_init"]:
        return "exploded"
    gap = row["loss_init"] - floor
    return "stalled" if gap > 0 and row["loss_init"] - row["loss_final"] < STALLED * gap else "ok"


def _best_median(rows: Sequence[Row]) -> float:
    """The lowest median of the final losses of an optimizer."""
    by_label: dict[str, list[float]] = {}
    for row in rows:
        final = row["loss_final"]
        by_label.setdefault(row["label"], []).append(final if math.isfinite(final) else math.inf)
    return min((sorted(finals)[len(finals) // 2] for finals in by_label.values()), default=math.nan)


def _points(protocol: Protocol, judged: Judged) -> Iterator[Row]:
    for label, _ in _entries(protocol):
        for course in judged.courses.get(label, ()):
            if course.error:
                continue
            head = {"label": label, "phase": "evaluate", "lr": course.net.lr, "seed": course.net.seed}
            for step, measured in zip(course.at, course.measured, strict=True):
                yield {**head, "step": step, "split": protocol.split, **measured}
