import io

import pytest

from tests.display.helpers import XTERM, Ascii, Terminal, golden
from zen_cli.display.errors import report, warn
from zen_cli.errors import Place, Problems, ZenError

TEXT = "name: digits\noptimizer: {type: adam, lerning_rate: 1e-3}\n\ttabbed: [損失]\n"


def written(error, stream=None, environ=XTERM, text_of=lambda file: TEXT):
    stream = stream or io.StringIO()
    report(error, stream=stream, environ=environ, text_of=text_of)
    return stream.getvalue()


def mistake(what="unknown option; did you mean 'lr'?", column=25, line=2, hint="options: lr, beta1, beta2"):
    return ZenError(what, Place("configs/x.yaml", line, column, "optimizer.lerning_rate"), hint)


def test_a_pipe_gets_the_error_and_its_hint():
    assert written(mistake()) == (
        "zen: error: configs/x.yaml:2:25: optimizer.lerning_rate: unknown option; did you mean 'lr'?\n"
        "hint: options: lr, beta1, beta2\n"
    )
    assert written(ZenError("no such run")) == "zen: error: no such run\n"


def test_several_are_told_in_their_order():
    problems = Problems()
    problems.add("second", Place("x.yaml", 3, 1), "one hint")
    problems.add("first", Place("x.yaml", 2, 1))
    with pytest.raises(ZenError) as caught:
        problems.check()
    assert written(caught.value).splitlines() == [
        "zen: error: x.yaml:2:1: first", "zen: error: x.yaml:3:1: second", "hint: one hint",
    ]


def test_a_terminal_gets_the_line_with_a_caret():
    stream = Terminal()
    for error in (mistake(), mistake(column=1, line=1, hint=None), mistake(column=11, line=3)):
        report(error, stream=stream, environ={"COLUMNS": "80"}, text_of=lambda file: TEXT)
    golden("error.txt", stream.getvalue())


def test_a_long_line_is_shown_around_the_caret():
    golden("error_narrow.txt", written(mistake(), Terminal(), {"COLUMNS": "30"}))


def test_a_terminal_gets_colours_unless_they_are_not_wanted():
    assert written(mistake(), Terminal()).startswith("zen: \x1b[1;31merror:\x1b[0m configs/x.yaml:2:25: ")
    assert "\x1b" not in written(mistake(), Terminal(), {**XTERM, "NO_COLOR": "1"})
    assert written(mistake(), Ascii()).isascii()


@pytest.mark.parametrize(
    ("place", "text_of"),
    [
        (Place("x.yaml", 9, 1), lambda file: TEXT), (Place("x.yaml", 1, 99), lambda file: TEXT),
        (Place("x.yaml"), lambda file: TEXT), (Place("x.yaml", 1, 1), lambda file: None), (Place("x.yaml", 1, 1), None),
    ],
)
def test_a_line_that_is_not_there_is_not_shown(place, text_of):
    assert written(ZenError("wrong", place), Terminal(), {}, text_of).count("\n") == 1


def test_text_from_files_is_literal():
    error = ZenError("'[red]\x1b[2J\r\n[/red]' is unknown", Place("a\nb.yaml", 1, 1, "x"), "try \x07[b]")
    text = written(error, Terminal(), {}, lambda file: "key\x1b[2J: [/x]\n")
    assert text == (
        "zen: error: a\\nb.yaml:1:1: x: '[red]\\x1b[2J\\r\\n[/red]' is unknown\n"
        " 1 │ key\\x1b[2J: [/x]\n   │ ^\nhint: try \\x07[b]\n"
    )


def test_warns():
    stream = io.StringIO()
    warn("the column 'a' is constant", stream=stream, environ={})
    assert stream.getvalue() == "zen: warning: the column 'a' is constant\n"


def test_a_closed_stream_stops_nothing():
    stream = io.StringIO()
    stream.close()
    report(mistake(), stream=stream, environ={})
    report(mistake(), stream=None, environ={})
