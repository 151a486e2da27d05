"""How many seeds have reached a target after so many steps; those that never do leave the line below the top."""

from __future__ import annotations

import math
from collections.abc import Sequence

from zen_cli.compare.report.csv_rows import Row
from zen_cli.compare.report.figures.figure import Figure
from zen_cli.compare.report.figures.judged_axis import percent
from zen_cli.compare.report.figures.time_axis import lengths, time_axis
from zen_cli.compare.report.legend import Named, legend
from zen_cli.compare.report.scale import Scale
from zen_cli.compare.report.series import Summary, judged, numbers, split
from zen_cli.compare.report.svg import Axis, Frame, Point, axes, drawing, line, series
from zen_cli.compare.targets import Target, steps_to

FRAME = Frame(560, 360)
AFTER = 1.25  # times the last arrival: how far the axis goes
CAPTION = "Share of the seeds that have reached the target. Seeds that never do keep the line below 100 %."


def reaching(summary: Summary, runs: Sequence[Row], curves: Sequence[Row], name: str) -> Figure | None:
    """None where nothing was measured on the way."""
    steps = {label: arrivals(summary, runs, curves, label, name) for label in numbers(summary)}
    if not curves or not any(steps.values()):
        return None
    by_steps, by_seconds = (_drawn(summary, runs, steps, name, each) for each in (False, True))
    return Figure("reach", f"Reaching {name}", CAPTION, by_steps=by_steps, by_seconds=by_seconds)


def arrivals(
    summary: Summary, runs: Sequence[Row], curves: Sequence[Row], label: str, name: str
) -> list[int | None]:
    """For each run that judges an optimizer: the step at which it is at the target, or None."""
    target = Target(**next(each for each in summary["targets"] if each["name"] == name))
    points: dict[int, list[Row]] = {row["seed"]: [] for row in judged(runs, label)}
    for row in curves:
        if row["label"] == label and row["phase"] == "evaluate" and row["split"] == split(summary):
            points.setdefault(row["seed"], []).append(row)
    return [steps_to(target, each) for each in points.values()]


def staircase(reached: Sequence[float], count: int, end: float) -> list[Point]:
    """The share of `count` runs that is done after a time, as corners.

    >>> staircase([2.0, 5.0], 4, 9.0)
    [(0.0, 0.0), (2.0, 0.0), (2.0, 0.25), (5.0, 0.25), (5.0, 0.5), (9.0, 0.5)]
    """
    corners = [(0.0, 0.0)]
    for i, time in enumerate(sorted(reached), 1):
        corners += [(time, corners[-1][1]), (time, i / count)]
    return [*corners, (end, corners[-1][1])]


def _drawn(
    summary: Summary, runs: Sequence[Row], steps: dict[str, list[int | None]], name: str, seconds: bool
) -> tuple[str, ...]:
    known = {label: length for label, length in lengths(summary, seconds).items() if steps[label]}
    if not known:
        return ()
    reached = {label: [step * known[label] for step in steps[label] if step is not None] for label in known}
    ends = {label: known[label] * max(row["steps"] for row in judged(runs, label)) for label in known}
    last = max((time for times in reached.values() for time in times), default=0.0)
    furthest = min(max(ends.values()), AFTER * last or math.inf)
    x = time_axis(FRAME, furthest, seconds)
    bottom, top = FRAME.y
    y = Axis(Scale(0.0, 1.04, bottom, top), "seeds", percent, (0.0, 0.25, 0.5, 0.75, 1.0))
    lines, named = [], []
    for label, times in reached.items():
        corners = staircase(times, len(steps[label]), min(ends[label], furthest))
        places = [(x.scale.at(a), y.scale.at(b)) for a, b in corners]
        number = numbers(summary)[label]
        lines.append(series(number, line(places, number)))
        named.append(Named(number, label, places[-1]))
    title = f"Seeds that reached {name}, by {'seconds' if seconds else 'steps'}"
    return (drawing(FRAME, title, axes(FRAME, x, y), *lines, *legend(FRAME, named)),)
