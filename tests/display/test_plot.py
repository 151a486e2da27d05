"""Curves of runs: in the terminal as it is, and as pictures."""

import io
import math
import re
from xml.dom import minidom

import pytest

from tests.display.helpers import XTERM, Ascii, Terminal, golden
from zen_cli.compare.report.svg import drawing
from zen_cli.display.cells import width
from zen_cli.display.plot import picture
from zen_cli.display.plot.chart import show, worth_showing
from zen_cli.display.plot.curves import Curve, Point, drawn, points, thinned
from zen_cli.display.plot.document import html_file, svg_file
from zen_cli.errors import Exit, ZenError

HOSTILE = "<script>\x1b[31m&'\"</svg>"


class Pipe(io.StringIO):
    encoding = "utf-8"


def event(epoch, train, validation=None):
    split = {} if validation is None else {"validation": {"loss": validation, "accuracy": 1 - validation / 4}}
    return {"event": "epoch", "epoch": epoch, "step": 9 * epoch, "lr": 0.1, "train": {"loss": train}, **split}


ONE = [event(i, 2.0 * 0.9**i, 0.2 + 1.5 * 0.85**i) for i in range(1, 41)]
OTHER = [event(i, 1.8 * 0.8**i, 0.3 + 1.2 * 0.7**i) for i in range(1, 31)]
GAPS = [event(i, None if i in (3, 4, 6) else 1.0 / i) for i in range(1, 9)]


def read(*runs, metric="loss"):
    return drawn([(name, points(events, metric, name)) for name, events in runs])


def written(curves, stream, environ, metric="loss", title="loss"):
    show(curves, metric, title, stream=stream, environ=environ)
    return stream.getvalue()


def svg(curves, metric="loss", title="loss"):
    return svg_file(picture.FRAME, title, picture.picture(curves, metric, title))


def test_a_run_has_a_line_for_each_split():
    golden("plot.txt", written(read(("digits", ONE)), Pipe(), XTERM, title="digits: loss"))


def test_several_runs_share_a_frame():
    golden("plot_two.txt", written(read(("adam", ONE), ("sgd", OTHER)), Pipe(), XTERM))


def test_an_ascii_terminal_gets_ascii():
    text = written(read(("digits", ONE)), Ascii(), {"COLUMNS": "60", "LINES": "15"}, title="digits: loss")
    assert text.isascii()
    golden("plot_ascii.txt", text)


@pytest.mark.parametrize("columns", [10, 20, 33, 60, 119, 300])
def test_no_line_is_wider_than_the_terminal_nor_the_chart_higher(columns):
    curves = read((HOSTILE, ONE), ("損失" * 9, OTHER))
    lines = written(curves, Terminal(), {"COLUMNS": str(columns), "LINES": "24"}, title=HOSTILE).splitlines()
    assert max(map(width, lines)) <= columns and len(lines) <= 23
    golden("plot_20.txt", "\n".join(lines) + "\n") if columns == 20 else None


def test_colours_are_for_terminals():
    curves = read(("adam", ONE), ("sgd", OTHER))
    assert "\x1b[36m" in written(curves, Terminal(), XTERM)
    assert "\x1b" not in written(curves, Terminal(), {**XTERM, "NO_COLOR": "1"})
    assert "\x1b" not in written(curves, Pipe(), XTERM)


def test_the_scale_is_logarithmic_over_a_decade_but_not_for_shares():
    assert re.search(r"^ *0\.1[┤│]", written(read(("a", ONE)), Pipe(), {}), re.M)
    shares = written(read(("a", [event(i, 1.0, 3.9 - 3.8 * i / 9) for i in range(1, 10)]), metric="accuracy"),
                     Pipe(), {}, "accuracy")  # fmt: skip
    assert re.search(r"^ *0\.75[┤│]", shares, re.M)


@pytest.mark.parametrize("events", [[event(1, 0.5)], [event(1, 0.5, 0.6)], [event(1, None)], [event(7, 0.0)], GAPS])
def test_little_is_drawn_too(events):
    curves = read(("a", events))
    assert "epoch" in written(curves, Pipe(), {})
    minidom.parseString(svg(curves))


def test_a_gap_stays_open():
    drawn_gaps = svg(read(("a", GAPS)))
    (line,) = re.findall(r'<path d="([^"]*)" class="line"', drawn_gaps)
    assert line.count("M") == 2 and len(re.findall(r'<circle [^>]*class="dot"', drawn_gaps)) == 1


def test_losses_that_blow_up_leave_the_plot():
    curves = read(("sound", ONE), ("broken", [event(i, 2.0 * 10.0 ** (i * i)) for i in range(17)]))
    assert max(worth_showing("loss", curves)) <= 200.0 and len(worth_showing("lr", curves)) == 3 * 97
    assert "10" + "⁹" not in written(curves, Pipe(), {})
    minidom.parseString(svg(curves))
    assert len(worth_showing("loss", curves[-1:])) == 3 * 17  # there is nothing else to see


def test_thinning_keeps_spikes():
    course = [Point(i, *[9.0 if i == 501 else 1.0] * 3) for i in range(1, 2001)]
    kept = thinned(course, 100)
    assert len(kept) <= 100 and max(point.value for point in kept) == 9.0
    assert [point.epoch for point in kept] == sorted(point.epoch for point in kept)
    assert thinned(course[:50], 100) == course[:50]


def test_of_several_seeds_the_median_and_the_middle_half():
    events = [event(i, [1.0 / i, 2.0 / i, None]) for i in (1, 2)]
    assert points(events, "loss", "a") == {"train": [Point(1, 1.5, 2.0, math.inf), Point(2, 0.75, 1.0, math.inf)]}
    assert 'class="band"' in svg(read(("a", events))) and 'class="band"' not in svg(read(("a", ONE)))


def test_other_numbers_can_be_drawn():
    assert [curve.label for curve in read(("a", ONE), metric="validation.accuracy")] == ["validation"]
    assert [curve.label for curve in read(("a", ONE), metric="lr")] == ["a"]
    with pytest.raises(ZenError, match="'mse' is not recorded") as error:
        read(("a", ONE), metric="mse")
    assert error.value.hint == "recorded: train.loss, validation.loss, validation.accuracy, lr"
    assert error.value.code == Exit.USAGE
    with pytest.raises(ZenError, match="no epoch is recorded"):
        read(("a", []))


@pytest.mark.parametrize("name", ["event", "train", "epoch.loss", "validation.", "."])
def test_what_is_no_number_of_an_epoch_is_refused(name):
    with pytest.raises(ZenError, match="is not recorded"):
        read(("a", ONE), metric=name)


@pytest.mark.parametrize("odd", ["text", {}, [], [[]], ["text"], [None], 10**400, -1e308, True, [1e308, -1e308]])
def test_odd_numbers_in_a_file_are_gaps(odd):
    curves = read(("a", [event(1, 1.0), event(2, odd), event(3, 0.5), event(10**400, 0.5)]))
    assert "epoch" in written(curves, Pipe(), {})
    minidom.parseString(svg(curves))
    with pytest.raises(ZenError, match="is not recorded"):
        read(("a", [{"event": "epoch", "epoch": 1, "train": odd}]))


def test_pictures_are_whole_and_hold_no_foreign_markup():
    curves = read((HOSTILE, ONE), ("sgd", OTHER))
    found = svg(curves, title=HOSTILE)
    root = minidom.parseString(found).documentElement
    assert root.getAttribute("xmlns") == "http://www.w3.org/2000/svg"
    assert found.count('class="line thin"') == 2 and found.count('class="line"') == 4  # with the legend's
    assert "var(" not in found and "<script" not in found and "\x1b" not in found
    page = html_file(HOSTILE, drawing(picture.FRAME, HOSTILE, *picture.picture(curves, "loss", HOSTILE)))
    assert "<script" not in page and "\x1b" not in page and "http" not in page.replace("http-equiv", "")


def test_a_single_run_has_a_colour_for_each_split():
    assert [(curve.label, curve.number) for curve in read(("a", ONE))] == [("train", 1), ("validation", 0)]
    assert [curve.number for curve in read(("a", ONE), ("b", OTHER))] == [0, 0, 1, 1]
    assert Curve("a", 0, "train", []).second is False
