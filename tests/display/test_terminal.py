import os
import pty
import subprocess
import sys

import pytest

from tests.display.helpers import XTERM, Ascii, Terminal
from zen_cli.display.terminal import encodable, size, terminal

CODE = """
import os, sys, time
from tests.display.helpers import training
from zen_cli.display.progress import show
class Clock:
    now = 0.0
    def __call__(self):
        return self.now
clock = Clock()
for event in show(training(clock, fail_at={fail_at}), stream=sys.stderr, clock=clock, environ=os.environ):
    pass
"""


def in_a_terminal(fail_at=None, **environ):
    """What the program writes into a real pseudo-terminal, and its exit status."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", CODE.format(fail_at=fail_at)], stdin=follower, stdout=follower, stderr=follower,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80", "LINES": "24", "PYTHONPATH": os.getcwd(), **environ},
    )
    os.close(follower)
    parts = []
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(leader)
    return b"".join(parts).decode(), process.wait()


def test_a_real_terminal_gets_the_panel_and_one_line():
    text, status = in_a_terminal()
    assert status == 0 and text.count("\x1b[?25l") <= text.count("\x1b[?25h")
    assert "━" in text and "completed" in text


def test_an_exception_leaves_a_real_terminal_with_its_cursor():
    text, status = in_a_terminal(fail_at=20)
    assert status == 1 and "the training broke off" in text
    assert text.rfind("\x1b[?25l") < text.rfind("\x1b[?25h")


@pytest.mark.parametrize("environ", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}])
def test_an_ascii_terminal_gets_ascii(environ):
    text, status = in_a_terminal(**environ)
    assert status == 0 and text.isascii() and "####" in text


def test_a_simple_terminal_gets_no_escapes():
    text, status = in_a_terminal(TERM="dumb")
    assert status == 0 and "\x1b" not in text


@pytest.mark.parametrize(
    ("environ", "color"),
    [
        (XTERM, True), ({}, False), ({"TERM": "dumb"}, False), ({**XTERM, "NO_COLOR": "1"}, False),
        ({**XTERM, "NO_COLOR": ""}, True), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_when_there_are_colours(environ, color):
    assert terminal(Terminal(), environ).color is color


@pytest.mark.parametrize(
    ("columns", "expected"), [("", 80), ("0", 80), ("-5", 80), ("wide", 80), ("1", 1), ("33", 33), ("9" * 99, 80)]
)
def test_the_width_is_what_columns_says_if_it_can_be(columns, expected):
    assert size(Terminal(), {"COLUMNS": columns})[0] == expected


def test_what_cannot_be_encoded_is_written_out():
    assert encodable("loss ▁ ü", Ascii()) == "loss \\u2581 \\xfc"
