"""What is to be expected of an optimizer when only k learning rates are tried."""

from __future__ import annotations

import math
from collections.abc import Sequence

from zen_cli.compare.report.csv_rows import Row
from zen_cli.compare.report.figures.figure import Figure
from zen_cli.compare.report.figures.judged_axis import judged_axis, worth_showing
from zen_cli.compare.report.legend import Named, legend
from zen_cli.compare.report.marks import marker
from zen_cli.compare.report.scale import over
from zen_cli.compare.report.series import Summary, numbers
from zen_cli.compare.report.svg import Axis, Frame, Point, axes, clipped, drawing, line, series

FRAME = Frame(560, 360)
CAPTION = (
    "The expected best of k rates, drawn at random from those that were tried. Who is good on the left needs little"
    " tuning."
)


def budgets(summary: Summary, runs: Sequence[Row]) -> Figure | None:
    """None where no optimizer was tuned with two rates or more."""
    found = {each["label"]: _curve(each.get("budget_curve") or {}) for each in summary["optimisers"]}
    found = {label: curve for label, curve in found.items() if curve}
    ks = sorted({k for curve in found.values() for k in curve})
    if len(ks) < 2:
        return None
    x = Axis(over(ks, *FRAME.x, log=True), "rates tried", ticks=ks)
    seen = (value for curve in found.values() for value in curve.values())
    y = judged_axis(summary, FRAME, worth_showing(summary, runs, seen))
    lines, ends = [], []
    for label, curve in found.items():
        number = numbers(summary)[label]
        places = [(x.scale.at(k), y.scale.at(value)) for k, value in curve.items()]
        lines.append(series(number, line(places, number), *(marker(*place, number, 3.5) for place in places)))
        ends.append(Named(number, label, _end(places[-1], y)))
    plot = axes(FRAME, x, y) + clipped(FRAME, *lines)
    content = drawing(FRAME, "Expected best of k learning rates", plot, *legend(FRAME, ends))
    return Figure("budgets", "Best of k learning rates", CAPTION, always=(content,))


def _end(last: Point, y: Axis) -> Point:
    """Within the plot, for the label."""
    return last[0], min(max(last[1], y.scale.end), y.scale.start)


def _curve(found: dict[str, float | None]) -> dict[float, float]:
    """By the number of trials, ascending; what is not finite is left out."""
    known = {float(k): value for k, value in found.items() if value is not None and math.isfinite(value)}
    return dict(sorted(known.items()))
