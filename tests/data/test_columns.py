"""Types of columns: the contract of all of them, then what each makes of its cells."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from tests.data.helpers import refused
from tests.nn.catalogue import from_text
from zen_cli.config.sections import Data
from zen_cli.data.cells import CellPlace
from zen_cli.data.columns import Column, columns
from zen_cli.data.columns.date import seconds_of
from zen_cli.data.facts import Facts
from zen_cli.data.infer import infer
from zen_cli.data.schema import _column

CELLS = {
    "number": ["1", "2.5", "-4e1", "7"], "category": ["a", "b", "b", "c"], "boolean": ["yes", "No", "no", "yes"],
    "date": ["2024-05-01", "2023-12-31", "2024-02-29 13:30", "1969-01-01T00:00Z"],
}  # fmt: skip
VARIANTS = {
    "number": ["number", "number: minmax", "number: robust", "number: log1p", "number: none",
               "number: {missing: median, indicator: true}", "number: {missing: most_frequent}"],
    "category": ["category", "category: 2", "category: {rare: 3, missing: own}", "category: {missing: most_frequent}"],
    "boolean": ["boolean", "boolean: {missing: most_frequent, indicator: true}", "boolean: {'yes': 'YES', 'no': 'NO'}"],
    "date": ["date", "date: {parts: [time, year, month, day, weekday, hour]}", "date: {parts: [year]}"],
}  # fmt: skip
ALL = [(name, text) for name, texts in VARIANTS.items() for text in texts]
FACTS = Facts(2.0, 3.0, 1.0, 9.0, (1.5, 2.0, 4.0), 7.0)


def place(row: int) -> CellPlace:
    return CellPlace("x.csv", row + 2, 1, "x")


def read(column: Column, cells: list[str]) -> Any:
    return column.reader(frozenset(), ".").read(cells, place)


def finished(text: str, cells: list[str]) -> tuple[Column, Any]:
    """A column resolved and finished by these cells, and their values, read anew."""
    column = from_text(columns, text).resolved(Data("x", missing="mean"))
    reader = column.reader(frozenset(), ".")
    reader.read(cells, place)
    column = column.finished(reader)
    return column, read(column, cells)


def fitted(column: Column, values: Any) -> Any:
    """On these very rows."""
    if column.storage == "codes":
        counts = np.bincount(values[values >= 0], minlength=len(column.levels))
        return column.fit(Facts(counts=counts, absent=(values == -1).sum()))
    known = values[~np.isnan(values)]
    known = column.warped(known) if column.name == "number" else known
    return column.fit(Facts(known.mean(), known.std(), known.min(), known.max(), (1.0, 2.0, 4.0), known[0]))


def applied(text: str, cells: list[str], new: list[str] | None = None) -> Any:
    column, values = finished(text, cells)
    rule = fitted(column, values)
    if new is not None:
        values = read(column, new)
    out = np.full((len(values), len(column.inputs("x"))), np.nan)
    column.apply(values, rule, out)
    return out


def test_every_type_is_tried() -> None:
    assert {*VARIANTS, "ignore"} == set(columns)


@pytest.mark.parametrize(("name", "text"), ALL)
def test_every_input_is_a_finite_number(name: str, text: str) -> None:
    cells = [*CELLS[name], ""]
    out = applied(text, cells)
    assert np.isfinite(out).all() and out.shape == (5, len(finished(text, cells)[0].inputs("x")))
    np.testing.assert_array_equal(applied(text, cells, cells), out)  # read anew by what was learned
    assert len(applied(text, cells, [])) == 0


@pytest.mark.parametrize(("name", "text"), ALL)
def test_a_missing_cell_is_seen(name: str, text: str) -> None:
    column, values = finished(text, CELLS[name])
    for missing in ("", " ", "NA", "nan", "null"):
        found = read(column, [CELLS[name][0], missing])
        assert column.absent(found).tolist() == [False, True]
    own = column.reader(frozenset(("gone",)), ".").read(["GONE"], place)
    assert column.absent(own).all() and not column.absent(values).any()


@pytest.mark.parametrize(("name", "text"), ALL)
def test_a_resolved_column_survives_json(name: str, text: str) -> None:
    column, _ = finished(text, CELLS[name])
    plain = json.loads(json.dumps(column.to_dict()))
    assert _column(plain).to_dict() == plain


@pytest.mark.parametrize(("name", "text"), ALL)
def test_its_short_form_says_all_that_is_not_usual(name: str, text: str) -> None:
    section = Data("x", missing="mean")
    column, _ = finished(text, CELLS[name])
    short = json.dumps(column.shortened(section))
    assert from_text(columns, short).resolved(section).to_dict() == column.to_dict()


def test_numbers_agree_with_scikit_learn() -> None:
    from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

    numbers = np.random.default_rng(0).normal(3, 5, (50, 1))
    cells = [repr(x) for x in numbers[:, 0].tolist()]
    for scale, scaler in (("standard", StandardScaler()), ("minmax", MinMaxScaler())):
        np.testing.assert_allclose(applied(f"number: {scale}", cells), scaler.fit_transform(numbers), atol=1e-14)
    quartiles = tuple(np.quantile(numbers, (0.25, 0.5, 0.75)))
    column, values = finished("number: robust", cells)
    out = np.empty((50, 1))
    column.apply(values, column.fit(Facts(quartiles=quartiles, high=1.0)), out)
    np.testing.assert_allclose(out, RobustScaler().fit_transform(numbers), atol=1e-14)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("number", [2, 2, 3]), ("number: minmax", [2, 1, 8]), ("number: robust", [2, 2, 2.5]),
        ("number: none", [2, 0, 1]),
        ("number: {missing: median}", [2, 2, 3]), ("number: {missing: most_frequent}", [7, 2, 3]),
    ],
)  # fmt: skip
def test_what_stands_in_shift_and_size(text: str, rule: list[float]) -> None:
    assert finished(text, ["1"])[0].fit(FACTS).tolist() == rule


def test_a_constant_column_is_only_shifted() -> None:
    for scale in ("standard", "minmax", "robust", "log1p"):
        assert applied(f"number: {scale}", ["0.1", "0.1", "0.1"]).tolist() == [[0.0]] * 3, scale
    assert applied("number: none", ["0.1", "0.1"]).tolist() == [[0.1]] * 2
    assert np.isfinite(applied("date: {parts: [time, year]}", ["2024-05-01"] * 2)).all()


def test_log1p_is_odd() -> None:
    column, values = finished("number: log1p", ["-1", "0", "1", "1e300"])
    np.testing.assert_allclose(column.warped(values), [-np.log(2), 0, np.log(2), 300 * np.log(10)], atol=1e-12)


def test_an_indicator_says_where_a_cell_was_missing() -> None:
    assert applied("number: {scale: none, missing: mean, indicator: true}", ["1", "", "3"]).tolist() == [
        [1, 0], [2, 1], [3, 0]
    ]  # fmt: skip


def test_each_level_has_an_input() -> None:
    out = applied("category", ["b", "a", " b "])
    assert out.tolist() == [[0, 1], [1, 0], [0, 1]]
    assert finished("category", ["b", "a"])[0].inputs("x") == ("x=a", "x=b")
    assert finished("category", ["10", "9"])[0].inputs("x") == ("x=9", "x=10")


def test_rare_levels_share_an_input_and_unseen_ones_with_them() -> None:
    cells, new = ["a", "a", "b", "b", "c", "d"], ["a", "c", "d", "new"]
    assert finished("category: 2", cells)[0].inputs("x") == ("x=a", "x=b", "x=c", "x=d", "x rare")
    assert applied("category: 2", cells, new).tolist() == [
        [1, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 1], [0, 0, 0, 0, 1]
    ]  # fmt: skip


def test_an_unseen_level_gives_zeros_where_training_had_no_rare_ones() -> None:
    assert applied("category", ["a", "b"], ["new"]).tolist() == [[0, 0]]
    assert applied("category: 2", ["a", "a", "b", "b"], ["new"]).tolist() == [[0, 0, 0]]


def test_a_level_of_other_rows_only_is_rare() -> None:
    column, _ = finished("category", ["a", "b", "c"])
    rule = column.fit(Facts(counts=np.array([2, 0, 3])))
    out = np.empty((3, 3))
    column.apply(np.array([0, 1, 2], np.int32), rule, out)
    assert out.tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 1]]


def test_a_missing_level_is_its_own_if_there_were_any() -> None:
    assert finished("category", ["a", "b"])[0].to_dict()["missing"] == "zeros"
    column, _ = finished("category", ["a", "b", ""])
    assert column.inputs("x") == ("x=a", "x=b", "x missing")
    assert column.fit(Facts(counts=np.array([1, 1]), absent=1)).tolist() == [0, 1, -1, 2]
    assert column.fit(Facts(counts=np.array([1, 1]))).tolist() == [0, 1, -1, -1]  # in no training row


def test_a_missing_level_may_be_the_most_frequent() -> None:
    assert applied("category: {missing: own}", ["a", "", "b"]).tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert applied("category: {missing: most_frequent}", ["a", "", "b", "b"])[1].tolist() == [0, 1]


def test_a_whole_number_is_the_same_level_however_it_is_written() -> None:
    assert applied("category", ["4", "6"], ["4.0", " 6"]).tolist() == [[1, 0], [0, 1]]


def test_stated_levels_keep_their_order() -> None:
    assert applied("category: {levels: [low, high]}", ["high", "low", "other"]).tolist() == [[0, 1], [1, 0], [0, 0]]


@pytest.mark.parametrize("pair", [("true", "false"), ("Yes", "No"), ("y", "n"), ("T", "F"), ("1", "0"), ("1.0", "0.0")])
def test_words_for_yes_and_no(pair: tuple[str, str]) -> None:
    column, values = finished("boolean", [*pair, pair[0].upper()])
    assert values.tolist() == [1, 0, 1]
    written = tuple(word.removesuffix(".0") for word in pair)
    assert (column.cell(1.0), column.cell(0.0)) == written
    assert "expected yes or no, found 'perhaps'" in refused(lambda: read(column, [pair[0], "perhaps"])).what


def test_only_stated_words_are_understood() -> None:
    column, values = finished("boolean: {'yes': alive, 'no': dead}", ["dead", "Alive"])
    assert values.tolist() == [0, 1] and column.cell(1.0) == "Alive"
    assert "'yes'" in refused(lambda: read(column, ["yes"])).what
    assert "'1'" in refused(lambda: read(column, ["1"])).what


def test_dates_are_seconds_since_1970() -> None:
    truth = datetime(2024, 2, 29, 13, 30, tzinfo=UTC).timestamp()
    assert seconds_of("2024-02-29T13:30") == seconds_of("2024-02-29 14:30+01:00") == truth
    assert seconds_of("1969-12-31") == -86400


def test_the_parts_of_a_date() -> None:
    parts = "[month, day, weekday, hour]"
    out = applied(f"date: {{parts: {parts}}}", ["2024-01-01", "2024-04-16T06:00"])
    angles = np.arctan2(out[:, ::2], out[:, 1::2]) / (2 * np.pi) % 1
    np.testing.assert_allclose(angles[0], [0, 0, 0, 0], atol=1e-12)
    np.testing.assert_allclose(angles[1], [3 / 12, 15.25 / 30, 1 / 7, 0.25], atol=1e-12)


def test_the_parts_that_vary_are_taken() -> None:
    def parts(cells: list[str]) -> Any:
        return finished("date", cells)[0].to_dict()["parts"]

    assert parts(["1949-01", "1949-02"]) == ["time", "month"]
    assert parts(["2024-05-01", "2024-05-02"]) == ["time", "month", "weekday"]
    assert parts(["2024-05-01 00:00", "2024-05-01 12:00"]) == ["time", "month", "weekday", "hour"]


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["1", "2", "x", ""], "number"), (["1", "x", "y"], "category"), (["", "NA"], None), (["1", "0"], "number"),
        (["yes", "no", "?"], "boolean"), (["true", "FALSE"], "boolean"), (["yes", "y"], "category"),
        (["2024-05-01", "2024-05-01T10:00"], "date"), (["1949-01"], "date"), (["31.12.2024", "1.1.2025"], "date"),
        (["12/31/2024"], "date"), (["31/12/2024"], "date"),
        (["2024/5/1 10:30"], "date"), (["2024-05-01", "x"], "category"),
        (["1,5", "2,5"], "number"), (["5%", "7%"], "number"), (["$5"], "number"), (["1e400"], "number"),
        (["12:30", "13:00"], "category"), (["B5", "C7"], "category"), (["20240501"], "number"),
    ],
)  # fmt: skip
def test_what_is_inferred(cells: list[str], wanted: str | None) -> None:
    found = infer(cells)
    assert (found.name if found else None) == wanted
