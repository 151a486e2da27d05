"""How many rows are right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zen_cli.metrics.base import Array, Metric, metrics
from zen_cli.metrics.classes import answers, chosen, counts, labels_of, probabilities, several_answers
from zen_cli.registry import option


@metrics.register("accuracy", main="threshold")
class Accuracy(Metric):
    """The share of rows whose class is right, from 0 to 1: mean[argmax_c prediction(r, c) = label(r)].

    The first of equal scores wins. A single column is the score of class 1, which is predicted above `threshold`:
    0.5 fits probabilities, 0 fits raw scores. Where a row has several answers of yes and no, all of them have to be
    right. A row with NaN counts as wrong.

    >>> Accuracy()(np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]), np.array([0, 1, 1])).__round__(4)
    0.6667
    """

    goal, classes, additive = "max", True, True
    threshold: float = option(0.5, "a single column above it is class 1")

    def __call__(self, prediction: Array, target: Array) -> float:
        right = self._right(prediction, target)
        return float(right.mean()) if len(target) else float("nan")

    def of_each(self, predictions: Sequence[Array], targets: Sequence[Array]) -> list[float]:
        if len(targets) == 1 or not len(targets[0]):
            return super().of_each(predictions, targets)
        right = self._right(np.concatenate(predictions), np.concatenate(targets))
        found: list[float] = right.reshape(len(targets), -1).mean(1).tolist()
        return found

    def _right(self, prediction: Array, target: Array) -> Array:
        """Whether each row is."""
        if several_answers(target):
            true, found = answers(prediction, target, self.threshold)
            return np.asarray((true == found).all(1) & ~np.isnan(prediction).any(1))
        read = chosen(prediction, target, self.threshold)
        return np.asarray(read.true == read.found)


@metrics.register("balanced_accuracy")
class BalancedAccuracy(Metric):
    """The mean over the classes that occur of the share of their rows that are found: mean_c [right_c / rows_c].

    A class of few rows counts as much as one of many; guessing gives 1 / classes.
    Source: Brodersen et al. 2010, doi:10.1109/ICPR.2010.764.

    >>> BalancedAccuracy()(np.array([[1, 0], [1, 0], [1, 0], [1, 0]]), np.array([0, 0, 0, 1]))
    0.5
    """

    goal, classes = "max", True

    def __call__(self, prediction: Array, target: Array) -> float:
        of = counts(prediction, target)
        occurs = of.true > 0
        return float((of.right[occurs] / of.true[occurs]).mean()) if occurs.any() else float("nan")


@metrics.register("top_k", "top_k_accuracy", main="k")
class TopK(Metric):
    """The share of rows whose class is among the `k` with the highest scores.

    Of equal scores the later class comes first. A row with NaN counts as wrong.

    >>> TopK(k=2)(np.array([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]]), np.array([1, 2]))
    0.5
    """

    goal, classes, additive = "max", True, True
    k: int = option(5, "how many guesses a row has", low=1)

    @property
    def label(self) -> str:
        return self.name if self.k == 5 else f"{self.name}_{self.k}"

    def __call__(self, prediction: Array, target: Array) -> float:
        if several_answers(target):
            raise ValueError("a row has one class for top_k, not several columns of them")
        scores = probabilities(prediction, target)
        label = labels_of(target, scores.shape[1])[:, None]
        own = np.take_along_axis(scores, label, 1)
        before = (scores > own) | ((scores == own) & (np.arange(scores.shape[1]) > label))
        hit = (before.sum(1) < self.k) & ~np.isnan(scores).any(1)
        return float(hit.mean()) if len(hit) else float("nan")
