"""Which class is taken for which, on terminals of any width."""

from __future__ import annotations

import re

import pytest

from zen_cli.display.cells import width
from zen_cli.display.confusion import confusion
from zen_cli.display.report import report_lines
from zen_cli.display.terminal import Terminal

NAMES = ("Iris setosa", "Iris versicolor", "Iris virginica")
COUNTS = [[48, 2, 0], [0, 49, 1], [0, 12, 38]]


def plain(columns: int | None) -> Terminal:
    return Terminal(columns, False, False, True)


def test_wide() -> None:
    assert confusion(NAMES, COUNTS, plain(None)) == [
        "true \\ found     Iris setosa  Iris versicolor  Iris virginica",
        "Iris setosa               48                2               .",
        "Iris versicolor            .               49               1",
        "Iris virginica             .               12              38",
    ]


def test_columns_have_numbers_where_names_are_too_wide() -> None:
    assert confusion(NAMES, COUNTS, plain(40)) == [
        "true \\ found        0   1   2",
        "0 Iris setosa      48   2   .",
        "1 Iris versicolor   .  49   1",
        "2 Iris virginica    .  12  38",
    ]


def test_mistakes_are_listed_where_there_is_no_room() -> None:
    assert confusion(NAMES, COUNTS, plain(25)) == [
        "12 Iris virg…s versicolor", "2 Iris setos…s versicolor", "1 Iris versi…is virginica",
    ]  # fmt: skip


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_fits(columns: int) -> None:
    names = [f"class {i} \x1b[31m" for i in range(30)]
    counts = [[(7 * i + j) % 5 * 100 for j in range(30)] for i in range(30)]
    lines = confusion(names, counts, plain(columns))
    assert max(map(width, lines)) <= columns and "\x1b" not in "".join(lines)


def test_colours_move_nothing() -> None:
    coloured = confusion(NAMES, COUNTS, Terminal(80, True, True, True))
    assert "\x1b[31m12\x1b[0m" in coloured[3] and "\x1b[1m38\x1b[0m" in coloured[3]
    assert [re.sub(r"\x1b\[\d*m", "", line) for line in coloured] == confusion(NAMES, COUNTS, plain(80))


def test_of_many_classes_those_that_fare_worst() -> None:
    fares = {str(i): {"precision": 1.0, "recall": 1.0, "f1": 1 - i / 100, "support": 1} for i in range(40)}
    lines = report_lines("test", {"per_class": fares}, plain(80))
    assert lines[1] == "test: the 30 of 40 classes that fare worst" and lines[3].startswith("39 ")
