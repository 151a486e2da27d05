"""A small plot: a frame with axes, and lines, bands, points and a legend in it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from zen_cli.compare.report.marks import words
from zen_cli.compare.report.markup import pixels, safe, tag
from zen_cli.compare.report.scale import Scale, tick_text

COLORS = 8
DASHES = (None, "7 3", "2 3", "9 3 2 3", "12 4")  # five, so that colour and dash together tell 40 apart

Point = tuple[float, float]


class Frame(NamedTuple):
    """The size of a drawing, and the margins around its plot."""

    width: float
    height: float
    left: float = 58
    right: float = 150
    top: float = 12
    bottom: float = 44

    @property
    def x(self) -> tuple[float, float]:
        """From left to right."""
        return self.left, self.width - self.right

    @property
    def y(self) -> tuple[float, float]:
        """From the bottom up."""
        return self.height - self.bottom, self.top


class Axis(NamedTuple):
    """A scale, what it shows, and how its values are written."""

    scale: Scale
    title: str
    text: Callable[[float], str] = tick_text
    ticks: Sequence[float] | None = None


def drawing(frame: Frame, title: str, *content: str) -> str:
    """A whole SVG element with a title that is read aloud."""
    box = f"0 0 {pixels(frame.width)} {pixels(frame.height)}"
    return tag("svg", tag("title", safe(title)), *content, viewBox=box, role="img", aria_label=title)


def clipped(frame: Frame, *content: str) -> str:
    """The content, cut off at the plot's border."""
    (left, right), (bottom, top) = frame.x, frame.y
    box = " ".join(map(pixels, (left, top, right - left, bottom - top)))
    return tag("svg", *content, x=left, y=top, width=right - left, height=bottom - top, viewBox=box)


def axes(frame: Frame, x: Axis, y: Axis, most: tuple[int, int] = (6, 5)) -> str:
    """Grid lines, tick labels and titles."""
    (left, right), (bottom, top) = frame.x, frame.y
    parts = []
    for value in y.scale.ticks(most[1]) if y.ticks is None else y.ticks:
        at = y.scale.at(value)
        parts.append(tag("path", class_="rule", d=f"M{pixels(left)} {pixels(at)}H{pixels(right)}"))
        parts.append(words(left - 7, at + 4, y.text(value), "tick end"))
    for value in x.scale.ticks(most[0]) if x.ticks is None else x.ticks:
        at = x.scale.at(value)
        parts.append(tag("path", class_="rule", d=f"M{pixels(at)} {pixels(bottom)}V{pixels(top)}"))
        parts.append(words(at, bottom + 16, x.text(value), "tick mid"))
    parts.append(tag("path", class_="axis", d=f"M{pixels(left)} {pixels(bottom)}H{pixels(right)}"))
    parts.append(words((left + right) / 2, bottom + 34, x.title, "name mid"))
    return "".join(parts) + _sideways(12, (bottom + top) / 2, y.title)


def _sideways(x: float, y: float, text: str) -> str:
    turned = f"translate({pixels(x)} {pixels(y)}) rotate(-90)"
    return tag("text", safe(text), transform=turned, class_="name mid") if text else ""


def path(points: Iterable[Point]) -> str:
    """The `d` of a line through pixels; a point that is not a number interrupts it.

    >>> path([(0.0, 1.0), (2.0, 3.0), (math.nan, 0.0), (4.0, 5.0)])
    'M0 1L2 3M4 5'
    """
    parts, begin = [], True
    for x, y in points:
        if math.isnan(x) or math.isnan(y):
            begin = True
            continue
        parts.append(f"{'M' if begin else 'L'}{pixels(x)} {pixels(y)}")
        begin = False
    return "".join(parts)


def line(points: Iterable[Point], number: int) -> str:
    """A line in the dash pattern of the series with this number."""
    return tag("path", class_="line", d=path(points), stroke_dasharray=dash(number))


def band(lower: Sequence[Point], upper: Sequence[Point]) -> str:
    """The area between two lines."""
    return tag("path", class_="band", d=path([*lower, *reversed(upper)]) + "Z") if lower else ""


def series(number: int, *content: str) -> str:
    """What belongs to one optimizer, in its colour."""
    return tag("g", *content, class_=f"series {color(number)}")


def color(number: int) -> str:
    """The class that sets the colour."""
    return f"s{number % COLORS}"


def dash(number: int) -> str | None:
    """The dash pattern: the second cue beside the colour."""
    return DASHES[number % len(DASHES)]
