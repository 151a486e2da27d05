"""What a metric is: one number for all rows, in float64, by the formulas of scikit-learn.

Predictions are (rows, width) or (rows,); targets are numbers of the same shape, or labels (rows,), integers, which
are compared with the classes' columns. A metric of no rows is NaN.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from zen_cli.registry import Registry

Array = NDArray[Any]


class Metric(ABC):
    """A number for predictions and targets.

    `goal` says which direction is better; `classes`, that it compares classes, not numbers; `probabilities`, that
    it reads predictions as such.
    """

    registry: ClassVar[Registry[Metric]]
    name: ClassVar[str]
    goal: ClassVar[Literal["max", "min"]]
    classes: ClassVar[bool] = False
    probabilities: ClassVar[bool] = False
    additive: ClassVar[bool] = False  # whether over all rows it follows from what it is over some, see `joined`

    @property
    def label(self) -> str:
        """What it is called among others of its kind: `f1`, `f1_micro`."""
        return self.name

    @abstractmethod
    def __call__(self, prediction: Array, target: Array) -> float:
        """The metric over all rows; a ValueError if the shapes do not fit each other."""

    def of_each(self, predictions: Sequence[Array], targets: Sequence[Array]) -> list[float]:
        """The metric of each net, all over as many rows; in one go where that gives the same bits."""
        return [self(each, target) for each, target in zip(predictions, targets, strict=True)]

    def joined(self, values: Array, rows: Array) -> Array:
        """The metric over all rows from that over pieces (pieces, nets) of so many `rows`: their mean."""
        return np.asarray((values * rows).sum(0) / rows.sum(0))


metrics: Registry[Metric] = Registry("metric")
Metric.registry = metrics


def larger_is_better(label: str) -> bool:
    """Whether more of it is better: `accuracy`, `validation.f1_micro`, not a loss.

    >>> larger_is_better("train.loss"), larger_is_better("validation.accuracy"), larger_is_better("f1_micro")
    (False, True, True)
    """
    metric = label.rpartition(".")[2]
    name = metric if metric in metrics else metric.rpartition("_")[0]
    return name in metrics and metrics[name].goal == "max"
