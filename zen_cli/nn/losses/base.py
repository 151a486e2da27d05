"""What a loss is: one number a row; the mean over the batch is taken once, outside."""

from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np

from zen_cli.compiler.primitives import reduce_sum
from zen_cli.compiler.tensor import Tensor
from zen_cli.registry import Registry

Array = np.ndarray[Any, Any]
PROBABILITIES = ("softmax", "sigmoid")  # primitives whose results are probabilities


class Target(NamedTuple):
    """What is to be predicted: `classes` of a label (0: numbers, not labels) or `columns` of numbers a row.

    `steps`: labels a row, one for each step of a sequence; 0: one for the row.
    """

    classes: int
    columns: int = 1
    steps: int = 0


class Loss:
    """How wrong a prediction is. It sees whether the prediction is scores or probabilities and stays stable."""

    registry: ClassVar[Registry["Loss"]]
    name: ClassVar[str]
    task: ClassVar[Literal["classes", "numbers"] | None] = None  # how a target column of numbers is to be read
    labels: ClassVar[bool] = False  # whether several target columns are several labels, each true or false

    def widths(self, target: Target) -> tuple[int, ...]:
        """How many numbers a row the network may give; the first is what `output` takes."""
        if target.classes == 2:
            return (2, 1)
        return (target.classes or target.columns,)

    def encode(self, values: Array, target: Target, width: int) -> Array:
        """Targets as `rows` wants them: labels one-hot (or 0 and 1 where one number is given), numbers as columns."""
        if target.classes and width > 1:
            return np.eye(target.classes)[values]
        return values.reshape(len(values), -1).astype(np.float64)

    def constants(self, values: Array, target: Target) -> dict[str, Array]:
        """Arrays that `rows` takes as leaves, from the training targets: class weights."""
        return {}

    def rows(self, prediction: Tensor, target: Tensor) -> Tensor:
        """One loss a row: prediction (batch, outputs), target (batch, outputs) -> (batch,)."""
        raise NotImplementedError

    def link(self, prediction: Tensor) -> Tensor:
        """What a user reads: probabilities where the loss takes scores for them, else the prediction itself."""
        return prediction


losses: Registry[Loss] = Registry("loss")
Loss.registry = losses


def mean_of_outputs(each: Tensor) -> Tensor:
    """(batch, outputs) -> (batch,)."""
    axes = tuple(range(1 - each.rank, 0))
    return reduce_sum(each, axes) * (each.shape[0] / each.size)
