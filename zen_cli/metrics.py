"""How good predictions are, in float64: one number for all rows, by the formulas of scikit-learn.

Predictions are (rows, width) or (rows,); targets are numbers of the same shape, or labels (rows,), integers, which
are compared with the classes' columns. A metric of no rows is NaN.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from zen_cli.registry import Registry, option

Array = NDArray[Any]


class Metric(ABC):
    """A number for predictions and targets. `goal` says which direction is better."""

    name: ClassVar[str]
    goal: ClassVar[Literal["max", "min"]]

    @abstractmethod
    def __call__(self, prediction: Array, target: Array) -> float:
        """The metric over all rows; a ValueError if the shapes do not fit each other."""


metrics: Registry[Metric] = Registry("metric")


def larger_is_better(name: str) -> bool:
    """Whether more of it is better: `accuracy`, `validation.accuracy`, not a loss.

    >>> larger_is_better("train.loss"), larger_is_better("validation.accuracy")
    (False, True)
    """
    metric = name.rpartition(".")[2]
    return metric in metrics and metrics[metric].goal == "max"


@metrics.register("accuracy", main="threshold")
class Accuracy(Metric):
    """The share of rows whose class is right, from 0 to 1: mean[argmax_c prediction(r, c) = label(r)].

    The first of equal scores wins. A single column is the score of class 1, which is predicted above `threshold`:
    0.5 fits probabilities, 0 fits raw scores. Targets may be labels (rows,) or one-hot (rows, classes). A row with
    NaN counts as wrong.

    >>> Accuracy()(np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]), np.array([0, 1, 1])).__round__(4)
    0.6667
    """

    goal = "max"
    threshold: float = option(0.5, "a single column above it is class 1")

    def __call__(self, prediction: Array, target: Array) -> float:
        rows = len(prediction)
        scores = prediction.reshape(rows, -1) if rows else prediction.reshape(0, 1)
        if scores.shape[1] == 1:
            found = scores[:, 0] > self.threshold
            label = target.reshape(-1) > 0.5
        else:
            found = scores.argmax(1)
            label = target.argmax(1) if target.shape == scores.shape else target.reshape(-1)
        if label.shape != found.shape:
            raise ValueError(f"targets {target.shape} do not fit predictions {prediction.shape}")
        right = (found == label) & ~np.isnan(scores).any(1)
        return float(right.mean()) if rows else float("nan")


@metrics.register("mse")
class MeanSquaredError(Metric):
    """The mean of the squared errors over all rows and columns, in the target's unit squared: mean[(p - t)^2].

    >>> MeanSquaredError()(np.array([[1.0], [3.0]]), np.array([[0.0], [3.0]]))
    0.5
    """

    goal = "min"

    def __call__(self, prediction: Array, target: Array) -> float:
        return _mean(np.square(_errors(prediction, target)))


@metrics.register("rmse")
class RootMeanSquaredError(Metric):
    """The root of the mean squared error over all rows and columns, in the target's unit: sqrt(mean[(p - t)^2]).

    >>> RootMeanSquaredError()(np.array([[1.0], [7.0]]), np.array([[0.0], [0.0]]))
    5.0
    """

    goal = "min"

    def __call__(self, prediction: Array, target: Array) -> float:
        return float(np.sqrt(_mean(np.square(_errors(prediction, target)))))


@metrics.register("mae")
class MeanAbsoluteError(Metric):
    """The mean size of the errors over all rows and columns, in the target's unit: mean[|p - t|].

    >>> MeanAbsoluteError()(np.array([[1.0], [7.0]]), np.array([[0.0], [0.0]]))
    4.0
    """

    goal = "min"

    def __call__(self, prediction: Array, target: Array) -> float:
        return _mean(np.abs(_errors(prediction, target)))


@metrics.register("r2")
class R2(Metric):
    """The share of the target's variance that is explained: 1 - sum[(p - t)^2] / sum[(t - mean t)^2], the mean of it
    over columns.

    1 is perfect, 0 is what the mean gives, below is worse. A constant column gives 1 if it is met exactly and else 0;
    fewer than two rows give NaN.

    >>> R2()(np.array([[1.0], [2.0], [4.0]]), np.array([[1.0], [2.0], [3.0]]))
    0.5
    """

    goal = "max"

    def __call__(self, prediction: Array, target: Array) -> float:
        errors = _errors(prediction, target)
        if len(errors) < 2:
            return float("nan")
        truth = _numbers(target, prediction).reshape(len(errors), -1)
        residual = np.square(errors.reshape(truth.shape)).sum(0)
        total = np.square(truth - truth.mean(0)).sum(0)
        constant = total == 0
        explained = 1 - residual / np.where(constant, 1.0, total)
        return float(np.where(constant, residual == 0, explained).mean())


def _errors(prediction: Array, target: Array) -> Array:
    numbers = _numbers(target, prediction)
    return prediction.astype(np.float64).reshape(numbers.shape) - numbers


def _numbers(target: Array, prediction: Array) -> Array:
    """Targets as float64: labels of several classes as one-hot rows."""
    rows = len(prediction)
    if target.size == prediction.size and len(target) == rows:
        return target.astype(np.float64)
    if target.dtype.kind in "iu" and target.size == rows and prediction.ndim == 2:
        return np.eye(prediction.shape[1])[target.reshape(-1)]
    raise ValueError(f"targets {target.shape} do not fit predictions {prediction.shape}")


def _mean(values: Array) -> float:
    return float(values.mean()) if values.size else float("nan")
