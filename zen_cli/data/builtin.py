"""Small problems made by formula: nothing to download, the shape of the answer is known.

A problem is a fixed function of its options: the points do not change with the seed of the run.
Labels are the class numbers 0, 1, ...; the rows come class by class, splits and batches shuffle them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from zen_cli.errors import ZenError
from zen_cli.registry import Registry, option

Array = NDArray[Any]


class Problem(ABC):
    """Features float64 (rows, width) and targets: labels int64 (rows,) or numbers float64 (rows, 1)."""

    name: ClassVar[str]

    @abstractmethod
    def make(self) -> tuple[Array, Array]:
        """The rows; the same ones at every call."""


datasets: Registry[Problem] = Registry("dataset")


@datasets.register("xor")
class Xor(Problem):
    """Exclusive or of two bits: y = x0 xor x1. Four rows, which no straight line separates.

    Source: Minsky and Papert, Perceptrons, 1969; solved with a hidden layer by Rumelhart, Hinton and
    Williams 1986.

    >>> features, labels = Xor().make()
    >>> features.tolist(), labels.tolist()
    ([[0.0, 1.0], [0.0, 0.0], [1.0, 1.0], [1.0, 0.0]], [1, 0, 0, 1])
    """

    def make(self) -> tuple[Array, Array]:
        features = np.array([[0.0, 1.0], [0.0, 0.0], [1.0, 1.0], [1.0, 0.0]])
        return features, np.array([1, 0, 0, 1], np.int64)


@datasets.register("spiral", main="samples")
class Spiral(Problem):
    """Arms wound around each other: for class j of k and t in [0, 1], (x0, x1) = t (sin a, cos a) with
    a = 2 pi j / k + 4 t + noise * normal.

    Source: Karpathy, CS231n notes, "Putting it together: minimal neural network case study"; the intertwined
    spirals are Lang and Witbrock 1988.

    >>> features, labels = Spiral(samples=4, classes=2, noise=0.0).make()
    >>> (features.round(3) + 0.0).tolist(), labels.tolist()
    ([[0.0, 0.0], [-0.757, -0.654], [0.0, 0.0], [0.757, 0.654]], [0, 0, 1, 1])
    """

    samples: int = option(300, "rows in all", low=2, high=10**7)
    classes: int = option(3, "arms", low=2, high=100)
    noise: float = option(0.2, "standard deviation of the angle in radians", low=0)
    seed: int = option(0, "where the random numbers of the noise begin", low=0)

    def __post_init__(self) -> None:
        _refuse_fewer(self.samples, self.classes)

    def make(self) -> tuple[Array, Array]:
        labels, t = _even(self.samples, self.classes)
        angle = 2 * np.pi * labels / self.classes + 4 * t + _normal(self.seed, self.noise, len(t))
        return np.stack((t * np.sin(angle), t * np.cos(angle)), axis=1), labels


@datasets.register("moons", main="samples")
class Moons(Problem):
    """Two half circles that hook into each other: with t in [0, pi], class 0 is (cos t, sin t) and class 1
    (1 - cos t, 1/2 - sin t), both plus noise * normal.

    Source: scikit-learn's make_moons, the same points without noise.

    >>> Moons(samples=4, noise=0.0).make()[0].round(3).tolist()
    [[1.0, 0.0], [-1.0, 0.0], [0.0, 0.5], [2.0, 0.5]]
    """

    samples: int = option(300, "rows in all", low=2, high=10**7)
    noise: float = option(0.1, "standard deviation of each coordinate", low=0)
    seed: int = option(0, "where the random numbers of the noise begin", low=0)

    def make(self) -> tuple[Array, Array]:
        labels, t = _even(self.samples, 2)
        x, y, second = np.cos(np.pi * t), np.sin(np.pi * t), labels == 1
        points = np.stack((np.where(second, 1 - x, x), np.where(second, 0.5 - y, y)), axis=1)
        return points + _normal(self.seed, self.noise, points.shape), labels


@datasets.register("circles", main="samples")
class Circles(Problem):
    """One circle within another: radius 1 for class 0 and `factor` for class 1, both plus noise * normal.

    Source: scikit-learn's make_circles, the same points without noise.

    >>> Circles(samples=4, noise=0.0).make()[0].round(3).tolist()
    [[1.0, 0.0], [-1.0, 0.0], [0.5, 0.0], [-0.5, 0.0]]
    """

    samples: int = option(300, "rows in all", low=2, high=10**7)
    factor: float = option(0.5, "radius of the inner circle", above=0, below=1)
    noise: float = option(0.05, "standard deviation of each coordinate", low=0)
    seed: int = option(0, "where the random numbers of the noise begin", low=0)

    def make(self) -> tuple[Array, Array]:
        labels, t = _even(self.samples, 2, closed=False)
        radius = np.where(labels == 1, self.factor, 1.0)
        points = np.stack((radius * np.cos(2 * np.pi * t), radius * np.sin(2 * np.pi * t)), axis=1)
        return points + _normal(self.seed, self.noise, points.shape), labels


@datasets.register("blobs", main="samples")
class Blobs(Problem):
    """A round cloud for each class: class j of k is normal around 4 (cos a, sin a), a = 2 pi j / k, with
    standard deviation `noise`.

    >>> features, labels = Blobs(samples=4, classes=4, noise=0.0).make()
    >>> (features.round(3) + 0.0).tolist(), labels.tolist()
    ([[4.0, 0.0], [0.0, 4.0], [-4.0, 0.0], [0.0, -4.0]], [0, 1, 2, 3])
    """

    samples: int = option(300, "rows in all", low=2, high=10**7)
    classes: int = option(3, "clouds", low=2, high=100)
    noise: float = option(1.0, "standard deviation of each coordinate", low=0)
    seed: int = option(0, "where the random numbers of the noise begin", low=0)

    def __post_init__(self) -> None:
        _refuse_fewer(self.samples, self.classes)

    def make(self) -> tuple[Array, Array]:
        labels, _ = _even(self.samples, self.classes)
        angle = 2 * np.pi * labels / self.classes
        points = 4 * np.stack((np.cos(angle), np.sin(angle)), axis=1)
        return points + _normal(self.seed, self.noise, points.shape), labels


@datasets.register("sine", main="samples")
class Sine(Problem):
    """Regression on one wave: y = sin(x) + noise * normal, x evenly from -pi to pi.

    >>> [column.round(3).tolist() for column in Sine(samples=3, noise=0.0).make()]
    [[[-3.142], [0.0], [3.142]], [[-0.0], [0.0], [0.0]]]
    """

    samples: int = option(300, "rows", low=2, high=10**7)
    noise: float = option(0.1, "standard deviation of y", low=0)
    seed: int = option(0, "where the random numbers of the noise begin", low=0)

    def make(self) -> tuple[Array, Array]:
        x = np.linspace(-np.pi, np.pi, self.samples)[:, None]
        return x, np.sin(x) + _normal(self.seed, self.noise, x.shape)


def _refuse_fewer(samples: int, classes: int) -> None:
    if samples < classes:
        raise ZenError(f"{samples} samples cannot show {classes} classes", hint=f"set samples to {classes} or more")


def _even(samples: int, classes: int, closed: bool = True) -> tuple[Array, Array]:
    """Labels class by class, sizes as even as can be, and t from 0 to 1 within each (1 left out if open)."""
    sizes = [samples // classes + (label < samples % classes) for label in range(classes)]
    t = [np.linspace(0.0, 1.0, size, endpoint=closed) for size in sizes]
    return np.repeat(np.arange(classes, dtype=np.int64), sizes), np.concatenate(t)


def _normal(seed: int, deviation: float, shape: int | tuple[int, ...]) -> Array:
    return np.random.default_rng(seed).normal(scale=deviation, size=shape)
