"""How predictions and targets are read where classes are compared.

Labels (rows,) name one class of several. Several columns of targets are as many answers of yes and no, each for
itself: above `threshold` is yes. One column of predictions is the score of class 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from zen_cli.metrics.base import Array


class Chosen(NamedTuple):
    """The class of each row and the one that was found: `classes`, one too many, where a prediction is NaN."""

    true: Array
    found: Array
    classes: int


class Columns(NamedTuple):
    """For each class a column: whether a row has it, and its score. Two classes have the column of the second."""

    true: Array  # bool (rows, columns)
    scores: Array  # float64 (rows, columns)


class Counts(NamedTuple):
    """Of each class, how many rows have it, were found to have it, and both."""

    true: Array
    found: Array
    right: Array


def several_answers(target: Array) -> bool:
    """Whether each column of the targets is an answer of its own."""
    return target.ndim == 2 and target.shape[1] > 1


def scores_of(prediction: Array, target: Array) -> Array:
    """Predictions as float64 (rows, columns).

    Raises:
        ValueError: the targets do not fit them.
    """
    rows = len(target)
    scores = prediction.astype(np.float64).reshape(rows, -1) if len(prediction) == rows > 0 else np.zeros((0, 2))
    fits = target.shape == scores.shape if several_answers(target) else target.size == rows
    if len(prediction) != rows or (rows and not fits):
        raise ValueError(f"targets {target.shape} do not fit predictions {prediction.shape}")
    return scores


def labels_of(target: Array, classes: int) -> Array:
    """Labels as whole numbers (rows,).

    Raises:
        ValueError: one is no class.
    """
    labels = target.reshape(-1) if target.dtype.kind in "iu" else (target.reshape(-1) > 0.5).astype(np.int64)
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(f"label {labels.max()} is none of {classes} classes")
    return labels


def chosen(prediction: Array, target: Array, threshold: float = 0.5) -> Chosen:
    """The first of equal scores is found; a row with NaN is of no class."""
    scores = scores_of(prediction, target)
    classes = max(scores.shape[1], 2)
    found = scores.argmax(1) if scores.shape[1] > 1 else (scores[:, 0] > threshold).astype(np.int64)
    return Chosen(labels_of(target, classes), np.where(np.isnan(scores).any(1), classes, found), classes)


def answers(prediction: Array, target: Array, threshold: float = 0.5) -> tuple[Array, Array]:
    """Several answers a row, as booleans: the true ones and those found. NaN is no."""
    return target > 0.5, scores_of(prediction, target) > threshold


def probabilities(prediction: Array, target: Array) -> Array:
    """The probability of each class (rows, classes), where each row has one class."""
    scores = scores_of(prediction, target)
    return np.concatenate((1 - scores, scores), axis=1) if scores.shape[1] == 1 else scores


def columns(prediction: Array, target: Array) -> Columns:
    scores = scores_of(prediction, target)
    if several_answers(target):
        return Columns(target > 0.5, scores)
    labels = labels_of(target, max(scores.shape[1], 2))
    if scores.shape[1] <= 2:
        return Columns(labels[:, None] == 1, scores[:, -1:])
    return Columns(labels[:, None] == np.arange(scores.shape[1]), scores)


def counts(prediction: Array, target: Array) -> Counts:
    if several_answers(target):
        true, found = answers(prediction, target)
        return Counts(true.sum(0), found.sum(0), (true & found).sum(0))
    read = chosen(prediction, target)
    right = read.true[read.true == read.found]
    each = (np.bincount(labels, minlength=read.classes)[: read.classes] for labels in (read.true, read.found, right))
    return Counts(*each)
