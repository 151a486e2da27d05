"""Predictions as a user reads them: a class by its name, yes or no, numbers, probabilities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from zen_cli.data.shortest import shortest
from zen_cli.experiment import Experiment

Array = np.ndarray[Any, Any]
THRESHOLD = 0.5  # above it the answer is yes


class Answers:
    """The columns that a prediction gives: their `names`, and their cells as text.

    `text` writes a name as the output needs it, `nothing` stands where a prediction is NaN. With `proba` also
    `proba_<class>`, or `proba_<column>` where each column is a question of its own.
    """

    def __init__(self, experiment: Experiment, proba: bool, text: Callable[[str], str], nothing: str) -> None:
        schema, self.dtype, self.proba = experiment.dataset.schema, experiment.trainer.dtype, proba
        target, self.questions = schema.target or ("prediction",), answer_names(experiment)
        self.exclusive = schema.classes is not None
        self.words = [[*map(text, words), nothing] for words in self.questions]
        self.names = [*target]
        if proba:
            self.names += [f"proba_{name}" for name in schema.classes or target]

    def __call__(self, prediction: Array) -> list[list[str]]:
        """Cells column by column, for predictions (rows, width)."""
        numbers = prediction.reshape(len(prediction), -1).astype(self.dtype)
        if not self.questions:
            return [shortest(column) for column in numbers.T]
        codes = found(prediction, self.exclusive)
        worded = zip(self.words, codes.T.tolist(), strict=True)
        columns = [[words[code] for code in column] for words, column in worded]
        if not self.proba:
            return columns
        if self.exclusive and numbers.shape[1] == 1:
            numbers = np.concatenate([1 - numbers, numbers], axis=1)
        return columns + [shortest(column) for column in numbers.T]


def answer_names(experiment: Experiment) -> list[tuple[str, ...]]:
    """For each question what may be answered: the classes, or no and yes for each column; none where it is numbers."""
    schema = experiment.dataset.schema
    if schema.classes is not None:
        return [schema.classes]
    if not experiment.several_answers:
        return []
    cells = [column.cell for column in schema.outputs] or [lambda value: int(value)] * len(schema.target)
    return [(str(cell(0.0)), str(cell(1.0))) for cell in cells]


def found(prediction: Array, exclusive: bool) -> Array:
    """The number of the answer (rows, questions), of equal scores the first; the last one, -1, where there is NaN."""
    scores = prediction.reshape(len(prediction), -1)
    lost = np.isnan(scores)
    if exclusive and scores.shape[1] > 1:
        return np.where(lost.any(1), -1, scores.argmax(1))[:, None]
    return np.where(lost, -1, (scores > THRESHOLD).astype(np.int64))
