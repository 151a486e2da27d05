"""Names beside the ends of lines, none on another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from zen_cli.compare.report.marks import words
from zen_cli.compare.report.markup import pixels, shortened, tag
from zen_cli.compare.report.svg import Frame, Point, dash, path, series

GAP, LONGEST = 16.0, 14  # pixels between labels; characters


class Named(NamedTuple):
    """A line: the number of its series, its name, and where it ends."""

    number: int
    name: str
    end: Point


def legend(frame: Frame, lines: Sequence[Named]) -> list[str]:
    """A label for each line, to the right of the plot and tied to the line's end."""
    heights = spread_out([line.end[1] for line in lines], frame)
    return [series(line.number, _label(frame, line, at)) for line, at in zip(lines, heights, strict=True)]


def _label(frame: Frame, line: Named, at: float) -> str:
    left = frame.x[1]
    tie = path([line.end, (left + 14, at)])
    return (
        tag("path", class_="tie", d=tie)
        + tag("path", class_="line", d=f"M{pixels(left + 16)} {pixels(at)}h22", stroke_dasharray=dash(line.number))
        + words(left + 43, at + 4, shortened(line.name, LONGEST), "tick", line.name)
    )


def spread_out(heights: Sequence[float], frame: Frame) -> list[float]:
    """Heights for labels, each near its own, none on another.

    >>> spread_out([50.0, 52.0, 150.0], Frame(300, 200))
    [43.0, 59.0, 150.0]
    """
    bottom, top = frame.y
    gap = min(GAP, (bottom - top) / max(1, len(heights) - 1))
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    blocks: list[tuple[float, int]] = []  # the middle of labels that touch, and how many they are
    for i in order:
        middle, size = _inside(heights[i], 1, gap, frame), 1
        while blocks and blocks[-1][0] + gap * (blocks[-1][1] + size) / 2 > middle:
            before, count = blocks.pop()
            middle, size = (before * count + middle * size) / (count + size), count + size
            middle = _inside(middle, size, gap, frame)
        blocks.append((middle, size))
    placed = [middle + gap * (k - (size - 1) / 2) for middle, size in blocks for k in range(size)]
    return [placed[order.index(i)] for i in range(len(heights))]


def _inside(middle: float, size: int, gap: float, frame: Frame) -> float:
    """Where the middle of so many labels can be."""
    (bottom, top), half = frame.y, gap * (size - 1) / 2
    return min(max(middle, top + half), bottom - half)
