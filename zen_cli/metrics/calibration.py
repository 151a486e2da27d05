"""Whether what is said to be 80 % sure is right in 80 % of the cases."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from zen_cli.metrics.base import Array, Metric, metrics
from zen_cli.metrics.classes import labels_of, probabilities, scores_of, several_answers
from zen_cli.registry import option

BINS = 15


class Bin(NamedTuple):
    """The rows whose confidence lies in (low, high]: how many, their mean confidence, the share that is right."""

    low: float
    high: float
    rows: int
    confidence: float
    right: float


@metrics.register("calibration_error", "ece", main="bins")
class CalibrationError(Metric):
    """The expected calibration error: sum_b rows_b / rows |right_b - confidence_b| over bins of equal width (L1).

    Confidence is the probability of the class that is found; where a row has several answers, each column's own
    probability, and right means yes. An estimate: it depends on `bins` and is never negative by chance.
    Source: Naeini et al. 2015; Guo et al. 2017, arXiv:1706.04599 (15 bins).

    >>> CalibrationError()(np.array([[0.8, 0.2], [0.8, 0.2]]), np.array([0, 1])).__round__(4)
    0.3
    """

    goal, classes, probabilities = "min", True, True
    bins: int = option(BINS, "of equal width between 0 and 1", low=1, high=1000)

    def __call__(self, prediction: Array, target: Array) -> float:
        if not len(target) or np.isnan(prediction).any():
            return float("nan")
        found = calibration(prediction, target, self.bins)
        rows = sum(one.rows for one in found)
        return sum(one.rows * abs(one.right - one.confidence) for one in found) / rows


def calibration(prediction: Array, target: Array, bins: int = BINS) -> list[Bin]:
    """The bins that hold rows, from the least confident."""
    confidence, right = _sure(prediction, target)
    edges = np.linspace(0, 1, bins + 1)
    number = np.clip(np.searchsorted(edges, confidence) - 1, 0, bins - 1)
    rows = np.bincount(number, minlength=bins)
    sums = (np.bincount(number, weights=each, minlength=bins) for each in (confidence, right))
    means = (each / np.maximum(rows, 1) for each in sums)
    every = zip(edges[:-1].tolist(), edges[1:].tolist(), rows.tolist(), *(each.tolist() for each in means), strict=True)
    return [Bin(*one) for one in every if one[2]]


def _sure(prediction: Array, target: Array) -> tuple[Array, Array]:
    """How sure each answer is, and whether it is right; those that are NaN are left out."""
    if several_answers(target):
        confidence, right = scores_of(prediction, target).ravel(), (target > 0.5).ravel()
    else:
        p = probabilities(prediction, target)
        confidence, right = p.max(1, initial=0), p.argmax(1) == labels_of(target, p.shape[1])
    known = ~np.isnan(confidence)
    return confidence[known], right[known]
