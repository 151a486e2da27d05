"""A noisy parabola in 100 dimensions, fully determined by two random seeds: published results to be met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from zen_cli.compiler.primitives import reduce_sum
from zen_cli.compiler.tensor import Tensor, leaf
from zen_cli.data.dataset import Dataset
from zen_cli.nn.initializers import Initializer
from zen_cli.nn.losses import Loss, Target
from zen_cli.problems.base import Array, Problem, problems
from zen_cli.problems.point import Start

DIMENSIONS, SEED, TEST_SEED = 100, 42, 43
DRAWN, BATCH, NOISE = 1000, 128, 0.6
ROWS = DRAWN // BATCH * BATCH  # what never fills a batch is left out, of training and test rows alike


@problems.register("quadratic_deep")
class QuadraticDeep(Problem):
    """L = mean over rows of 1/2 (p - x)^T Q (p - x): a valley as steep and as flat as a deep net's, seen through noise.

    p has 100 numbers and starts at 1 everywhere; Q has 90 eigenvalues from U(0, 1) and 10 from U(30, 60), turned by
    a random rotation; the rows x are normal with deviation 0.6. All of it is drawn from the seeds 42 (Q, training
    rows) and 43 (test rows): nothing depends on a config's seed but the order of the batches, which is the same in
    each epoch. 896 training and 896 test rows, batches of 128, 100 epochs. The loss is 353.4468 at the start, on the
    test rows, and about 87 at best: the rest is noise. Published: sgd 0.0158 ends at 87.28, adam 0.1 at 87.25,
    momentum 0.99 near 87.05.

    Source: Schneider, Balles, Hennig 2019, DeepOBS, arXiv:1903.05499; eigenvalues after Chaudhari et al. 2016,
    arXiv:1611.01838.

    >>> problem = QuadraticDeep()
    >>> problem.dataset().rows, problem.dataset().own_test, problem.dimensions
    (1792, 896, 100)
    """

    trainer: ClassVar[Mapping[str, Any]] = {"epochs": 100, "batch_size": BATCH, "shuffle": "once"}

    @property
    def dimensions(self) -> int:
        return DIMENSIONS

    def initializer(self) -> Initializer:
        return Start([1.0] * DIMENSIONS)

    def dataset(self) -> Dataset:
        return self.rows(np.concatenate([_noise(SEED), _noise(TEST_SEED)]), own_test=ROWS)

    def loss(self) -> Loss:
        return QuadraticForm(matrix())


class QuadraticForm(Loss):
    """L = 1/2 (p - y)^T Q (p - y), for a symmetric Q.

    Source: Schneider, Balles, Hennig 2019, arXiv:1903.05499.

    >>> from zen_cli.nn.worked import loss_of
    >>> loss_of(QuadraticForm(np.diag([1.0, 10.0])), [[3, 1]], [[1, 0]])  # (1 * 2^2 + 10 * 1^2) / 2
    7.0
    """

    name: ClassVar[str] = "quadratic_form"
    task: ClassVar[Any] = "numbers"

    def __init__(self, matrix: Array) -> None:
        self.matrix = matrix

    def constants(self, values: Array, target: Target) -> dict[str, Array]:
        return {"loss.matrix": self.matrix}

    def rows(self, prediction: Tensor, target: Tensor) -> Tensor:
        away = prediction - target
        return reduce_sum(away * (away @ leaf("loss.matrix", self.matrix.shape)), (-1,)) * 0.5


def matrix() -> Array:
    """Q = R^T diag(eigenvalues) R."""
    rng = np.random.RandomState(SEED)
    eigenvalues = np.concatenate([rng.uniform(0, 1, 90), rng.uniform(30, 60, 10)])
    turn = rotation(DIMENSIONS, rng)
    return np.asarray(turn.T @ (eigenvalues[:, None] * turn))


def rotation(dimensions: int, rng: np.random.RandomState) -> Array:
    """A random rotation: one of the plane, carried on by reflections to one dimension more at a time.

    Source: Diaconis and Shahshahani 1987, The subgroup algorithm for generating uniform random variables.
    """
    angle = 2 * np.pi * rng.uniform()
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    for size in range(3, dimensions + 1):
        direction = rng.normal(size=(size, 1))
        mirror = np.eye(size, 1) - direction / np.linalg.norm(direction)
        mirror /= np.linalg.norm(mirror)
        larger = np.eye(size)
        larger[1:, 1:] = turn
        turn = larger - 2 * mirror @ (mirror.T @ larger)
    return np.asarray(-turn)


def _noise(seed: int) -> Array:
    drawn = np.random.RandomState(seed).normal(0.0, NOISE, (DRAWN, DIMENSIONS))
    return drawn[:ROWS].astype(np.float32).astype(np.float64)
