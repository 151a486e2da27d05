"""The rows that a net is most wrong about."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from zen_cli.experiment import Experiment
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
    wanted, found = (told(experiment, values[chosen]) for values in (targets, judged.prediction))
    losses = judged.losses[chosen]
    return [WrongRow(*row) for row in zip(chosen.tolist(), losses.tolist(), wanted, found, strict=True)]


def told(experiment: Experiment, values: Array) -> list[dict[str, Any]]:
    """Targets, or predictions, as a user reads them: a class by its name, numbers by their column."""
    schema = experiment.dataset.schema
    columns = schema.target or ("prediction",)
    if schema.classes is None:
        rows = values.reshape(len(values), -1).tolist()
        return [dict(zip(columns, row, strict=True)) for row in rows]
    if values.ndim > 1:
        labels = values.argmax(1) if values.shape[1] > 1 else (values[:, 0] > 0.5).astype(int)
    else:
        labels = values
    return [{columns[0]: schema.classes[label]} for label in labels.tolist()]
