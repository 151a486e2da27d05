"""Curves over epochs as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence

from zen_cli.compare.report.legend import Named, legend
from zen_cli.compare.report.marks import dot
from zen_cli.compare.report.markup import tag
from zen_cli.compare.report.scale import Scale, over
from zen_cli.compare.report.svg import Axis, Frame, axes, band, clipped, dash, path, series
from zen_cli.display.plot.chart import epochs, log_scale, whole, worth_showing
from zen_cli.display.plot.curves import Curve, Point, pieces, thinned
from zen_cli.display.plot.document import heading

FRAME = Frame(760, 450, left=66, top=46)
MOST = 700  # points of a curve: more cannot be told apart


def caption(curves: Sequence[Curve]) -> str:
    """How to read it."""
    return " ".join([
        *(["Thin: on the rows of the training."] if any(curve.second for curve in curves) else []),
        *(["Line: median over the seeds; band: the middle half of them."] if _spread(curves) else []),
    ])  # fmt: skip


def picture(curves: Sequence[Curve], metric: str, title: str) -> list[str]:
    """What is in the drawing, in pixels of `FRAME`."""
    shown = [curve._replace(points=thinned(curve.points, MOST)) for curve in curves]
    values = worth_showing(metric, shown)
    (left, right), (bottom, top) = FRAME.x, FRAME.y
    x = epochs(shown, left, right)
    y = over(values, bottom, top, log_scale(metric, values))
    lines = [series(curve.number, *_line(curve, x, y)) for curve in shown]
    named = [Named(curve.number, curve.label, _end(curve, x, y)) for curve in shown if not curve.second]
    frame = axes(FRAME, Axis(x, "epoch", ticks=whole(x)), Axis(y, metric))
    return [*heading(FRAME, title, caption(curves)), frame, clipped(FRAME, *lines), *legend(FRAME, named)]


def _line(curve: Curve, x: Scale, y: Scale) -> list[str]:
    """The band of the seeds, the line, and a dot for each epoch that has no neighbour."""
    whole_points = [point for point in curve.points if math.isfinite(point.value)]
    lower, upper = ([(x.at(point.epoch), y.at(point[i])) for point in whole_points] for i in (1, 3))
    found = pieces((point.epoch, point.value) for point in curve.points)
    places = [[(x.at(a), y.at(b)) for a, b in piece] for piece in found]
    look = {"class_": "line thin"} if curve.second else {"class_": "line", "stroke_dasharray": dash(curve.number)}
    return [
        *([band(lower, upper)] if _spread([curve]) else []),
        tag("path", d="".join(path(piece) for piece in places if len(piece) > 1), **look),
        *(dot(*piece[0]) for piece in places if len(piece) == 1),
    ]


def _spread(curves: Sequence[Curve]) -> bool:
    return any(point.low != point.high for curve in curves for point in curve.points if math.isfinite(point.value))


def _end(curve: Curve, x: Scale, y: Scale) -> tuple[float, float]:
    last: Point = next((point for point in reversed(curve.points) if math.isfinite(point.value)), curve.points[-1])
    return x.at(last.epoch), y.inside(last.value) if math.isfinite(last.value) else sum(FRAME.y) / 2
