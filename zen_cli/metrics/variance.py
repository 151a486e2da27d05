"""How much of the target's variance predictions explain."""

from __future__ import annotations

import numpy as np

from zen_cli.metrics.base import Array, Metric, metrics
from zen_cli.metrics.numbers import errors, numbers


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
        missed, truth = _columns(prediction, target)
        return _explained(np.square(missed).sum(0), truth)


@metrics.register("explained_variance")
class ExplainedVariance(Metric):
    """1 - var[p - t] / var[t], the mean of it over columns: r2 of predictions whose common error is taken out.

    Where it is above r2, predictions are off by a constant. Constant columns and few rows as in r2.

    >>> ExplainedVariance()(np.array([2.0, 3.0, 4.0]), np.array([1.0, 2.0, 3.0]))
    1.0
    """

    goal = "max"

    def __call__(self, prediction: Array, target: Array) -> float:
        missed, truth = _columns(prediction, target)
        return _explained(np.square(missed - missed.mean(0)).sum(0) if len(missed) else missed, truth)


def _columns(prediction: Array, target: Array) -> tuple[Array, Array]:
    missed = errors(prediction, target)
    shape = (len(missed), -1) if missed.size else (0, 1)
    return missed.reshape(shape), numbers(target, prediction).reshape(shape)


def _explained(left: Array, truth: Array) -> float:
    if len(truth) < 2:
        return float("nan")
    total = np.square(truth - truth.mean(0)).sum(0)
    constant = total == 0
    return float(np.where(constant, left == 0, 1 - left / np.where(constant, 1.0, total)).mean())
