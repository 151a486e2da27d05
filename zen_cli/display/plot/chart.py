"""Curves over epochs, drawn in the terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TextIO

from zen_cli.compare.report.scale import Scale, over, wants_log
from zen_cli.display.plot.curves import Curve, pieces, thinned
from zen_cli.display.plot.frame import Area, Key, area, framed, gutter, legend
from zen_cli.display.plot.grid import MARKS, Grid
from zen_cli.display.terminal import encodable
from zen_cli.metrics import larger_is_better

TOO_BAD = 100.0  # times the loss that training begins with
PER_DOT = 4  # points of a curve for each dot of its width


def show(curves: Sequence[Curve], metric: str, title: str, *, stream: TextIO, environ: Mapping[str, str]) -> None:
    """Writes the chart.

    Raises:
        OSError: the stream cannot be written.
    """
    lines = chart(curves, metric, title, area(stream, environ))
    stream.write(encodable("".join(f"{line.rstrip()}\n" for line in lines), stream))


def chart(curves: Sequence[Curve], metric: str, title: str, on: Area) -> list[str]:
    """The lines of the chart: a legend, the curves in a frame, the epochs."""
    look = Look(curves, on)
    keys = [Key(look.mark(i), curve.number, said(curve, curves)) for i, curve in enumerate(curves)]
    head = legend(title, keys, on)
    rows = max(on.lines - len(head) - 2, 4)
    values = worth_showing(metric, curves)
    y = over(values, rows * (4 if look.braille else 1) - 1, 0, log_scale(metric, values), pad=0.0)
    labels = gutter(y, rows, "epoch", on)
    grid = Grid(max(on.columns - len(next(iter(labels.values()))) - 1, 2), rows, look.braille)
    x = epochs(curves, 0, grid.across - 1)
    for i, curve in reversed(list(enumerate(curves))):
        for piece in pieces((point.epoch, point.value) for point in thinned(curve.points, PER_DOT * grid.across)):
            grid.line([(x.at(a), y.at(b)) for a, b in piece], i, look.dotted(curve))
    ticks = {round(x.at(value) * (grid.columns - 1) / (grid.across - 1)): on.tick(value) for value in whole(x)}
    body = grid.lines(lambda mark, i: on.color(mark, curves[i].number))
    return [*head, *framed(body, labels, ticks, "epoch", on)]


class Look:
    """How lines are told apart: by colour, the splits of a run by dots; by a mark for each where that is not enough."""

    def __init__(self, curves: Sequence[Curve], on: Area) -> None:
        self.pair = len(curves) == 2 and [curve.split for curve in curves] == ["train", "validation"]
        self.braille = on.to.unicode and (on.to.color or self.pair or len(curves) == 1)
        self.curves = curves

    def dotted(self, curve: Curve) -> bool:
        return self.braille and (curve.second or (self.pair and curve.split == "train"))

    def mark(self, i: int) -> str:
        """As the legend shows it."""
        if not self.braille:
            return MARKS[i % len(MARKS)]
        return "╌╌" if self.dotted(self.curves[i]) else "━━"


def worth_showing(metric: str, curves: Sequence[Curve]) -> list[float]:
    """The values that the axis must hold, quartiles too: not the few losses that have blown up."""
    finite = [[value for point in curve.points for value in point[1:] if math.isfinite(value)] for curve in curves]
    first = max((values[0] for values in finite if values), default=0.0)
    most = TOO_BAD * first if metric.rpartition(".")[2] == "loss" and first > 0 else math.inf
    known = [value for values in finite for value in values]
    kept = [value for value in known if value <= most]
    return kept if 2 * len(kept) >= len(known) else known


def log_scale(metric: str, values: Sequence[float]) -> bool:
    """Whether equal steps up are equal factors: never for shares, of which more is better."""
    return wants_log(values) and not larger_is_better(metric.rpartition(".")[2])


def epochs(curves: Sequence[Curve], start: float, end: float) -> Scale:
    """The axis of epochs."""
    found = [point.epoch for curve in curves for point in curve.points]
    first, last = min(found), max(found)
    return Scale(first, last, start, end) if last > first else Scale(first - 1, last + 1, start, end)


def whole(x: Scale, most: int = 6) -> list[float]:
    """The ticks of an axis that counts: the first epoch, and round ones."""
    found = [value for value in x.ticks(most) if value == math.floor(value) and value >= 1]
    return found if found[:1] == [x.low] or x.low < 1 or not found else [x.low, *found]


def said(curve: Curve, curves: Sequence[Curve]) -> str:
    """What the legend calls it; with the split where its run has two."""
    several = len({each.split for each in curves if each.label == curve.label}) > 1
    return f"{curve.label} {curve.split}" if several else curve.label
