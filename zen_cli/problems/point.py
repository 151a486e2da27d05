"""A network of one point: it gives its position, whatever comes in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from zen_cli.compiler.tensor import Tensor, apply
from zen_cli.nn.initializers import Array, Initializer
from zen_cli.nn.layers import Build, Layer


class Point(Layer):
    """y = position, for every row: x (batch, ...) -> y (batch, n); position (n,), as wide as the loss asks for.

    Source: a layer with a bias and no weight.

    >>> from zen_cli.nn.worked import forward
    >>> forward(Point(Start([-1.2, 1.0])), [[0], [0]], outputs=2)
    [[-1.2, 1.0], [-1.2, 1.0]]
    """

    name: ClassVar[str] = "point"

    def __init__(self, start: Initializer) -> None:
        self.start = start

    def forward(self, x: Tensor, build: Build) -> Tensor:
        width = build.outputs or 1
        position = build.parameter("position", (width,), self.start, (1, width))
        return apply("broadcast", position, shape=(x.shape[0], width))


class Start(Initializer):
    """w = position + jitter normal: the same place for every seed, unless there is jitter."""

    name: ClassVar[str] = "start"

    def __init__(self, position: Sequence[float], jitter: float = 0.0) -> None:
        self.position, self.jitter = position, jitter

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fans: tuple[int, int]) -> Array:
        return np.asarray(self.position, np.float64) + self.jitter * rng.standard_normal(shape)
