"""Optimizers at their own rates, below the table of tuned ones."""

from __future__ import annotations

import io

import pytest

from tests.display.comparison_helpers import digits, xor
from zen_cli.display.comparison.table import comparison_table

DEFAULTS = [
    {"label": "adam", "lr": 0.001, "n": 10, "finished": 10, "loss": {"median": 0.25},
     "success": {"count": 9, "of": 10}},
    {"label": "s" * 40, "lr": 0.001, "n": 10, "finished": 0, "loss": {"median": float("inf")},
     "success": {"count": 0, "of": 10}},
]  # fmt: skip


def told(summary: dict[str, object]) -> list[str]:
    stream = io.StringIO()
    comparison_table({**summary, "defaults": DEFAULTS}, stream=stream, environ={})
    return stream.getvalue().splitlines()


@pytest.mark.parametrize("summary", [digits(), xor()])
def test_the_untuned_stand_in_a_table_of_their_own(summary: dict[str, object]) -> None:
    lines = told(summary)
    head = next(i for i, line in enumerate(lines) if line.startswith("untuned"))
    assert lines[head - 1] == "" and lines[head + 1].split()[:3] == ["adam", "0.001", "10/10"]
    assert lines[head + 2].split()[-1] == "-" and ("success" in lines[head]) == (summary["headline"] == "success")


def test_nothing_is_said_where_only_tuned_ones_ran() -> None:
    stream = io.StringIO()
    comparison_table(digits(), stream=stream, environ={})
    assert "untuned" not in stream.getvalue()
