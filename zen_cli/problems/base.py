"""What an optimization problem is: a point that is to be moved to where a loss is least."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.dataset import Dataset, Schema
from zen_cli.metrics import Metric
from zen_cli.nn.initializers import Initializer
from zen_cli.nn.losses import Loss, Target
from zen_cli.nn.network import Network
from zen_cli.problems.point import Point
from zen_cli.registry import Registry

Array = NDArray[Any]


class Problem(ABC):
    """Rows, a network of nothing but a point, a loss, and how one usually trains on them.

    The network gives the point for every row; its loss says what the point is worth to that row. `trainer`: options of
    the section `trainer` that hold where a config does not state them.
    """

    name: ClassVar[str]
    trainer: ClassVar[Mapping[str, Any]] = {}

    @property
    @abstractmethod
    def dimensions(self) -> int:
        """How many numbers the point has."""

    @abstractmethod
    def initializer(self) -> Initializer:
        """Where the point starts."""

    @abstractmethod
    def dataset(self) -> Dataset:
        """The rows; the same ones at every call."""

    @abstractmethod
    def loss(self) -> Loss:
        """What is to become small."""

    def metrics(self) -> tuple[Metric, ...]:
        """What is measured besides the loss."""
        return ()

    def network(self) -> Network:
        return Network([Point(self.initializer())], (1,), self.dimensions)

    def target(self) -> Target:
        return Target(0, self.dimensions)

    def rows(self, targets: Array, own_test: int = 0) -> Dataset:
        """A row for each of `targets` (rows, dimensions); there is nothing to predict them from."""
        schema = Schema("builtin", ("nothing",), (1,), ("position",))
        return Dataset(np.zeros((len(targets), 1)), targets, schema, self.name, own_test)


problems: Registry[Problem] = Registry("problem")
