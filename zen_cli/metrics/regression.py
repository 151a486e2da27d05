"""How far predicted numbers are from the true ones."""

from __future__ import annotations

import numpy as np

from zen_cli.metrics.base import Array, Metric, metrics
from zen_cli.metrics.numbers import errors, numbers

LEAST = float(np.finfo(np.float64).eps)  # what an error is divided by where the target is 0


@metrics.register("mse", "mean_squared_error")
class MeanSquaredError(Metric):
    """The mean of the squared errors over all rows and columns, in the target's unit squared: mean[(p - t)^2].

    >>> MeanSquaredError()(np.array([[1.0], [3.0]]), np.array([[0.0], [3.0]]))
    0.5
    """

    goal = "min"

    def __call__(self, prediction: Array, target: Array) -> float:
        return _mean(np.square(errors(prediction, target)))


@metrics.register("rmse")
class RootMeanSquaredError(Metric):
    """The root of the mean squared error over all rows and columns, in the target's unit: sqrt(mean[(p - t)^2]).

    >>> RootMeanSquaredError()(np.array([[1.0], [7.0]]), np.array([[0.0], [0.0]]))
    5.0
    """

    goal = "min"

    def __call__(self, prediction: Array, target: Array) -> float:
        return float(np.sqrt(_mean(np.square(errors(prediction, target)))))


@metrics.register("mae", "mean_absolute_error")
class MeanAbsoluteError(Metric):
    """The mean size of the errors over all rows and columns, in the target's unit: mean[|p - t|].

    >>> MeanAbsoluteError()(np.array([[1.0], [7.0]]), np.array([[0.0], [0.0]]))
    4.0
    """

    goal = "min"

    def __call__(self, prediction: Array, target: Array) -> float:
        return _mean(np.abs(errors(prediction, target)))


@metrics.register("median_absolute_error")
class MedianAbsoluteError(Metric):
    """The middle size of the errors, in the target's unit: median[|p - t|], the mean of it over columns.

    A few rows that are far off do not move it.

    >>> MedianAbsoluteError()(np.array([1.0, 2.0, 900.0]), np.array([0.0, 0.0, 0.0]))
    2.0
    """

    goal = "min"

    def __call__(self, prediction: Array, target: Array) -> float:
        found = np.abs(errors(prediction, target)).reshape(len(prediction), -1) if prediction.size else np.zeros(0)
        return float(np.median(found, axis=0).mean()) if found.size else float("nan")


@metrics.register("mape")
class MeanAbsolutePercentageError(Metric):
    """The mean of the errors as shares of the target, over all rows and columns: mean[|p - t| / |t|]; 1 is 100 %.

    Where the target is 0 an error is divided by 2.2e-16: such rows drown all others.

    >>> MeanAbsolutePercentageError()(np.array([1.1, 1.5]), np.array([1.0, 2.0])).__round__(4)
    0.175
    """

    goal = "min"

    def __call__(self, prediction: Array, target: Array) -> float:
        return _mean(np.abs(errors(prediction, target)) / np.maximum(np.abs(numbers(target, prediction)), LEAST))


def _mean(values: Array) -> float:
    return float(values.mean()) if values.size else float("nan")
