"""Rows survive a way through CSV unchanged, and what was tampered with is named."""

import csv
import io
import math

import pytest

from tests.compare.report_helpers import broken, report_of, xor
from zen_cli.compare.report.csv_rows import csv_text, rows_of
from zen_cli.errors import Exit, ZenError

LABELS = ["adam", "5", "", "1e-3", "a,b", 'say "x"', "two\nlines", "a\rb", " spaces ", "<script>",
          "\x1b[31m", "é β₂", "=1+1"]  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
def test_any_label_comes_back(label):
    rows = [{"label": label, "lr": 0.1, "seed": 3}, {"label": "other", "lr": 1e-300, "seed": 0}]
    assert rows_of(csv_text(rows), "runs.csv") == rows


def test_floats_come_back_to_the_bit():
    values = [0.1 + 0.2, 1 / 3, 1e22, 5e-324, -0.0, 1.0, 123456789012345680.0]
    found = rows_of(csv_text([{"loss": value} for value in values]), "x.csv")
    assert [row["loss"].hex() for row in found] == [value.hex() for value in values]


def test_real_rows_come_back():
    for rows in xor()[1:]:
        assert rows_of(csv_text(rows), "x.csv") == rows
    for rows in broken(xor(), "sgd", "lost")[1:]:
        text = csv_text(rows)
        assert csv_text(rows_of(text, "x.csv")) == text


def test_the_summary_of_rows_that_were_read_back_is_the_same():
    summary, *rows = broken(xor(), "sgd", "lost")
    read = [rows_of(csv_text(each), "x.csv") for each in rows]
    assert report_of(summary["protocol"], *read)[0] == summary


def test_what_is_not_finite_or_missing_is_empty():
    text = csv_text([{"a": math.nan, "b": math.inf}, {"a": None, "c": 1}])
    assert text == "a,b,c\n,,\n,,1\n"


def test_a_number_that_is_not_there_is_nan_and_a_step_that_never_came_is_none():
    (row,) = rows_of("loss_final,final,broke,step_best,steps_to_1\n,,,,\n", "x.csv")
    assert math.isnan(row["loss_final"]) and math.isnan(row["final"])
    assert row["broke"] is row["step_best"] is row["steps_to_1"] is None


def test_numbers_of_numpy_are_plain_ones():
    import numpy as np

    assert csv_text([{"a": np.float64(0.5), "b": np.int64(3), "c": np.float32("nan")}]) == "a,b,c\n0.5,3,\n"


def test_no_rows_are_no_text():
    assert csv_text([]) == "" and rows_of("", "x.csv") == []


def test_other_readers_read_it():
    found = list(csv.DictReader(io.StringIO(csv_text(xor()[1]), newline="")))
    assert len(found) == 24 and float(found[0]["lr"]) == xor()[1][0]["lr"]


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("label,lr\na,0.1\nb\n", "expected 2 cells, found 1", 3),
        ("label,lr\na,fast\n", "expected a number in 'lr', found 'fast'", 2),
        ("label,lr\na,nan\n", "expected a number in 'lr', found 'nan'", 2),
        ("label,lr\na,1_0\n", "expected a number in 'lr', found '1_0'", 2),
        ('label,lr\n"a"b,1\n', "expected after", 2),
        ('label,lr\n"a', "unexpected end of data", 2),
    ],
)
def test_damage_is_named(text, what, line):
    with pytest.raises(ZenError, match=what) as found:
        rows_of(text, "runs.csv")
    assert found.value.code == Exit.FILES
    assert found.value.where is not None and (found.value.where.file, found.value.where.line) == ("runs.csv", line)
