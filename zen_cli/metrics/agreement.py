"""How far found classes agree with the true ones beyond what chance gives."""

from __future__ import annotations

import numpy as np

from zen_cli.metrics.base import Array, Metric, metrics
from zen_cli.metrics.classes import Counts, counts, several_answers


@metrics.register("cohen_kappa", "kappa")
class CohenKappa(Metric):
    """kappa = 1 - wrong / wrong by chance: 1 is perfect, 0 what guessing in the same shares gives.

    By chance: rows - sum_c true_c found_c / rows. NaN where all rows have, and are found to have, one class. A row
    with NaN counts as wrong.
    Source: Cohen 1960, doi:10.1177/001316446002000104.

    >>> CohenKappa()(np.array([[1, 0], [1, 0], [0, 1], [1, 0]]), np.array([0, 0, 1, 1]))
    0.5
    """

    goal, classes = "max", True

    def __call__(self, prediction: Array, target: Array) -> float:
        of = _exclusive(prediction, target)
        rows = len(target)
        by_chance = rows - float(of.true @ of.found) / rows if rows else 0.0
        return 1 - float(rows - of.right.sum()) / by_chance if by_chance else float("nan")


@metrics.register("mcc", "matthews_corrcoef")
class MatthewsCorrelation(Metric):
    """r = (n right - t.f) / sqrt((n^2 - f.f) (n^2 - t.t)), t and f the rows of each class, true and found.

    The correlation of found with true classes, from -1 to 1; 0 where all rows have, or are found to have, one class.
    A row with NaN counts as wrong.
    Source: Matthews 1975; Gorodkin 2004, doi:10.1016/j.compbiolchem.2004.09.006 (several classes).

    >>> MatthewsCorrelation()(np.array([[1, 0], [1, 0], [0, 1], [1, 0]]), np.array([0, 0, 1, 1])).__round__(4)
    0.5774
    """

    goal, classes = "max", True

    def __call__(self, prediction: Array, target: Array) -> float:
        of, rows = _exclusive(prediction, target), float(len(target))
        found = np.append(of.found, rows - of.found.sum())  # the last: of no class
        spread = (rows**2 - found @ found) * (rows**2 - of.true @ of.true)
        if not rows:
            return float("nan")
        return float((of.right.sum() * rows - of.true @ of.found) / np.sqrt(spread)) if spread else 0.0


def _exclusive(prediction: Array, target: Array) -> Counts:
    """Counts of classes of which a row has one, as float64."""
    if several_answers(target):
        raise ValueError("a row has one class here, not several columns of them")
    return Counts(*(each.astype(np.float64) for each in counts(prediction, target)))
