"""Arrays are scaled by their training rows, exactly, and constant columns do no harm."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from zen_cli.config.sections import Data
from zen_cli.data.dataset import Dataset, Schema
from zen_cli.data.encoder import BLOCK, Standardizer, fit, scaling

NONE = np.zeros(0, np.int64)
AUTO, STANDARD = Data("x"), Data("x", scale="standard")


def dataset(features: Any, kind: str = "array", divisor: float = 1.0) -> Dataset:
    names = tuple(f"c{i}" for i in range(features.shape[1])) if features.ndim == 2 else ()
    return Dataset(features, None, Schema(kind, names, features.shape[1:], divisor=divisor), "x")


def test_only_training_rows_are_looked_at() -> None:
    features = np.array([[1.0, 5.0], [3.0, 9.0], [1000.0, -1000.0]])
    standardizer, warnings = fit(dataset(features), np.array([0, 1]), AUTO)
    assert standardizer.mean.tolist() == [2.0, 7.0] and standardizer.scale.tolist() == [1.0, 2.0] and not warnings
    assert standardizer.apply(features, np.float64)[:2].tolist() == [[-1.0, -1.0], [1.0, 1.0]]


def test_it_is_the_scaler_of_scikit_learn() -> None:
    from sklearn.preprocessing import StandardScaler

    features = np.random.default_rng(0).normal(3, 5, (40, 6))
    ours = fit(dataset(features), np.arange(40), STANDARD)[0].apply(features, np.float64)
    np.testing.assert_allclose(ours, StandardScaler().fit_transform(features), rtol=1e-13)


@pytest.mark.parametrize("value", [0.0, 7.0, 0.1])
def test_a_constant_column_gives_zeros_and_one_warning(value: float) -> None:
    features = np.array([[value, 1.0], [value, 2.0], [value, 4.0]])
    standardizer, warnings = fit(dataset(features), np.arange(3), STANDARD)
    assert standardizer.scale[0] == 1.0 and np.abs(standardizer.apply(features, np.float32)[:, 0]).max() < 1e-15
    assert len(warnings) == 1 and "c0" in warnings[0] and "c1" not in warnings[0]


def test_many_constant_columns_are_one_short_warning() -> None:
    _, warnings = fit(dataset(np.ones((3, 20))), np.arange(3), STANDARD)
    assert len(warnings) == 1 and warnings[0].endswith("c4 and 15 more")


def test_pixels_become_shares_of_255() -> None:
    features = np.array([[[[0, 51], [200, 255]]]], np.uint8)
    standardizer, _ = fit(dataset(features, "image", 255.0), np.array([0]), AUTO)
    result = standardizer.apply(features, np.float32)
    assert result.dtype == np.float32 and result.ravel().tolist() == np.float32([0, 0.2, 200 / 255, 1]).tolist()


def test_bytes_are_converted_before_arithmetic() -> None:
    features = np.array([[200], [100]], np.uint8)
    standardizer, _ = fit(dataset(features, "array", 255.0), np.arange(2), STANDARD)
    assert standardizer.mean.tolist() == [150.0]
    assert standardizer.apply(features, np.float64).tolist() == [[1.0], [-1.0]]


def test_images_are_standardized_as_a_whole() -> None:
    features = np.array([[[0, 10]], [[10, 20]]], np.uint8)
    standardizer, warnings = fit(dataset(features, "image", 255.0), np.arange(2), STANDARD)
    assert standardizer.mean.shape == () and standardizer.mean == 10 and not warnings
    assert "all" in fit(dataset(features * 0, "image", 255.0), np.arange(2), STANDARD)[1][0]


def test_blocks_do_not_change_the_result() -> None:
    features = np.random.default_rng(0).normal(size=(3, BLOCK // 2))
    shape = features.shape[1:]
    whole = ((features - 1.0) / 3.0).astype(np.float32)
    found = Standardizer(np.array(1.0), np.array(3.0)).apply_to(features, None, shape, np.float32)
    np.testing.assert_array_equal(found, whole)
    assert Standardizer(np.array(0.0), np.array(1.0)).apply_to(features, NONE, shape, np.float32).shape[0] == 0


def test_what_auto_means() -> None:
    image, builtin = Schema("image", (), (1, 2, 2), divisor=255.0), Schema("builtin", ("a",), (1,))
    array = Schema("array", ("a",), (1,))
    assert [scaling(schema, "auto") for schema in (image, builtin, array)] == ["none", "none", "standard"]
    assert scaling(builtin, "standard") == "standard"
