"""The loss over the learning rate, in the terminal and as SVG."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TextIO

from zen_cli.compare.report.markup import pixels, tag
from zen_cli.compare.report.scale import Scale, over, wants_log
from zen_cli.compare.report.svg import Axis, Frame, axes, clipped, path, series
from zen_cli.display.plot.curves import pieces
from zen_cli.display.plot.document import heading
from zen_cli.display.plot.frame import Area, Key, area, framed, gutter, legend
from zen_cli.display.plot.grid import MARKS, Grid
from zen_cli.display.terminal import encodable
from zen_cli.training.rate_test import RateTest, Trial

FRAME = Frame(760, 450, left=66, top=46)
SMOOTHED, LOSS = 0, 1
TALLEST = 1.5  # times the first smoothed loss, that is shown


def show(found: RateTest, title: str, *, stream: TextIO, environ: Mapping[str, str]) -> None:
    """Writes the chart.

    Raises:
        OSError: the stream cannot be written.
    """
    lines = chart(found, title, area(stream, environ))
    stream.write(encodable("".join(f"{line.rstrip()}\n" for line in lines), stream))


def chart(found: RateTest, title: str, on: Area) -> list[str]:
    """The lines of the chart: the loss of each step, dotted, the smoothed one, and a bar at the suggestion."""
    braille, bar = on.to.unicode, "│" if on.to.unicode else "|"
    line, dots = ("━━", "╌╌") if braille else (MARKS[SMOOTHED], MARKS[LOSS])
    keys = [Key(line, SMOOTHED, "smoothed"), Key(dots, LOSS, "loss")]
    head = legend(title, [*keys, *([Key(bar, None, f"{found.suggestion:g}")] if found.suggestion else [])], on)
    rows = max(on.lines - len(head) - 2, 4)
    y = _heights(found.trials, rows * (4 if braille else 1) - 1, 0)
    labels = gutter(y, rows, "lr", on)
    grid = Grid(max(on.columns - len(next(iter(labels.values()))) - 1, 2), rows, braille)
    x = _rates(found.trials, 0, grid.across - 1)
    for number, values in ((LOSS, "loss"), (SMOOTHED, "smoothed")):
        for piece in pieces((each.lr, getattr(each, values)) for each in found.trials):
            grid.line([(x.at(a), y.at(b)) for a, b in piece], number, braille and number == LOSS)
    columns = Scale(x.low, x.high, 0, grid.columns - 1, log=True)
    marked = round(columns.at(found.suggestion)) if found.suggestion else -1
    body = grid.lines(on.color, lambda row, column: bar if column == marked else " ")
    ticks = {round(columns.at(value)): on.tick(value) for value in columns.ticks()}
    return [*head, *framed(body, labels, ticks, "lr", on)]


def picture(found: RateTest, title: str) -> list[str]:
    """What is in the drawing, in pixels of `FRAME`."""
    (left, right), (bottom, top) = FRAME.x, FRAME.y
    x, y = _rates(found.trials, left, right), _heights(found.trials, bottom, top)
    lines = []
    for number, name, look in ((LOSS, "loss", "line thin"), (SMOOTHED, "smoothed", "line")):
        places = [(x.at(each.lr), y.at(getattr(each, name))) for each in found.trials]
        lines.append(series(number, tag("path", class_=look, d=path(places))))
    if found.suggestion:
        at = pixels(x.at(found.suggestion))
        lines.append(tag("path", class_="axis", d=f"M{at} {pixels(bottom)}V{pixels(top)}"))
    said = f"Suggested: {found.suggestion:g}." if found.suggestion else "The loss never fell."
    frame = axes(FRAME, Axis(x, "learning rate"), Axis(y, "loss"))
    return [*heading(FRAME, title, f"{said} Thin: the loss of each step."), frame, clipped(FRAME, *lines)]


def _rates(trials: Sequence[Trial], start: float, end: float) -> Scale:
    return over((trial.lr for trial in trials), start, end, log=True, pad=0.0)


def _heights(trials: Sequence[Trial], start: float, end: float) -> Scale:
    """What is smoothed, but not the losses that have blown up."""
    most = TALLEST * trials[0].smoothed if trials[0].smoothed > 0 else math.inf
    values = [trial.smoothed for trial in trials if trial.smoothed <= most]
    return over(values, start, end, wants_log(values), pad=0.0)
