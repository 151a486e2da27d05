"""How good the stated probabilities are, row by row."""

from __future__ import annotations

import math

import numpy as np

from zen_cli.metrics.base import Array, Metric, metrics
from zen_cli.metrics.classes import labels_of, probabilities, scores_of, several_answers

LEAST = float(np.finfo(np.float64).eps)  # what is said to be impossible, and happens, costs 36


@metrics.register("log_loss")
class LogLoss(Metric):
    """-mean[log p(r, label(r))], in nats; the mean over the columns where a row has several answers.

    Cross entropy without class weights and smoothing. Probabilities are kept 2.2e-16 away from 0 and 1.
    Source: Good 1952.

    >>> LogLoss()(np.array([[0.5, 0.5], [0.25, 0.75]]), np.array([0, 1])).__round__(4)
    0.4904
    """

    goal, classes, probabilities, additive = "min", True, True, True

    def __call__(self, prediction: Array, target: Array) -> float:
        return log_loss(prediction, target)


@metrics.register("perplexity")
class Perplexity(Metric):
    """exp(log_loss): among how many equally likely classes the net is as unsure as that.

    1 is certain and right; guessing gives the number of classes.
    Source: Jelinek et al. 1977.

    >>> Perplexity()(np.array([[0.25, 0.25, 0.25, 0.25]]), np.array([2])).__round__(12)
    4.0
    """

    goal, classes, probabilities, additive = "min", True, True, True

    def __call__(self, prediction: Array, target: Array) -> float:
        return math.exp(log_loss(prediction, target))

    def joined(self, values: Array, rows: Array) -> Array:
        return np.asarray(np.exp(super().joined(np.log(values), rows)))


@metrics.register("brier")
class Brier(Metric):
    """mean[sum_c (p(r, c) - y(r, c))^2], y one-hot: from 0 to 2; half of it where there are two classes.

    The mean over the columns where a row has several answers.
    Source: Brier 1950.

    >>> Brier()(np.array([0.1, 0.9, 0.8, 0.3]), np.array([0, 1, 1, 0])).__round__(4)
    0.0375
    """

    goal, classes, probabilities, additive = "min", True, True, True

    def __call__(self, prediction: Array, target: Array) -> float:
        if not len(target):
            return float("nan")
        if several_answers(target):
            return float(np.square(scores_of(prediction, target) - (target > 0.5)).mean())
        p = probabilities(prediction, target)
        rows = np.square(p - (labels_of(target, p.shape[1])[:, None] == np.arange(p.shape[1]))).sum(1)
        return float(rows.mean() / (2 if p.shape[1] == 2 else 1))


def log_loss(prediction: Array, target: Array) -> float:
    """The mean of -log of the probability of what is true; NaN of no rows."""
    if several_answers(target):
        p = scores_of(prediction, target)
        of_truth = np.where(target > 0.5, p, 1 - p)
    else:
        p = probabilities(prediction, target)
        of_truth = np.take_along_axis(p, labels_of(target, p.shape[1])[:, None], 1)
    if np.isnan(p).any() or not len(p):
        return float("nan")
    return float(-np.log(np.clip(of_truth, LEAST, 1 - LEAST)).mean())
