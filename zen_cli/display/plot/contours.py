"""Contour lines by marching squares: where a grid of heights takes one value.

Source: Lorensen and Cline 1987 in the plane; saddles by the mean of the corners.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

Heights = np.ndarray[Any, Any]
Place = tuple[float, float]
Edge = tuple[int, int, bool]  # row and column of its first corner; whether it goes down, else to the right


def contours(heights: Heights, level: float) -> list[list[Place]]:
    """The lines as (column, row) places on the grid; a closed one ends where it begins.

    heights (rows, columns); cells with a corner that is not finite have no line.

    >>> contours(np.array([[0.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 0.0]]), 1.0)
    [[(1.0, 0.5), (1.5, 1.0), (1.0, 1.5), (0.5, 1.0), (1.0, 0.5)]]
    """
    links: dict[Edge, list[Edge]] = {}
    for one, other in _segments(heights, level):
        links.setdefault(one, []).append(other)
        links.setdefault(other, []).append(one)
    lines = []
    open_ends = [edge for edge, near in links.items() if len(near) == 1]
    for begin in [*open_ends, *links]:
        if begin in links:
            lines.append([_place(edge, heights, level) for edge in _followed(links, begin)])
    return lines


def _segments(heights: Heights, level: float) -> Iterator[tuple[Edge, Edge]]:
    """The pieces of the lines, cell by cell, each from one edge of the cell to another."""
    above = heights >= level
    corners = above[:-1, :-1].astype(int) + above[:-1, 1:] + above[1:, 1:] + above[1:, :-1]
    finite = np.isfinite(heights)
    whole = finite[:-1, :-1] & finite[:-1, 1:] & finite[1:, 1:] & finite[1:, :-1]
    for r, c in np.argwhere((corners > 0) & (corners < 4) & whole).tolist():
        a, b, d, e = above[r, c], above[r, c + 1], above[r + 1, c + 1], above[r + 1, c]
        top, right, bottom, left = (r, c, False), (r, c + 1, True), (r + 1, c, False), (r, c, True)
        crossed = [edge for edge, is_crossed in ((top, a != b), (right, b != d), (bottom, d != e), (left, e != a))
                   if is_crossed]  # fmt: skip
        if len(crossed) == 2:
            yield crossed[0], crossed[1]
        elif (heights[r : r + 2, c : c + 2].mean() >= level) == a:  # a saddle: the first corner's side goes through
            yield from ((top, right), (bottom, left))
        else:
            yield from ((left, top), (right, bottom))


def _followed(links: dict[Edge, list[Edge]], begin: Edge) -> list[Edge]:
    """The line from an edge on; takes its links away."""
    line, edge = [begin], begin
    while links.get(edge):
        other = links[edge].pop()
        links[other].remove(edge)
        for done in (edge, other):
            if not links[done]:
                del links[done]
        line.append(other)
        edge = other
    return line


def _place(edge: Edge, heights: Heights, level: float) -> Place:
    row, column, down = edge
    one, other = float(heights[row, column]), float(heights[row + down, column + (not down)])
    share = (level - one) / (other - one)
    return (float(column), row + share) if down else (column + share, float(row))
