"""The rows that a net is most wrong about."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from zen_cli.experiment import Experiment
from zen_cli.training.answers import answer_names, found
from zen_cli.training.evaluation import Judged

Array = np.ndarray[Any, Any]


class WrongRow(NamedTuple):
    """`number` within its part, its loss, and target and prediction by name of the target column."""

    number: int
    loss: float
    target: dict[str, Any]
    prediction: dict[str, Any]


def worst(experiment: Experiment, judged: Judged, targets: Array, count: int) -> list[WrongRow]:
    """The `count` rows of the greatest loss, the greatest first; of equal ones the first. NaN is greatest."""
    losses = np.where(np.isnan(judged.losses), np.inf, judged.losses)
    chosen = np.argsort(-losses, kind="stable")[:count]
    truths, predictions = targets[chosen], judged.prediction[chosen]
    exclusive = experiment.target.classes > 0
    wanted = told(experiment, truths, truths.reshape(len(truths), -1).astype(np.int64))
    answered = told(experiment, predictions, found(predictions, exclusive))
    losses = judged.losses[chosen]
    return [WrongRow(*row) for row in zip(chosen.tolist(), losses.tolist(), wanted, answered, strict=True)]


def told(experiment: Experiment, values: Array, codes: Array) -> list[dict[str, Any]]:
    """Targets, or predictions, by column: numbers as they are, else the names of the answers `codes`; None for -1."""
    columns, questions = experiment.dataset.schema.target or ("prediction",), answer_names(experiment)
    if not questions:
        rows = values.reshape(len(values), -1).tolist()
    else:
        words = [[*names, None] for names in questions]
        rows = [[each[code] for each, code in zip(words, row, strict=True)] for row in codes.tolist()]
    return [dict(zip(columns, row, strict=True)) for row in rows]
