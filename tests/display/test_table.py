import io

import pytest

from tests.display.helpers import XTERM, Ascii, Terminal, golden
from zen_cli.display.cells import width
from zen_cli.display.table import table

COLUMNS = ("run", "status", "epochs", "validation.loss")
ROWS = [
    ("runs/digits/20261123T211105Z-a1b2c3", "completed", 40, 0.1375),
    ("runs/損失/20261123T211105Z-a1b2c4", "diverged", 3, float("nan")),
    ("runs/\x1b[31mred/[bold]", "stopped_early", 1234567, None),
]


def written(stream, environ, columns=COLUMNS, rows=ROWS):
    table(columns, rows, stream=stream, environ=environ)
    return stream.getvalue()


def test_a_pipe_gets_everything_aligned_and_plain():
    golden("table.txt", written(io.StringIO(), XTERM))


@pytest.mark.parametrize("columns", ["60", "30", "12"])
def test_a_terminal_gets_no_line_that_is_too_long(columns):
    text = written(Terminal(), {"COLUMNS": columns})
    assert max(map(width, text.splitlines())) <= int(columns)
    assert "1234567" in text and "0.1375" in text
    golden(f"table_{columns}.txt", text)


def test_colours_only_the_header_and_only_on_a_terminal():
    first, *others = written(Terminal(), {**XTERM, "COLUMNS": "200"}).splitlines()
    assert first.startswith("\x1b[1m") and not any("\x1b" in line for line in others)
    assert "\x1b" not in written(Terminal(), {**XTERM, "COLUMNS": "200", "NO_COLOR": "1"})
    assert "\x1b" in written(io.StringIO(), {"FORCE_COLOR": "1"})


def test_ascii_terminals_get_ascii():
    assert "..." in written(Ascii(), {"COLUMNS": "60"})


def test_without_rows_there_is_a_header_and_without_names_there_is_none():
    assert written(io.StringIO(), {}, rows=[]) == "run  status  epochs  validation.loss\n"
    text = written(io.StringIO(), {}, ("", ""), [("loss", 0.5), ("accuracy", 1.0)])
    assert text == "loss      0.5000\naccuracy   1.000\n"


def test_a_reader_that_is_gone_is_told():
    class Full(io.StringIO):
        def write(self, text):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        written(Full(), {})
