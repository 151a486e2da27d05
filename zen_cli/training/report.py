"""What there is to say about predictions beyond single numbers: of each class, of confidence, of errors."""

from __future__ import annotations

from typing import Any

import numpy as np

from zen_cli.experiment import Experiment
from zen_cli.metrics.calibration import calibration
from zen_cli.metrics.classes import several_answers
from zen_cli.metrics.confusion import OfClass, confusion_matrix, per_class
from zen_cli.metrics.residuals import SHARES, residuals

Array = np.ndarray[Any, Any]
MOST = 100  # classes of which the matrix is told


def report(experiment: Experiment, prediction: Array, target: Array) -> dict[str, Any]:
    """As plain values: `per_class`, `confusion_matrix` and `calibration` of classes; `residuals` of numbers.

    `confusion_matrix[i][j]`: rows of class i that were taken for class j, classes in the order of `per_class`.
    """
    if experiment.problem is not None or not len(target):
        return {}
    names = _answers(experiment)
    with np.errstate(all="ignore"):
        if names:
            return _of_classes(experiment, names, prediction, target)
        return _of_numbers(experiment.dataset.schema.target, prediction, target)


def _answers(experiment: Experiment) -> tuple[str, ...]:
    """What can be right or wrong: the classes, or the columns where each is a question of its own; () of numbers."""
    schema = experiment.dataset.schema
    return schema.classes or (schema.target if experiment.several_answers else ())


def _of_classes(experiment: Experiment, names: tuple[str, ...], prediction: Array, target: Array) -> dict[str, Any]:
    fares = zip(names, per_class(prediction, target), strict=True)
    found: dict[str, Any] = {"per_class": {name: OfClass._asdict(one) for name, one in fares}}
    if not several_answers(target) and len(names) <= MOST:
        found["confusion_matrix"] = confusion_matrix(prediction, target).tolist()
    if experiment.gives_probabilities:
        found["calibration"] = [one._asdict() for one in calibration(prediction, target)]
    return found


def _of_numbers(names: tuple[str, ...], prediction: Array, target: Array) -> dict[str, Any]:
    shares = [f"{share:.0%}" for share in SHARES]
    quantiles = [dict(zip(shares, row, strict=True)) for row in residuals(prediction, target).tolist()]
    columns = names if len(names) == len(quantiles) else map(str, range(len(quantiles)))
    return {"residuals": dict(zip(columns, quantiles, strict=True))}
