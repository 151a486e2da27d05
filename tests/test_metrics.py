"""Metrics against scikit-learn, and the shapes that they take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import metrics as reference

from zen_cli.metrics import R2, Accuracy, MeanSquaredError, metrics

RNG = np.random.default_rng(0)
PREDICTION, TARGET = RNG.normal(size=(40, 3)), RNG.normal(size=(40, 3))
LABELS = RNG.integers(0, 3, 40)
REGRESSION = {
    "mse": reference.mean_squared_error, "rmse": lambda t, p: reference.mean_squared_error(t, p) ** 0.5,
    "mae": reference.mean_absolute_error, "r2": reference.r2_score,
}  # fmt: skip


@pytest.mark.parametrize("name", [*metrics])
def test_metrics_keep_their_promises(name: str) -> None:
    metric = metrics[name]()
    assert metric.goal in ("max", "min") and ">>>" in (metrics[name].__doc__ or "")
    value = metric(PREDICTION.astype(np.float32), LABELS)
    assert type(value) is float and value == metric(PREDICTION.astype(np.float32).astype(np.float64), LABELS)
    assert value == metric(PREDICTION.astype(np.float32), np.eye(3)[LABELS])
    assert np.isnan(metric(PREDICTION[:0], LABELS[:0]))
    with pytest.raises(ValueError, match="do not fit"):
        metric(PREDICTION, LABELS[:7])


@pytest.mark.parametrize("name", [*REGRESSION])
def test_regression(name: str) -> None:
    for columns in (slice(None), slice(0, 1)):
        prediction, target = PREDICTION[:, columns], TARGET[:, columns]
        assert metrics[name]()(prediction, target) == pytest.approx(REGRESSION[name](target, prediction), rel=1e-13)
    assert metrics[name]()(PREDICTION[:, 0], TARGET[:, :1]) == metrics[name]()(PREDICTION[:, :1], TARGET[:, 0])


def test_accuracy_of_classes() -> None:
    expected = reference.accuracy_score(LABELS, PREDICTION.argmax(1))
    assert Accuracy()(PREDICTION, LABELS) == Accuracy()(PREDICTION, np.eye(3)[LABELS]) == expected


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)])
def test_accuracy_of_one_column(shape: tuple[int, ...]) -> None:
    scores, target = PREDICTION[:, 0].reshape(shape), (LABELS > 0).astype(np.float64)
    for threshold in (0.0, 0.5):
        expected = reference.accuracy_score(LABELS > 0, PREDICTION[:, 0] > threshold)
        assert Accuracy(threshold=threshold)(scores, target) == expected
        assert Accuracy(threshold=threshold)(scores, target[:, None]) == expected


def test_nan_is_never_right() -> None:
    broken = np.array([[np.nan, 0.0], [0.0, 1.0], [0.0, np.nan]])
    assert Accuracy()(broken, np.array([0, 1, 1])) == pytest.approx(1 / 3)
    assert np.isnan(MeanSquaredError()(broken, np.array([0, 1, 1])))


def test_r2_of_constant_columns() -> None:
    constant: Any = np.ones((4, 1))
    for prediction in (constant, constant + 1, np.arange(4.0)[:, None]):
        assert R2()(prediction, constant) == reference.r2_score(constant, prediction)
    assert np.isnan(R2()(constant[:1], constant[:1]))
