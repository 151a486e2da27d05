"""What only the order of the scores decides: counts above each distinct score."""

from __future__ import annotations

from abc import abstractmethod
from typing import NamedTuple

import numpy as np

from zen_cli.metrics.averages import Averaged, mean
from zen_cli.metrics.base import Array
from zen_cli.metrics.classes import columns

MICRO = "of all scores of all classes in one order"


class Steps(NamedTuple):
    """At each distinct score from the highest: rows of the class, and others, with at least that score."""

    right: Array
    wrong: Array


def steps(true: Array, scores: Array) -> Steps:
    """
    >>> steps(np.array([True, False, True]), np.array([0.9, 0.5, 0.5]))
    Steps(right=array([1, 2]), wrong=array([0, 1]))
    """
    order = scores.argsort(kind="stable")[::-1]
    ranked = scores[order]
    last = np.append(ranked[1:] != ranked[:-1], True)
    right = true[order].cumsum()[last]
    return Steps(right, np.flatnonzero(last) + 1 - right)


class Ranked(Averaged):
    """A number for the order of each class's scores, averaged; NaN if a score is, or if no class has one."""

    def __call__(self, prediction: Array, target: Array) -> float:
        true, scores = columns(prediction, target)
        if not scores.size or np.isnan(scores).any():
            return float("nan")
        if self.average == "micro":
            return self.of(steps(true.ravel(), scores.ravel()))
        each = np.array([self.of(steps(*pair)) for pair in zip(true.T, scores.T, strict=True)])
        return mean(each, true.sum(0) if self.average == "weighted" and len(each) > 1 else None)

    @abstractmethod
    def of(self, at: Steps) -> float:
        """Of one class; NaN if it cannot be said."""
