"""A table of mixed columns as one matrix: fitted on training rows only, kept by a few tensors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data.helpers import read_text, refused
from zen_cli.config.sections import Data
from zen_cli.data.encoder import fit, from_tensors
from zen_cli.data.facts import moments
from zen_cli.errors import Place

TEXT = "when,size,town,ok,y\n2024-01-01,1,a,yes,1\n2024-06-01,,b,no,2\n2025-01-01,9,,yes,3\n2025-01-02,4,a,no,4\n"
MEAN = Data("x", missing="mean")


def mixed(tmp_path: Path, **options: Any) -> Any:
    return read_text(tmp_path, TEXT, "numbers", target="y", missing="mean", **options)


def test_inputs_lie_in_the_order_of_the_columns(tmp_path: Path) -> None:
    data = mixed(tmp_path)
    assert [column.name for column in data.schema.columns] == ["date", "number", "category", "boolean"]
    assert data.schema.inputs[-5:] == ("size", "town=a", "town=b", "town missing", "ok")
    encoder, _ = fit(data, np.arange(4), MEAN)
    out = encoder.apply(data.features, np.float64)
    assert out.shape == (4, *data.schema.shape)
    assert out[:, -4:].tolist() == [[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 1], [1, 0, 0, 0]]
    assert out[1, -5] == 0  # the mean stands in


def test_only_training_rows_are_looked_at(tmp_path: Path) -> None:
    data = mixed(tmp_path)
    encoder, _ = fit(data, np.array([0, 3]), MEAN)
    assert encoder.apply(data.features[np.array([0, 3])], np.float64)[:, -5].tolist() == [-1.0, 1.0]
    assert encoder.apply(data.features, np.float64)[1, -4:-1].tolist() == [0, 0, 0]  # nothing was learned of town b


@pytest.mark.parametrize("rows", [[0, 1, 2, 3], [0, 3]])
def test_tensors_are_the_encoder(tmp_path: Path, rows: list[int]) -> None:
    data = mixed(tmp_path, columns={})
    encoder, _ = fit(data, np.array(rows), MEAN)
    tensors = encoder.tensors()
    assert {name: array.shape for name, array in tensors.items()} == {
        "data.fill": (3,), "data.mean": (3,), "data.scale": (3,), "data.levels": (4,)
    }  # fmt: skip
    again = from_tensors(data.schema, tensors, Place("m"))
    assert tensors == {}
    np.testing.assert_array_equal(again.apply(data.features, np.float32), encoder.apply(data.features, np.float32))


@pytest.mark.parametrize("name", ["data.fill", "data.mean", "data.scale", "data.levels"])
def test_tensors_that_do_not_fit_are_refused(tmp_path: Path, name: str) -> None:
    data = mixed(tmp_path)
    whole = fit(data, np.arange(4), MEAN)[0].tensors()
    lacking = {key: array for key, array in whole.items() if key != name}
    assert f"no {name}" in refused(lambda: from_tensors(data.schema, lacking, Place("m"))).what
    for wrong in (whole[name][:-1], whole[name].astype(bool)):
        assert name in refused(lambda wrong=wrong: from_tensors(data.schema, whole | {name: wrong}, Place("m"))).what


def test_levels_beyond_the_inputs_are_refused(tmp_path: Path) -> None:
    data = mixed(tmp_path)
    whole = fit(data, np.arange(4), MEAN)[0].tensors()
    for wrong in (7, -2):
        tensors = whole | {"data.levels": np.full(4, wrong, np.int64)}
        assert "range" in refused(lambda tensors=tensors: from_tensors(data.schema, tensors, Place("m"))).what


def test_one_warning_names_constant_columns(tmp_path: Path) -> None:
    data = read_text(tmp_path, "a,b,c,y\n1,7,0.1,1\n2,7,0.1,2\n4,7,0.1,3\n", "numbers", target="y")
    encoder, warnings = fit(data, np.arange(3), Data("x"))
    assert len(warnings) == 1 and warnings[0].endswith(": b, c")
    assert encoder.apply(data.features, np.float32)[:, 1:].tolist() == [[0, 0]] * 3


def test_facts_are_those_of_numpy() -> None:
    values = np.random.default_rng(0).normal(5, 2, (1000, 3))
    values[::7, 1] = np.nan
    blocks = [values[:400], values[400:401], values[401:]]
    found = moments(lambda: iter(blocks))
    for mine, theirs in zip(found, (np.nanmean, np.nanstd, np.nanmin, np.nanmax), strict=True):
        np.testing.assert_allclose(mine, theirs(values, axis=0), rtol=1e-13)
    np.testing.assert_array_equal(moments(lambda: iter([values[:, :1]])).deviation, values[:, :1].std(0))
