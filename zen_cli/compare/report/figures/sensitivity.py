"""What each learning rate gave in tuning: a small plot an optimizer, all on the same vertical axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from zen_cli.compare.report.csv_rows import Row
from zen_cli.compare.report.figures.figure import Figure
from zen_cli.compare.report.figures.judged_axis import judged_axis, worth_showing
from zen_cli.compare.report.marks import cross, dot, marker, words
from zen_cli.compare.report.markup import shortened, tag
from zen_cli.compare.report.scale import over
from zen_cli.compare.report.series import Summary, numbers, value, worst
from zen_cli.compare.report.svg import Axis, Frame, Point, axes, color, drawing, line, path, series
from zen_cli.display.numbers import short

FRAME = Frame(280, 200, left=50, right=12, top=36, bottom=40)
CAPTION = (
    "Small discs: one tuning seed each; line: their mean. Large mark: the rate that was chosen. Dashed line: the"
    " optimizer's default. Crosses at the border: runs that failed or are worse than the axis shows."
)


def sensitivity(summary: Summary, runs: Sequence[Row], tuning: Sequence[Row]) -> Figure | None:
    """None where nothing was tuned."""
    if not tuning:
        return None
    y = judged_axis(summary, FRAME, worth_showing(summary, runs, (value(row, "final", math.inf) for row in tuning)))
    drawn = [_panel(summary, each, tuning, y) for each in summary["optimisers"]]
    title = f"Learning rates in tuning: {summary['metric']['name']}"
    return Figure("sensitivity", title, CAPTION, always=tuple(filter(None, drawn)))


def default_rate(summary: Summary, label: str) -> float | None:
    """The rate that the optimizer has where none is stated."""
    rates = (each.get("default_lr") for each in summary["protocol"]["optimizers"] if each["label"] == label)
    return next(rates, None)


def _panel(summary: Summary, optimiser: dict[str, Any], tuning: Sequence[Row], y: Axis) -> str:
    label, number = optimiser["label"], numbers(summary)[optimiser["label"]]
    rows = [row for row in tuning if row["label"] == label]
    if not rows:
        return ""
    default, chosen = default_rate(summary, label), optimiser["hp"].get("lr")
    rates = sorted({row["lr"] for row in rows})
    x = Axis(over([*rates, *([default] if default else [])], *FRAME.x, log=True), "learning rate")
    level = [_level(rate, [row for row in rows if row["lr"] == rate], x, y) for rate in rates]
    head = tag("g", marker(56, 9, number), words(66, 13, shortened(label, 28), "head"), class_=color(number))
    points = [_point(row, x, y, worst(summary)) for row in rows]
    best = [marker(*place, number, 5.5) for rate, place in zip(rates, level, strict=True) if rate == chosen]
    marked = _default(x.scale.at(default)) if default else ""
    return drawing(FRAME, f"Learning rates of {label}", axes(FRAME, x, y._replace(title=""), (4, 5)), head, marked,
                   series(number, line(level, 0), *points, *best))  # fmt: skip


def _point(row: Row, x: Axis, y: Axis, instead: float) -> str:
    final = value(row, "final", instead)
    at, height = x.scale.at(row["lr"]), y.scale.inside(final)
    title = f"seed {row['seed']}, lr {row['lr']:g}: {short(final) if math.isfinite(final) else row['status']}"
    shown = math.isfinite(final) and y.scale.low <= final <= y.scale.high
    return dot(at, height, title, 2.6, "seed") if shown else cross(at, height, title, 3)


def _level(rate: float, rows: Sequence[Row], x: Axis, y: Axis) -> Point:
    """Where the mean of the runs that finished stands."""
    finals = (value(row, "final", math.nan) for row in rows)
    finite = [final for final in finals if not math.isnan(final)]
    return x.scale.at(rate), y.scale.inside(sum(finite) / len(finite)) if finite else math.nan


def _default(at: float) -> str:
    (bottom, top) = FRAME.y
    named = words(max(at, FRAME.left + 18), top - 3, "default", "note mid")
    return tag("path", class_="default", d=path([(at, bottom), (at, top)])) + named
