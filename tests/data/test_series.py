"""A series as rows: windows, what follows them, and which steps train."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data.helpers import read, refused
from zen_cli.config.sections import Data, Split
from zen_cli.config.sequences import Series
from zen_cli.data.dataset import Dataset
from zen_cli.data.encoder import fit
from zen_cli.data.rows import read_rows
from zen_cli.data.schema import from_plain, to_plain
from zen_cli.data.split import split
from zen_cli.data.target import fit_target
from zen_cli.errors import ZenError

TABLE = "t,x,y\n" + "".join(f"{i},{i}.5,{100 - i}\n" for i in range(10))


def series(tmp_path: Path, text: str = TABLE, of_split: Any = None, **options: Any) -> Dataset:
    path = tmp_path / "a.csv"
    path.write_text(text)
    return read(path, series=Series(**{"column": "x"} | options), split=of_split or Split())


def test_a_row_is_a_window_and_its_target_the_step_after_it(tmp_path: Path) -> None:
    data = series(tmp_path, window=3)
    assert data.features.shape == (7, 3, 1) and data.features[:2, :, 0].tolist() == [[0.5, 1.5, 2.5], [1.5, 2.5, 3.5]]
    assert data.targets[:, 0].tolist() == [3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5]
    assert (data.schema.kind, data.schema.target, data.schema.shape) == ("series", ("x",), (3, 1))


def test_several_columns_and_steps_ahead(tmp_path: Path) -> None:
    data = series(tmp_path, column=["x", "y"], window=4, horizon=2)
    assert data.features[0].tolist() == [[0.5, 100], [1.5, 99], [2.5, 98], [3.5, 97]]
    assert data.targets[0].tolist() == [4.5, 5.5] and data.schema.target == ("x+1", "x+2")


def test_the_last_steps_test_and_windows_reach_back(tmp_path: Path) -> None:
    data = series(tmp_path, window=3, of_split=Split(validation=2, test=0.2))
    found = split(data, Split(validation=2, test=0.2), np.random.default_rng(0))
    assert [data.targets[rows, 0].tolist() for rows in found] == [[3.5, 4.5, 5.5], [6.5, 7.5], [8.5, 9.5]]


def test_targets_that_lie_in_two_parts_are_left_out(tmp_path: Path) -> None:
    data = series(tmp_path, window=3, horizon=2, of_split=Split(test=4))
    found = split(data, Split(test=4), np.random.default_rng(0))
    assert [data.targets[rows].tolist() for rows in (found.train, found.test)] == [
        [[3.5, 4.5], [4.5, 5.5]], [[6.5, 7.5], [7.5, 8.5], [8.5, 9.5]]
    ]  # fmt: skip


def test_it_is_scaled_by_what_trains(tmp_path: Path) -> None:
    section = Data(source="a.csv", series=Series("x"), split=Split(test=4))
    data = series(tmp_path, column=["x", "y"], window=3, of_split=Split(test=4))
    train = split(data, section.split, np.random.default_rng(0)).train
    encoder, _ = fit(data, train, section)
    inside = data.features[train].reshape(-1, 2)
    np.testing.assert_allclose(encoder.tensors()["data.mean"], inside.mean(0))
    np.testing.assert_allclose(encoder.tensors()["data.scale"], inside.std(0))
    scale = fit_target(data, train, section, unbounded=True)
    assert scale is not None and scale.mean == pytest.approx(data.targets[train].mean())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"column": "z"}, "no column 'z'"),
        ({"window": 10}, "10 of 10 steps are left for training, a row needs 11: data.series has a window of 10"),
        ({"of_split": Split(test=1), "horizon": 2, "window": 2}, "1 of 10 steps are left for test, a row needs 2"),
        ({"text": TABLE.replace("3.5", "")}, r"5:2 \(column .x.\).*empty cell, expected a number"),
        ({"text": TABLE.replace("3.5", "much")}, "expected a number, found 'much'"),
    ],
)
def test_what_is_no_series_is_refused(tmp_path: Path, options: Any, words: str) -> None:
    with pytest.raises(ZenError, match=words):
        series(tmp_path, **options)


def test_new_rows_end_with_a_window_that_nothing_follows_yet(tmp_path: Path) -> None:
    data = series(tmp_path, window=3)
    schema = from_plain(to_plain(data.schema))
    assert schema == data.schema
    (measured,) = read_rows(str(tmp_path / "a.csv"), schema, targets=True)
    np.testing.assert_array_equal(measured.features, data.features)
    np.testing.assert_array_equal(measured.targets, data.targets)
    (new,) = read_rows(str(tmp_path / "a.csv"), schema)
    assert new.features[-1, :, 0].tolist() == [7.5, 8.5, 9.5] and len(new.features) == len(data.features) + 1


def test_fewer_steps_than_a_window_are_refused(tmp_path: Path) -> None:
    schema = series(tmp_path, window=3).schema
    (tmp_path / "new.csv").write_text("x\n1\n2\n")
    error = refused(lambda: [*read_rows(str(tmp_path / "new.csv"), schema)])
    assert "2 steps, a row needs 3 steps" in str(error)
