"""Contour lines lie where the function takes the value."""

import math

import numpy as np
import pytest

from zen_cli.display.plot.contours import contours


def grid(function, columns=61, rows=41, reach=1.5):
    x, y = np.linspace(-reach, reach, columns), np.linspace(-reach, reach, rows)
    return function(x[None, :], y[:, None]), lambda c, r: (
        -reach + 2 * reach * c / (columns - 1), -reach + 2 * reach * r / (rows - 1)
    )  # fmt: skip


def test_a_circle_is_one_closed_line_of_its_radius():
    heights, place = grid(lambda x, y: x * x + y * y)
    (line,) = contours(heights, 1.0)
    assert line[0] == line[-1] and len(line) > 100
    assert all(abs(math.hypot(*place(*point)) - 1) < 0.002 for point in line)
    length = sum(math.dist(place(*a), place(*b)) for a, b in zip(line, line[1:], strict=False))
    assert length == pytest.approx(2 * math.pi, rel=0.002)


def test_a_plane_is_cut_by_a_straight_line_from_border_to_border():
    heights, place = grid(lambda x, y: x + 0 * y)
    (line,) = contours(heights, 0.31)
    assert [round(place(*point)[0], 9) for point in line] == [0.31] * 41
    assert sorted((line[0][1], line[-1][1])) == [0.0, 40.0]


def test_two_hills_are_two_lines_and_nothing_is_none():
    heights, _ = grid(lambda x, y: np.minimum((x - 0.8) ** 2, (x + 0.8) ** 2) + y * y)
    assert len(contours(heights, 0.2)) == 2
    assert contours(heights, 99.0) == [] == contours(heights, -1.0)


@pytest.mark.parametrize(("level", "joined"), [(0.4, True), (0.6, False)])
def test_a_saddle_is_parted_by_its_middle(level, joined):
    lines = contours(np.array([[1.0, 0.0], [0.0, 1.0]]), level)
    assert len(lines) == 2
    corners = {(0.0, 0.0), (1.0, 1.0)} if not joined else {(1.0, 0.0), (0.0, 1.0)}
    cut_off = {min(((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)), key=lambda c: sum(math.dist(c, p) for p in line))
               for line in lines}  # fmt: skip
    assert cut_off == corners


def test_every_crossing_is_on_exactly_one_line():
    heights = np.random.default_rng(0).normal(size=(30, 30))
    lines = contours(heights, 0.1)
    crossings = sum(int(((heights >= 0.1)[a] != (heights >= 0.1)[b]).sum()) for a, b in (
        (np.s_[:, 1:], np.s_[:, :-1]), (np.s_[1:], np.s_[:-1])))  # fmt: skip
    places = [place for line in lines for place in (line[1:] if line[0] == line[-1] else line)]
    assert len(places) == len(set(places)) == crossings


def test_what_is_not_finite_has_no_line():
    heights, _ = grid(lambda x, y: x * x + y * y)
    heights[10, 20:40] = np.nan
    heights[0, 0] = np.inf
    assert all(math.isfinite(value) for line in contours(heights, 1.0) for point in line for value in point)
