"""Functions of two numbers as problems: a height over the plane, a start, and where it is lowest."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from zen_cli.compiler.tensor import Tensor, apply, constant
from zen_cli.data.dataset import Dataset
from zen_cli.errors import ZenError
from zen_cli.metrics import Metric
from zen_cli.nn.initializers import Initializer
from zen_cli.nn.losses import Loss
from zen_cli.problems.base import Array, Problem
from zen_cli.problems.point import Start
from zen_cli.registry import option, schema

Height = Callable[[Any, Any], Any]
START = "where the point starts: [x, y]"


@schema
class Surface(Problem):
    """A function of the plane, trained on a single row that stands for nothing: an epoch is a step.

    `distance` is measured besides the height: how far the point is from the nearest of the lowest points.
    """

    trainer: ClassVar[Mapping[str, Any]] = {"epochs": 1000, "batch_size": "full"}
    minima: ClassVar[tuple[tuple[float, float], ...]]
    start: list[float] = option(help=START)
    jitter: float = option(0.0, "standard deviation of the start from seed to seed", low=0)

    def __post_init__(self) -> None:
        if len(self.start) != 2:
            raise ZenError(f"start needs 2 numbers, found {len(self.start)}", hint="write start: [-1.2, 1.0]")

    @abstractmethod
    def height(self, x: Any, y: Any) -> Any:
        """The function, of numbers, arrays or tensors: in +, -, * and / only."""

    @property
    def dimensions(self) -> int:
        return 2

    def initializer(self) -> Initializer:
        return Start(self.start, self.jitter)

    def dataset(self) -> Dataset:
        return self.rows(np.zeros((1, 2)))

    def loss(self) -> Loss:
        return HeightLoss(self.height)

    def metrics(self) -> tuple[Metric, ...]:
        return (Distance(self.minima),)


class HeightLoss(Loss):
    """L = f(x, y) at the prediction (x, y); the target counts for nothing.

    >>> from zen_cli.nn.worked import loss_of
    >>> loss_of(HeightLoss(lambda x, y: x * x + 10 * y), [[3, 1]], [[0, 0]])
    19.0
    """

    name: ClassVar[str] = "height"
    task: ClassVar[Any] = "numbers"

    def __init__(self, height: Height) -> None:
        self.height = height

    def rows(self, prediction: Tensor, target: Tensor) -> Tensor:
        x, y = (prediction @ constant(axis, (2, 1)) for axis in ([[1.0], [0.0]], [[0.0], [1.0]]))
        return apply("reshape", self.height(x, y), shape=(prediction.shape[0],))


class Distance(Metric):
    """The distance from the nearest of some points, the mean of all rows: min_m |prediction - m|.

    >>> Distance(((1.0, 1.0), (5.0, 0.0)))(np.array([[5.0, 2.0]]), np.zeros((1, 2)))
    2.0
    """

    name: ClassVar[str] = "distance"
    goal = "min"

    def __init__(self, points: tuple[tuple[float, float], ...]) -> None:
        self.points = np.array(points)

    def __call__(self, prediction: Array, target: Array) -> float:
        apart = prediction[:, None, :] - self.points
        return float(np.hypot(apart[..., 0], apart[..., 1]).min(-1).mean())  # squares could overflow


def squared(value: Any) -> Any:
    """value^2, of numbers, arrays or tensors."""
    return value * value
