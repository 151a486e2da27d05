import copy
import io
import os
import pty
import subprocess
import sys

import pytest

from tests.display.comparison_helpers import accuracy, digits, versus, xor
from tests.display.helpers import XTERM, Ascii, Terminal, golden
from zen_cli.display.aligned import intervals, probability
from zen_cli.display.cells import width
from zen_cli.display.comparison.table import comparison_table, winner_line


class Pipe(io.StringIO):
    encoding = "utf-8"


def written(stream, environ, summary):
    before = copy.deepcopy(summary)
    comparison_table(summary, stream=stream, environ=environ)
    assert summary == before
    return stream.getvalue()


def body(text):
    """The table's lines: what stands between the first two empty lines."""
    lines = text.splitlines()
    start = lines.index("") + 1
    return lines[start : lines.index("", start)]


@pytest.mark.parametrize("summary", [digits, xor, accuracy])
def test_a_pipe_gets_everything_aligned_and_plain(summary):
    text = written(Pipe(), XTERM, summary())
    assert "\x1b" not in text
    golden(f"comparison_{summary.__name__}.txt", text)


@pytest.mark.parametrize("columns", ["200", "120", "80", "60", "40", "30"])
@pytest.mark.parametrize("summary", [digits, xor, accuracy])
def test_a_terminal_gets_no_line_that_is_too_long(columns, summary):
    text = written(Terminal(), {"COLUMNS": columns}, summary())
    assert all(width(line) <= int(columns) for line in text.splitlines())
    assert all(each["label"] in text for each in summary()["optimisers"])
    assert all(each["vs_baseline"]["verdict"] in text for each in summary()["optimisers"] if each["vs_baseline"])


@pytest.mark.parametrize(("summary", "columns"), [(digits, "80"), (digits, "40"), (xor, "120"), (xor, "80")])
def test_the_screen(summary, columns):
    golden(f"comparison_{summary.__name__}_{columns}.txt", written(Terminal(), {"COLUMNS": columns}, summary()))


def test_the_headline_comes_first():
    header = body(written(Pipe(), {}, xor()))[0]
    assert header.index("success") < header.index("train.loss") < header.index("vs momentum")
    assert "success" not in body(written(Pipe(), {}, digits()))[0]


def test_a_wide_terminal_gets_all_that_a_pipe_gets():
    assert written(Terminal(), {"COLUMNS": "200"}, digits()) == written(Pipe(), {}, digits())


def test_colours_stand_on_a_terminal_only_and_beside_words():
    wide = {**XTERM, "COLUMNS": "200"}
    text = written(Terminal(), wide, digits())
    assert "\x1b[31mworse\x1b[0m" in text and "\x1b[1;31mfailed\x1b[0m" in text and "\x1b[1madamw\x1b[0m " in text
    assert "\x1b" not in written(Terminal(), {**wide, "NO_COLOR": "1"}, digits())


def test_an_ascii_terminal_gets_ascii():
    text = written(Ascii(), {"COLUMNS": "160"}, digits())
    assert text.isascii() and "x1.09 [0.94 1.27]" in text and "! G2 sgd:" in text and "alpha=0.05" in text


def test_some_failures_are_counted_even_where_there_is_little_room():
    summary = digits()
    summary["optimisers"][3].update(finished=9, statuses={"ok": 9, "diverged": 1})
    assert " 9/10" in written(Terminal(), {"COLUMNS": "80"}, summary)


def test_without_times_there_is_a_dash_and_why():
    summary = digits()
    for each in summary["optimisers"]:
        each["cost"] = None
        each["to_target"]["validation.loss<=0.15"]["seconds_median"] = None
    text = written(Pipe(), {}, summary)
    assert "µs/step: - (not measured)" in text and "µs/step" not in body(text)[0] and "time" not in body(text)[0]
    assert "fastest to validation.loss<=0.15: momentum (168 steps)" in text
    withheld = written(Pipe(), {}, xor())
    assert "times: — (see G10)" in withheld and "µs/step" in body(withheld)[0] and "—" in body(withheld)[1]


def test_everything_may_have_failed():
    summary = digits()
    failed = summary["optimisers"][-1]
    summary["optimisers"] = [failed, {**failed, "label": "adam", "vs_baseline": None}]
    summary.update(winner={"kind": "none", "names": [], "basis": ""}, pairing={"median_corr": None}, targets=[])
    for stream in (Pipe(), Terminal()):
        text = written(stream, {"COLUMNS": "80"}, summary)
        assert text.count("10 diverged") == 2 and text.count("failed") >= 2 and "winner: none" in text
    assert winner_line(summary) == "none"


def test_text_from_files_is_told_as_it_is_written():
    summary = digits()
    summary["optimisers"][0]["label"] = "\x1b[31mred"
    summary["name"] = "a\nb"
    text = written(Terminal(), {**XTERM, "COLUMNS": "200"}, summary)
    assert "\x1b[31mred" not in text and r"\x1b[31mred" in text and r"a\nb" in text


def test_a_failed_baseline_leaves_no_column_of_nothing():
    summary = digits()
    for each in summary["optimisers"]:
        each["vs_baseline"] = each["vs_baseline"] and versus(None, None, None, 5, "undecided")
    assert "vs adam" not in body(written(Pipe(), {}, summary))[0]


def test_the_winner_in_one_line():
    assert winner_line(xor()) == "momentum"
    assert winner_line(digits()) == "tie:adamw,adam,nadam,momentum,rmsprop,adagrad,nesterov,sgd"


def test_a_reader_that_is_gone_is_told():
    class Full(io.StringIO):
        def write(self, text):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        written(Full(), {}, digits())


@pytest.mark.parametrize(
    ("ranges", "texts"),
    [
        ([(0.5, None, None), (None, 0.1, 0.2)], ["0.500", "-"]),
        ([(0.0, 0.0, 0.0)], ["0 [0 0]"]),
        ([(float("inf"), 1.0, float("inf"))], ["inf [1.00 inf]"]),
        ([(1.0, 1e-9, 1e9)], ["1.00 [1.00e-09 1.00e+09]"]),
        ([], []),
    ],
)
def test_intervals(ranges, texts):
    assert intervals(ranges) == texts


def test_ratios_have_two_decimals_unless_that_hides_them():
    assert intervals([(1.0, 0.97, 1.03)], 2, before="×") == ["×1.00 [0.97 1.03]"]
    assert intervals([(0.0012, 0.0007, 0.002), (310.0, 90.0, 900.0)], 2, before="×") == [
        "×0.00120 [0.000700 0.00200]", "×310 [90.0 900]"
    ]
    assert intervals([(-0.78, -1.35, -0.21)], 2, sign="+") == ["-0.78 [-1.35 -0.21]"]
    assert probability(0.05) == "0.050"


CODE = """
import os, sys
from tests.display.comparison_helpers import digits
from zen_cli.display.comparison.table import comparison_table
comparison_table(digits(), stream=sys.stdout, environ=os.environ)
assert "rich" not in sys.modules
"""


@pytest.mark.parametrize("columns", ["160", "80", "30"])
def test_a_real_terminal(columns):
    leader, follower = pty.openpty()
    environ = {**os.environ, "TERM": "xterm", "COLUMNS": columns, "PYTHONPATH": os.getcwd()}
    process = subprocess.Popen([sys.executable, "-c", CODE], stdin=follower, stdout=follower, env=environ)
    os.close(follower)
    parts = []
    try:
        while part := os.read(leader, 65536):
            parts.append(part)
    except OSError:  # Linux says so when the other end is closed
        pass
    os.close(leader)
    assert process.wait() == 0
    text = b"".join(parts).decode()
    assert "\x1b[31mworse\x1b[0m" in text and "tie: adamw" in text


@pytest.mark.parametrize(("same_as", "rows"), [("adam", 9), (None, 10)])
def test_two_that_are_bit_for_bit_the_same_share_a_row(same_as, rows):
    summary = digits()
    summary["optimisers"][0]["same_as"] = same_as
    lines = body(written(Pipe(), {}, summary))[1:]
    assert len(lines) == rows
    assert any(line.startswith("adam = adamw ") for line in lines) == (same_as is not None)
