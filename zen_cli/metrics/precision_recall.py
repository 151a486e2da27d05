"""Precision, recall and their mean, of one class or averaged over several."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from zen_cli.metrics.averages import Averaged, average_option, mean
from zen_cli.metrics.base import Array, metrics
from zen_cli.metrics.classes import Counts, counts, several_answers

MICRO = "of all classes together"


def precision(of: Counts) -> Array:
    """Right among those found; 0 where none is."""
    share: Array = of.right / np.maximum(of.found, 1)
    return share


def recall(of: Counts) -> Array:
    """Right among those there are; 0 where none is."""
    share: Array = of.right / np.maximum(of.true, 1)
    return share


def f1(of: Counts) -> Array:
    """2 right / (true + found): the harmonic mean of precision and recall; 0 where none is."""
    share: Array = 2 * of.right / np.maximum(of.true + of.found, 1)
    return share


class _Share(Averaged):
    """A share of the rows of each class, averaged."""

    def __call__(self, prediction: Array, target: Array) -> float:
        of = counts(prediction, target)
        if not len(target):
            return float("nan")
        if self.average == "micro":
            return float(self.share(Counts(*(each.sum(keepdims=True) for each in of)))[0])
        shares = self.share(of)
        if self.average == "weighted":
            return mean(shares, of.true)
        if several_answers(target):
            return mean(shares)
        return float(shares[1]) if self.average == "auto" and len(shares) == 2 else mean(shares[of.true + of.found > 0])

    @abstractmethod
    def share(self, of: Counts) -> Array:
        """Of each class."""


@metrics.register("precision", main="average")
class Precision(_Share):
    """How many of those found to be of a class are: right / found; 0 where none is found.

    A row with NaN is found to be of no class.

    >>> Precision()(np.array([0.9, 0.8, 0.3, 0.6]), np.array([1, 0, 0, 1])).__round__(4)
    0.6667
    """

    average: str = average_option(MICRO)

    def share(self, of: Counts) -> Array:
        return precision(of)


@metrics.register("recall", main="average")
class Recall(_Share):
    """How many of a class are found: right / true; 0 where there is none.

    >>> Recall()(np.array([0.9, 0.8, 0.3, 0.2]), np.array([1, 0, 0, 1]))
    0.5
    """

    average: str = average_option(MICRO)

    def share(self, of: Counts) -> Array:
        return recall(of)


@metrics.register("f1", main="average")
class F1(_Share):
    """The harmonic mean of precision and recall: 2 right / (true + found); 0 where that is 0 / 0.

    Source: van Rijsbergen, Information Retrieval, 1979.

    >>> F1()(np.array([0.9, 0.8, 0.3, 0.2]), np.array([1, 0, 0, 1]))
    0.5
    >>> F1(average="macro")(np.array([[1, 0], [1, 0], [1, 0], [0, 1]]), np.array([0, 0, 1, 1])).__round__(4)
    0.7333
    """

    average: str = average_option(MICRO)

    def share(self, of: Counts) -> Array:
        return f1(of)
