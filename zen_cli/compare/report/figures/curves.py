"""Learning curves: the median over the seeds, the middle half of them as a band, a cross where a run failed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from zen_cli.compare.report.csv_rows import Row
from zen_cli.compare.report.figures.figure import Figure
from zen_cli.compare.report.figures.judged_axis import judged_axis, worth_showing
from zen_cli.compare.report.figures.time_axis import lengths, time_axis
from zen_cli.compare.report.legend import Named, legend
from zen_cli.compare.report.marks import cross
from zen_cli.compare.report.series import Band, Summary, bands, judged, last_seen, numbers
from zen_cli.compare.report.svg import Axis, Frame, axes, band, clipped, drawing, line, series

FRAME = Frame(560, 360)
MOST = 150  # points of a curve: more cannot be told apart
CAPTION = (
    "Line: median over the seeds. Band: the middle half of them. A cross: a seed's numbers were finite no more."
    " A failed seed counts as infinitely bad."
)


def learning_curves(summary: Summary, runs: Sequence[Row], curves: Sequence[Row]) -> Figure | None:
    """None where nothing was measured on the way."""
    found = {label: thinned(bands(summary, runs, curves, label)) for label in numbers(summary)}
    found = {label: points for label, points in found.items() if points}
    if not found:
        return None
    drawn = [_drawn(summary, runs, curves, found, seconds) for seconds in (False, True)]
    title = f"Learning curves: {summary['metric']['name']}"
    return Figure("curves", title, CAPTION, by_steps=drawn[0], by_seconds=drawn[1])


def thinned(points: list[Band]) -> list[Band]:
    """Every so manyth point, and the last."""
    every = -(-len(points) // MOST) or 1
    return points[::-every][::-1]


def _drawn(
    summary: Summary, runs: Sequence[Row], curves: Sequence[Row], found: dict[str, list[Band]], seconds: bool
) -> tuple[str, ...]:
    known = lengths(summary, seconds)
    shown = {label: points for label, points in found.items() if label in known}
    if not shown:
        return ()
    furthest = max(points[-1].step * known[label] for label, points in shown.items())
    x = time_axis(FRAME, furthest, seconds)
    seen = (each for points in shown.values() for point in points for each in point[1:])
    y = judged_axis(summary, FRAME, worth_showing(summary, runs, seen))
    parts, ends = [], []
    for label, points in shown.items():
        number = numbers(summary)[label]
        parts.append(series(number, _curve(points, number, known[label], x, y)))
        failed = [row for row in judged(runs, label) if row.get("broke") is not None]
        places = ((row["broke"] * known[label], last_seen(summary, curves, row), row) for row in failed)
        crosses = [cross(x.scale.inside(a), y.scale.inside(b), f"{label}, seed {row['seed']}") for a, b, row in places]
        parts.append(series(number, *crosses) if crosses else "")
        ends.append(Named(number, label, _end(points, known[label], x, y)))
    title = f"Learning curves by {'seconds' if seconds else 'steps'}"
    return (drawing(FRAME, title, axes(FRAME, x, y), clipped(FRAME, *parts), *legend(FRAME, ends)),)


def _curve(points: Sequence[Band], number: int, length: float, x: Axis, y: Axis) -> str:
    across = [x.scale.at(point.step * length) for point in points]
    lower, middle, upper = (
        [(a, y.scale.at(point[i])) for a, point in zip(across, points, strict=True)] for i in (1, 2, 3)
    )
    finite = [place if math.isfinite(point.median) else (math.nan, 0.0)
              for place, point in zip(middle, points, strict=True)]  # fmt: skip
    return band(lower, upper) + line(finite, number)


def _end(points: Sequence[Band], length: float, x: Axis, y: Axis) -> tuple[float, float]:
    last = next((point for point in reversed(points) if math.isfinite(point.median)), points[-1])
    return x.scale.inside(last.step * length), y.scale.inside(last.median)
