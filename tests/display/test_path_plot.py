"""Ways of optimizers over a function: the map in the terminal, and the picture."""

import re
from xml.dom import minidom

import numpy as np
import pytest

from tests.display.helpers import XTERM, Ascii, Terminal, golden
from tests.display.test_plot import HOSTILE, Pipe
from tests.training.test_path import experiment
from zen_cli.display.cells import width
from zen_cli.display.plot import path_picture
from zen_cli.display.plot.document import svg_file
from zen_cli.display.plot.landscape import heights, levels, view
from zen_cli.display.plot.path_map import show
from zen_cli.display.plot.path_picture import apart, picture, said
from zen_cli.problems import problems
from zen_cli.problems.surface import Surface
from zen_cli.training.path import Path, path

ROSENBROCK = problems["rosenbrock"]()
SURFACES = [name for name in problems if issubclass(problems[name], Surface)]


def ways(problem="rosenbrock"):
    optimizers = {"sgd": 0.001, "momentum": 0.0005, "adam": 0.05}
    return [(name, path(experiment(problem, f"{{type: {name}, lr: {lr}}}", 300))) for name, lr in optimizers.items()]


def written(paths, stream, environ, title="rosenbrock"):
    show(ROSENBROCK, paths, title, stream=stream, environ=environ)
    return stream.getvalue()


def test_a_map_of_several_ways():
    golden("path.txt", written(ways(), Pipe(), XTERM))


def test_an_ascii_map():
    text = written(ways()[2:], Ascii(), {"COLUMNS": "50", "LINES": "16"})
    assert text.isascii()
    golden("path_ascii.txt", text)


@pytest.mark.parametrize("columns", [10, 20, 61, 300])
def test_no_map_is_wider_than_the_terminal(columns):
    paths = [(HOSTILE, way) for _, way in ways()]
    lines = written(paths, Terminal(), {"COLUMNS": str(columns), "LINES": "30"}, HOSTILE).splitlines()
    assert max(map(width, lines)) <= columns


def test_colours_are_for_terminals():
    text = written(ways(), Terminal(), XTERM)
    assert "\x1b[36m●\x1b[0m" in text and "\x1b[33m◆\x1b[0m" in text
    assert "\x1b" not in written(ways(), Pipe(), XTERM)


@pytest.mark.parametrize("problem", SURFACES)
def test_a_picture_has_lines_ways_and_marks(problem):
    surface, paths = problems[problem](), ways(problem)
    found = svg_file(path_picture.FRAME, problem, picture(surface, paths, problem))
    minidom.parseString(found)
    assert found.count('class="contour"') >= 7 and found.count('class="way"') == 3
    assert found.count('class="lowest"') == len(surface.minima) + 1 + 2  # the start, and the legend's
    assert "nan" not in found and "inf" not in found


def test_hostile_names_stay_text():
    found = svg_file(path_picture.FRAME, HOSTILE, picture(ROSENBROCK, [(HOSTILE, ways()[0][1])], HOSTILE))
    minidom.parseString(found)
    assert "<script" not in found and "\x1b" not in found


@pytest.mark.parametrize("places", [[(-1.2, 1.0)], [(-1.2, 1.0), (1e300, -1e300)]])
def test_a_way_of_no_step_and_one_that_ran_away_are_drawn(places):
    way = Path(places, 24.2, len(places) > 1)
    seen = view(ROSENBROCK, [way], 1.2)
    assert -3 < seen.left < -1.2 and 1 < seen.right < 3
    assert (seen.right - seen.left) / (seen.top - seen.bottom) == pytest.approx(1.2)
    minidom.parseString(svg_file(path_picture.FRAME, "a", picture(ROSENBROCK, [("a", way)], "a")))
    assert "S" in written([("a", way)], Pipe(), {})
    assert said(way) == (("diverged after 1", "") if way.diverged else ("0 steps", "f = 24"))


def test_heights_are_those_of_the_function():
    seen = view(ROSENBROCK, [Path([(-1.2, 1.0)], 24.2, False)], 1.0)
    field = heights(ROSENBROCK, seen, 5, 7)
    assert field.shape == (7, 5)
    assert field[0, 0] == pytest.approx(np.log10(ROSENBROCK.height(seen.left, seen.top)))
    assert all(7 <= len(levels(heights(problems[name](), view(problems[name](), [way], 1.2), 90, 70))) <= 16
               for name in SURFACES for way in [Path([tuple(problems[name]().start)], 1.0, False)])  # fmt: skip


def test_steps_too_close_to_tell_apart_are_one():
    assert re.fullmatch(r"\[\(0, 0\), \(3, 4\), \(3, 5\)\]", str(apart([(0, 0), (0, 1), (3, 4), (3, 5)], 2)))
