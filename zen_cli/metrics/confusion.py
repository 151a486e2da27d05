"""Which classes are taken for which: no single number, shown by `zen evaluate`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from zen_cli.metrics.base import Array
from zen_cli.metrics.classes import chosen, counts
from zen_cli.metrics.precision_recall import f1, precision, recall


def confusion_matrix(prediction: Array, target: Array) -> Array:
    """How many rows of class i were found to be of class j, at [i, j]; rows with NaN are left out.

    >>> confusion_matrix(np.array([[1, 0], [0, 1], [0, 1]]), np.array([0, 0, 1])).tolist()
    [[1, 1], [0, 1]]
    """
    true, found, classes = chosen(prediction, target)
    known = found < classes
    pairs = true[known] * classes + found[known]
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


class OfClass(NamedTuple):
    """How one class fares; `support` counts its rows."""

    precision: float
    recall: float
    f1: float
    support: int


def per_class(prediction: Array, target: Array) -> list[OfClass]:
    """Of each class, or of each column where a row has several answers."""
    of = counts(prediction, target)
    shares = (each(of).tolist() for each in (precision, recall, f1))
    return [OfClass(*row) for row in zip(*shares, of.true.tolist(), strict=True)]
