"""Several configs and finished runs as they are read: on a narrow terminal, in ASCII, with what is not there."""

import re

import pytest

from tests.display.helpers import XTERM, Ascii, Terminal
from zen_cli.display.comparison.recorded import recorded_table, said
from zen_cli.display.comparison.tasks import tasks_table

LABELS = ("adam", "sgd")
TASKS = {
    "names": ["xor", "iris"], "labels": list(LABELS), "baseline": "adam", "friedman": None,
    "ranks": {"adam": [1.0, 1.5], "sgd": [2.0, 1.5]}, "mean_rank": {"adam": 1.25, "sgd": 1.75},
    "p_improvement": {"adam": 0.5, "sgd": 0.25}, "gap_left": None,
    "steps": {"score": {"adam": 1.0, "sgd": 0.5}, "speedup": {"adam": 1.0, "sgd": 0.5}, "reordered": ["sgd"]},
}  # fmt: skip
GAPS = {"adam": {"iqm": 0.01, "ci": [-0.0001, 0.02]}, "sgd": {"iqm": float("inf"), "ci": None}}
RUN = {"run": "runs/a", "status": "completed", "epochs": 3, "seeds": [0], "metrics": {"train.loss": [0.5]}}
RUNS = {"runs": [RUN, {**RUN, "run": "runs/b", "metrics": {}}], "differences": {}, "same_data": True, "paired": None}


def written(show, found, stream, columns=120):
    show(found, stream=stream, environ={**XTERM, "COLUMNS": str(columns)})
    return re.sub("\x1b\\[[0-9;]*m", "", stream.getvalue())


@pytest.mark.parametrize("show", [(tasks_table, TASKS), (recorded_table, RUNS)])
def test_no_line_is_wider_than_the_terminal(show):
    for columns in (30, 60, 100):
        assert max(map(len, written(*show, Terminal(), columns).splitlines())) <= columns


def test_ascii_is_enough():
    text = written(tasks_table, TASKS, Ascii())
    assert "x4" in text and "without sgd the others change places" in text


def test_what_is_left_of_the_gap_is_a_percentage():
    text = written(tasks_table, {**TASKS, "gap_left": GAPS}, Ascii())
    assert "1.0% [0.0% 2.0%]" in text and "inf" in text


def test_five_configs_are_tested():
    text = written(tasks_table, {**TASKS, "friedman": {"p": 0.01, "p_holm": {"sgd": 0.02}}}, Ascii())
    assert "Friedman p=0.01; Holm against adam: sgd 0.02" in text


def test_runs_on_other_data_are_not_comparable():
    assert "different data" in said({**RUNS, "same_data": False})[0]
    assert "the resolved configs are the same" in written(recorded_table, RUNS, Ascii())
