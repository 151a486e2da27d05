import contextlib
import io
import itertools
import os
import pty
import subprocess
import sys

import pytest

from tests.display.helpers import XTERM, Ascii, Clock, Terminal, golden, screen
from tests.display.race_helpers import many, protocol, race
from zen_cli.compare.phases import Judged, Ran
from zen_cli.display.cells import width
from zen_cli.display.race.show import show_race
from zen_cli.jobs.nets import Setting


def shown(stream, environ, until=None, close=True, of=None, **options):
    """Everything that was written until the happening with that number."""
    clock, of = Clock(), of or protocol()
    settings = {name: options.pop(name) for name in ("progress", "quiet") if name in options}
    happenings = race(clock, of=of, **options)
    view = show_race(happenings, protocol=of, stream=stream, clock=clock, environ=environ, **settings)
    for _ in itertools.islice(view, until):
        pass
    text = stream.getvalue()
    if close:
        view.close()
    return text


def test_passes_everything_on_as_it_is():
    expected = list(map(repr, race(Clock())))
    for stream, environ in ((Terminal(), XTERM), (io.StringIO(), {}), (None, {})):
        clock = Clock()
        view = show_race(race(clock), protocol=protocol(), stream=stream, clock=clock, environ=environ)
        assert list(map(repr, view)) == expected


@pytest.mark.parametrize("options", [{"quiet": True}, {"progress": "none"}, {"quiet": True, "progress": "rich"}])
def test_says_nothing_where_nothing_is_wanted(options):
    assert shown(Terminal(), XTERM, **options) == ""


# --- lines -----------------------------------------------------------------------------------------
def test_a_pipe_gets_the_phases_and_a_line_a_second():
    golden("race_plain.txt", shown(io.StringIO(), XTERM, seconds=0.6, lose="momentum", known=5))


def test_a_fast_comparison_gives_two_lines_a_phase_and_the_end():
    text = shown(io.StringIO(), {}, seconds=0.01)
    assert [line.split()[:2] for line in text.splitlines()] == [
        ["tune:", "108"], ["tune:", "done"], ["judge:", "40"], ["judge:", "done"], ["xor:", "compared"]
    ]


@pytest.mark.parametrize("environ", [{}, {"TERM": "dumb"}, {**XTERM, "COLUMNS": "12"}, {**XTERM, "LINES": "4"}])
def test_simple_terminals_get_lines_without_motion(environ):
    text = shown(Terminal(), environ)
    assert "\x1b[2K" not in text and "tune:" in text and "108/108" in text


# --- the panel -------------------------------------------------------------------------------------
@pytest.mark.parametrize("columns", ["100", "80", "60", "40", "20"])
def test_the_panel(columns):
    text = screen(shown(Terminal(), {**XTERM, "COLUMNS": columns}, until=8, known=20, lose="sgd"))
    assert all(width(line) <= int(columns) for line in text.splitlines())
    golden(f"race_{columns}.txt", text)


def test_an_ascii_terminal_gets_ascii():
    text = shown(Ascii(), {**XTERM, "COLUMNS": "80"}, until=8)
    assert text.isascii() and "adam" in text


def test_many_optimizers_are_cut_to_the_best_where_lines_are_few():
    text = screen(shown(Terminal(), {**XTERM, "COLUMNS": "80", "LINES": "10"}, until=9, of=many(8)))
    assert len(text.splitlines()) <= 9 and "and 3 more" in text


def test_what_leads_is_marked_and_what_broke_is_said():
    text = shown(Terminal(), {**XTERM, "COLUMNS": "80"}, until=5)
    assert "\x1b[1madam" in text or "\x1b[1msgd" in text
    assert "diverged" not in screen(text)


def test_a_rate_at_which_all_break_is_told():
    one = protocol("sgd,momentum", trials=1)
    far = one._replace(entries=tuple(entry._replace(settings=(Setting(1000.0),)) for entry in one.entries))
    text = screen(shown(Terminal(), {**XTERM, "COLUMNS": "120"}, until=3, of=far))
    assert "diverged   lr 1000" in text and "3 of 3 broke" in text


def test_says_what_runs_before_anything_has_ended():
    text = screen(shown(Terminal(), XTERM, until=1))
    assert text == "xor  4 optimizers  27 runs each to tune  10 to judge\n"


def test_the_end_leaves_one_line_and_what_was_lost():
    assert screen(shown(Terminal(), {**XTERM, "COLUMNS": "80"}, lose="adam")) == (
        "adam: lost 1 run: ended by signal 9, maybe out of memory\n"
        "xor: compared  4 optimizers  148 runs  1 lost  8.0 s\n"
    )


def test_is_drawn_ten_times_a_second_at_most():
    text = shown(Terminal(), {**XTERM, "COLUMNS": "80"}, of=many(12), seconds=0.04, progress="rich")
    assert text.count("elapsed") <= 11


def test_nothing_is_drawn_of_what_is_soon_done():
    text = shown(Terminal(), XTERM, seconds=1e-3)
    assert "elapsed" not in text and screen(text).startswith("xor: compared")


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_the_terminal_is_restored_whatever_happens(error):
    stream, clock = Terminal(), Clock()
    view = show_race(race(clock), protocol=protocol(), stream=stream, clock=clock, environ=XTERM)
    with contextlib.suppress(error), contextlib.closing(view):
        for happening in view:
            if isinstance(happening, Ran) and happening.phase == "evaluate":
                raise error
    text = stream.getvalue()
    assert text.rfind("\x1b[?25l") < text.rfind("\x1b[?25h") and "run 118/148" in screen(text)


def test_what_others_write_meanwhile_stays():
    stream, clock, said = Terminal(), Clock(), []
    environ, written = {**XTERM, "COLUMNS": "80"}, lambda: len(said)
    view = show_race(race(clock), protocol=protocol(), stream=stream, clock=clock, environ=environ, written=written)
    for happening in view:
        if isinstance(happening, Ran) and happening.label == "adam" and not said:
            stream.write("\nzen: SIGINT: ending\n")
            said.append(True)
    lines = screen(stream.getvalue()).splitlines()
    assert "run 108/148" in lines[0] and "zen: SIGINT: ending" in lines and lines[-1].startswith("xor: compared")


@pytest.mark.parametrize("error", [BrokenPipeError, ValueError("I/O operation on closed file")])
def test_a_stream_that_cannot_be_written_stops_nothing(error):
    class Broken(Terminal):
        def write(self, text):
            raise error

    for environ in (XTERM, {}):
        clock = Clock()
        view = show_race(race(clock), protocol=protocol(), stream=Broken(), clock=clock, environ=environ)
        assert isinstance(list(view)[-1], Judged)


CODE = """
import os, sys
from tests.display.helpers import Clock
from tests.display.race_helpers import protocol, race
from zen_cli.display.race.show import show_race
clock = Clock()
happenings = race(clock, seconds={seconds}, fail_after={fail_after})
assert "rich" not in sys.modules
for _ in show_race(happenings, protocol=protocol(), stream=sys.stderr, clock=clock, environ=os.environ):
    pass
assert ("rich" in sys.modules) == ({seconds} > 0.1)
"""


def in_a_terminal(seconds, fail_after=None):
    """What the program writes into a real pseudo-terminal, and its exit status."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", CODE.format(seconds=seconds, fail_after=fail_after)], stdin=follower, stdout=follower,
        stderr=follower,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80", "LINES": "24", "PYTHONPATH": os.getcwd()},
    )  # fmt: skip
    os.close(follower)
    parts = []
    with contextlib.suppress(OSError):  # Linux says so when the other end is closed
        while part := os.read(leader, 65536):
            parts.append(part)
    os.close(leader)
    return b"".join(parts).decode(), process.wait()


def test_a_real_terminal_gets_the_race_and_one_line():
    text, status = in_a_terminal(1.0)
    assert status == 0 and "judging" in text and "xor: " in text
    assert text.rfind("\x1b[?25l") < text.rfind("\x1b[?25h")


def test_a_race_that_is_soon_done_does_not_import_rich():
    assert in_a_terminal(0.01)[1] == 0


def test_an_exception_leaves_a_real_terminal_with_its_cursor():
    text, status = in_a_terminal(1.0, fail_after=6)
    assert status == 1 and "the comparison broke off" in text
    assert text.rfind("\x1b[?25l") < text.rfind("\x1b[?25h")
