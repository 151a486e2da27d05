import contextlib
import io
import itertools
import subprocess
import sys

import pytest

from tests.display.helpers import XTERM, Ascii, Clock, Terminal, golden, screen, training
from zen_cli.display.progress import show
from zen_cli.training.conditions import condition
from zen_cli.training.events import End, Epoch, Rest, Start


def shown(stream, environ, until=None, close=True, **options):
    """Everything that was written until the event with that number."""
    clock = Clock()
    settings = {name: options.pop(name) for name in ("progress", "quiet", "monitor", "goal") if name in options}
    events = show(training(clock, **options), stream=stream, clock=clock, environ=environ, **settings)
    for _ in itertools.islice(events, until):
        pass
    text = stream.getvalue()
    if close:
        events.close()
    return text


def test_passes_every_event_on_as_it_is():
    clock = Clock()
    expected = list(training(Clock()))
    for stream, environ in ((Terminal(), XTERM), (io.StringIO(), {}), (None, {})):
        clock.now = 0.0
        assert list(show(training(clock), stream=stream, clock=clock, environ=environ)) == expected


# --- lines -----------------------------------------------------------------------------------------
def test_a_pipe_gets_the_first_the_last_and_a_line_a_second():
    golden("progress_plain.txt", shown(io.StringIO(), XTERM))


def test_a_fast_training_gives_three_lines():
    text = shown(io.StringIO(), {}, epochs=1000, seconds=1e-5)
    assert [line.split()[1] for line in text.splitlines()] == ["1/1000", "1000/1000", "completed"]


def test_seeds_are_told_by_their_median_and_range():
    golden("progress_plain_seeds.txt", shown(io.StringIO(), {}, replicas=4, goal=condition("validation.loss<0.05")))


@pytest.mark.parametrize("options", [{"quiet": True}, {"progress": "none"}, {"quiet": True, "progress": "rich"}])
def test_says_nothing_where_nothing_is_wanted(options):
    assert shown(Terminal(), XTERM, **options) == ""


@pytest.mark.parametrize("environ", [{}, {"TERM": ""}, {"TERM": "dumb"}, {"TERM": "unknown"}])
def test_simple_terminals_get_lines_without_escapes(environ):
    text = shown(Terminal(), environ)
    assert "\x1b" not in text and "epoch 40/40" in text


@pytest.mark.parametrize("environ", [XTERM, {**XTERM, "FORCE_COLOR": ""}, {**XTERM, "COLUMNS": "20"}])
def test_no_escape_reaches_a_pipe(environ):
    assert "\x1b" not in shown(io.StringIO(), environ)


@pytest.mark.parametrize("columns", ["0", "1", "10", "20"])
def test_the_loss_is_readable_at_any_width(columns):
    for until in (10, None):
        seen = screen(shown(Terminal(), {**XTERM, "COLUMNS": columns}, until=until)).split()
        numbers = [seen[i + 1] for i, word in enumerate(seen) if word.endswith("loss")]
        assert numbers and all(float(number.strip("()")) > 0 and len(number) >= 5 for number in numbers)


def test_what_broke_off_leaves_its_last_epoch():
    stream, clock = io.StringIO(), Clock()
    with pytest.raises(RuntimeError):
        list(show(training(clock, fail_at=8), stream=stream, clock=clock, environ={}))
    assert stream.getvalue().splitlines()[-1].startswith("epoch  7/40")


@pytest.mark.parametrize("error", [BrokenPipeError, OSError, ValueError("I/O operation on closed file")])
def test_a_stream_that_cannot_be_written_stops_nothing(error):
    class Broken(Terminal):
        def write(self, text):
            raise error

        def flush(self):
            raise error

    for environ in (XTERM, {}):
        clock = Clock()
        events = list(show(training(clock), stream=Broken(), clock=clock, environ=environ))
        assert isinstance(events[-1], End)


def test_text_from_files_is_told_as_it_is_written():
    for stream, environ in ((io.StringIO(), {}), (Terminal(), XTERM)):
        text = shown(stream, environ, name="[red]a\x1b]0;owned\x07\n[/nothing]")
        assert "\x1b]" not in text and r"[red]a\x1b]0;owned\x07\n[/nothing]: " in text


# --- the panel -------------------------------------------------------------------------------------
@pytest.mark.parametrize("columns", ["20", "40", "80", "200"])
def test_the_panel(columns):
    golden(f"progress_{columns}.txt", screen(shown(Terminal(), {**XTERM, "COLUMNS": columns}, until=25)))


def test_the_panel_of_seeds():
    options = {"replicas": 50, "goal": condition("validation.loss<0.5")}
    golden("progress_seeds.txt", screen(shown(Terminal(), {**XTERM, "COLUMNS": "80"}, until=25, **options)))


@pytest.mark.parametrize(("stream", "environ"), [(Ascii, {}), (Terminal, {"LC_ALL": "C"}), (Terminal, {"LANG": "C"})])
def test_the_panel_in_ascii(stream, environ):
    text = shown(stream(), {**XTERM, "COLUMNS": "80", **environ}, until=25)
    assert text.isascii()
    golden("progress_ascii.txt", screen(text))


def test_without_colour_there_are_no_styles():
    text = shown(Terminal(), {**XTERM, "NO_COLOR": "1"})
    assert "\x1b[2K" in text and "m" not in {match[-1] for match in text.split("\x1b[")[1:] if match[1:2].isdigit()}
    assert not any(code in text for code in ("\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m", "\x1b[1;32m"))


def test_the_end_leaves_one_line():
    text = screen(shown(Terminal(), {**XTERM, "COLUMNS": "300"}))
    assert text.count("\n") == 1 and text.startswith("digits: completed  40 epochs")
    assert text.endswith("runs/digits/20261123T211105Z-a1b2c3\n")


def test_says_what_is_trained_before_the_first_epoch_has_ended():
    text = shown(Terminal(), XTERM, until=1)
    assert screen(text) == "digits  4,810 parameters  1,258 rows  40 epochs\n"


@pytest.mark.parametrize("status", ["stopped_early", "interrupted", "diverged"])
def test_the_end_says_how_it_came(status):
    assert f"digits: {status.replace('_', ' ')}  40 epochs" in shown(io.StringIO(), {}, status=status)


def test_is_drawn_ten_times_a_second_at_most():
    text = shown(Terminal(), {**XTERM, "COLUMNS": "80"}, epochs=10_000, seconds=1e-3)
    assert 60 < text.count("elapsed") <= 101


def test_keeps_the_best_epoch_by_what_is_monitored():
    text = screen(shown(Terminal(), {**XTERM, "COLUMNS": "80"}, until=25, monitor="validation.accuracy"))
    assert "best        validation.accuracy 0.7400  in epoch 24" in text


def test_what_others_write_meanwhile_stays():
    stream, clock, said = Terminal(), Clock(), []
    environ = {**XTERM, "COLUMNS": "80"}
    for event in show(training(clock), stream=stream, clock=clock, environ=environ, written=lambda: len(said)):
        if isinstance(event, Epoch) and event.epoch == 20:
            stream.write("\nzen: SIGINT: stopping after this epoch\n")
            said.append(True)
    lines = screen(stream.getvalue()).splitlines()
    assert "epoch 20/40" in lines[0] and lines[4].startswith("time ")
    assert lines[5:7] == ["zen: SIGINT: stopping after this epoch", lines[6]] and "completed" in lines[6]


def hidden(text):
    return text.rfind("\x1b[?25l") > text.rfind("\x1b[?25h")


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, GeneratorExit, SystemExit])
def test_the_terminal_is_restored_whatever_happens(error):
    stream, clock = Terminal(), Clock()
    with contextlib.suppress(error), contextlib.closing(
        show(training(clock), stream=stream, clock=clock, environ=XTERM)
    ) as events:
        for event in events:
            if isinstance(event, Epoch) and event.epoch == 20:
                raise error
    text = stream.getvalue()
    assert "\x1b[?25l" in text and not hidden(text)
    assert "epoch 20/40" in screen(text) and text.endswith("\n\x1b[?25h")


def test_closes_the_events_below_it():
    closed = []

    def below():
        try:
            yield from training(Clock())
        finally:
            closed.append(True)

    for options in ({"stream": None}, {"stream": io.StringIO()}):
        events = below()
        view = show(events, clock=Clock(), environ={}, **options)
        next(view)
        view.close()
        assert closed.pop()


def test_a_training_that_is_soon_done_does_not_import_rich():
    code = """
import sys
from tests.display.helpers import *
from zen_cli.display.progress import show
for seconds in (1e-5, 1e-2):
    clock = Clock()
    list(show(training(clock, seconds=seconds), stream=Terminal(), clock=clock, environ=XTERM))
    assert "rich" not in sys.modules
clock = Clock()
list(show(training(clock, seconds=1), stream=Terminal(), clock=clock, environ=XTERM))
assert "rich" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


# --- within an epoch -------------------------------------------------------------------------------
def long_epoch(clock, share, wait):
    """A training of two epochs of 400 rows, seen at a moment within the first."""
    yield Start("long", 2, 10, {"train": 400}, 82)
    clock.now += wait
    yield Rest(0, int(40 * share), False, share, 0.5)
    yield Rest(0, 40, True)


@pytest.mark.parametrize("wait, told", [
    (2.0, "epoch 1/2  25% done  loss 0.5000  50 rows/s  14 s left\n"), (0.5, ""),
])  # fmt: skip
def test_an_epoch_longer_than_a_second_tells_how_far_it_is(wait, told):
    stream, clock = io.StringIO(), Clock()
    list(show(long_epoch(clock, 0.25, wait), stream=stream, clock=clock, environ={}))
    assert stream.getvalue() == told


def test_the_panel_moves_within_an_epoch():
    stream, clock, environ = Terminal(), Clock(), {**XTERM, "COLUMNS": "60", "LINES": "20"}
    list(show(long_epoch(clock, 0.5, 2.0), stream=stream, clock=clock, environ=environ))
    bar, pace = (line for line in screen(stream.getvalue()).splitlines() if "━" in line or "left" in line)
    assert bar.count("━") * 3 == pytest.approx(bar.count("─"), abs=3) and bar.endswith("epoch 0/2")
    assert pace.split() == ["time", "6", "s", "left", "2", "s", "elapsed", "10", "steps/s", "100", "rows/s"]
