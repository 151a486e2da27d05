"""The ways of optimizers over the contour lines of a function, as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence

from zen_cli.compare.report.marks import dot, marker, words
from zen_cli.compare.report.markup import pixels, shortened, tag
from zen_cli.compare.report.scale import Scale, tick_text
from zen_cli.compare.report.svg import Axis, Frame, Point, axes, clipped, series
from zen_cli.compare.report.svg import path as line_through
from zen_cli.display.numbers import short
from zen_cli.display.plot.contours import contours
from zen_cli.display.plot.document import heading
from zen_cli.display.plot.landscape import heights, levels, view
from zen_cli.problems.surface import Surface
from zen_cli.training.path import Path

FRAME = Frame(800, 560, left=56, right=170, top=46, bottom=46)
CELL = 2.0  # pixels between the heights that contour lines are drawn from: valleys are narrow
CLOSE, APART, BENDS = 0.6, 5.0, 3.5  # pixels: between steps that differ, that each have a dot; points of a contour
LONGEST = 16  # characters of a name


def picture(surface: Surface, paths: Sequence[tuple[str, Path]], title: str) -> list[str]:
    """What is in the drawing, in pixels of `FRAME`."""
    (left, right), (bottom, top) = FRAME.x, FRAME.y
    seen = view(surface, [way for _, way in paths], (right - left) / (bottom - top))
    x, y = Scale(seen.left, seen.right, left, right), Scale(seen.bottom, seen.top, bottom, top)
    size = int((right - left) / CELL) + 1, int((bottom - top) / CELL) + 1
    grid = heights(surface, seen, *size)
    drawn = levels(grid)
    lines = [_contour(grid, level, i / len(drawn), size) for i, level in enumerate(drawn)]
    ways = [series(number, *_way(way, number, x, y)) for number, (_, way) in enumerate(paths)]
    places = [_lowest(x.at(a), y.at(b)) for a, b in surface.minima]
    starts = dict.fromkeys((x.at(way.places[0][0]), y.at(way.places[0][1])) for _, way in paths)
    marks = [*places, *(tag("circle", cx=a, cy=b, r=5.0, class_="lowest") for a, b in starts)]
    caption = f"Contour lines from {_power(drawn[0])} to {_power(drawn[-1])} above the lowest point, " + (
        f"each {10 ** (drawn[1] - drawn[0]):.3g} times the one before."
    ) if len(drawn) > 1 else ""  # fmt: skip
    frame = axes(FRAME, Axis(x, "x"), Axis(y, "y"))
    return [*heading(FRAME, title, caption), frame, clipped(FRAME, *lines, *ways, *marks), *_legend(paths)]


def _contour(grid: object, level: float, share: float, size: tuple[int, int]) -> str:
    """The lines of a level; deeper ones are stronger."""
    (left, right), (bottom, top) = FRAME.x, FRAME.y
    across, down = (right - left) / (size[0] - 1), (bottom - top) / (size[1] - 1)
    d = "".join(
        line_through(apart([(left + column * across, top + row * down) for column, row in line], BENDS))
        for line in contours(grid, level)  # type: ignore[arg-type]
    )
    return tag("path", tag("title", _power(level)), class_="contour", d=d, opacity=f"{0.9 - 0.55 * share:.2f}")


def _way(way: Path, number: int, x: Scale, y: Scale) -> list[str]:
    """The line, a dot for each step that is seen as one, and a mark at the end."""
    places = [(x.at(a), y.at(b)) for a, b in way.places]
    dots = [dot(a, b, size=1.6, look="seed") for a, b in apart(places, APART)[1:]]
    end = f"step {way.steps:,}: ({short(way.places[-1][0])}, {short(way.places[-1][1])})"
    return [
        tag("path", class_="way", d=line_through(apart(places, CLOSE))), *dots, marker(*places[-1], number, 5, end)
    ]


def apart(places: Sequence[Point], least: float) -> list[Point]:
    """The places without those that are closer to the one before than that; the last stays.

    >>> apart([(0.0, 0.0), (0.1, 0.0), (1.0, 0.0), (1.2, 0.0)], 0.5)
    [(0.0, 0.0), (1.0, 0.0), (1.2, 0.0)]
    """
    kept = [places[0]]
    for place in places[1:]:
        if math.dist(place, kept[-1]) >= least:
            kept.append(place)
    return kept if kept[-1] == places[-1] else [*kept, places[-1]]


def _lowest(x: float, y: float) -> str:
    return tag("path", class_="lowest", d=f"M{pixels(x - 6)} {pixels(y)}h12m-6-6v12")


def _legend(paths: Sequence[tuple[str, Path]]) -> list[str]:
    """Each way with how far it came, then what the marks mean."""
    left, at, parts = FRAME.x[1] + 18, FRAME.y[1] + 8, []
    for number, (label, way) in enumerate(paths):
        key = tag("path", class_="line", d=f"M{pixels(left)} {pixels(at)}h22") + marker(left + 11, at, number, 4.5)
        name = words(left + 30, at + 4, shortened(label, LONGEST), "tick", label)
        parts.append(series(number, key, name))
        parts += [words(left + 30, at + 4 + 15 * i, text, "note") for i, text in enumerate(said(way), 1)]
        at += 56
    parts += [tag("circle", cx=left + 11, cy=at, r=5.0, class_="lowest"), words(left + 30, at + 4, "start", "note")]
    return [*parts, _lowest(left + 11, at + 22), words(left + 30, at + 26, "lowest point", "note")]


def said(way: Path) -> tuple[str, str]:
    """How far it came, and how low."""
    steps = f"{way.steps:,} step{'s' if way.steps != 1 else ''}"
    return (f"diverged after {way.steps:,}", "") if way.diverged else (steps, f"f = {way.height:.2g}")


def _power(exponent: float) -> str:
    return tick_text(float(f"{10**exponent:.3g}"))
