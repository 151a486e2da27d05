"""Several tasks at once, by their scores: the mean of the middle half, and its interval by resampling seeds."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Bounds = tuple[float, float, float]

RESAMPLES = 2000
FEWEST = 20  # runs over all tasks, below which a percentile interval is too narrow to be shown


def iqm(scores: Array) -> Any:
    """The mean of the middle half along the last axis (Agarwal et al. 2021, arXiv:2108.13264).

    >>> iqm(np.array([0.0, 1.0, 2.0, 99.0]))
    np.float64(1.5)
    """
    ordered = np.sort(scores, axis=-1)
    cut = ordered.shape[-1] // 4
    return ordered[..., cut : ordered.shape[-1] - cut].mean(axis=-1)


def resampled(scores: Array, rng: np.random.Generator, resamples: int = RESAMPLES) -> Array:
    """The iqm of each optimizer in each resample, (optimizers, resamples), of scores (optimizers, runs, tasks).

    Seeds are resampled within each task (stratified), and all optimizers share ONE set of indices (paired): what
    the seeds have in common cancels in differences. rliable draws for each method by itself, which loses that.
    """
    optimizers, runs, tasks = scores.shape
    index = rng.integers(0, runs, (resamples, runs, tasks))
    chosen = [own[index, np.arange(tasks)].reshape(resamples, -1) for own in scores]
    return np.stack([iqm(each) for each in chosen]) if optimizers else np.empty((0, resamples))


def iqm_intervals(scores: Array, rng: np.random.Generator, level: float = 0.95) -> list[Bounds | None]:
    """For each optimizer its iqm and percentile bounds; None with fewer than 20 runs over all tasks.

    >>> scores = np.arange(40.0).reshape(1, 10, 4)
    >>> [round(value, 1) for value in iqm_intervals(scores, np.random.default_rng(0))[0]]
    [19.5, 14.4, 24.5]
    """
    return _intervals(scores, lambda found: found, rng, level)


def iqm_differences(scores: Array, baseline: int, rng: np.random.Generator, level: float = 0.95) -> list[Bounds | None]:
    """For each optimizer its iqm less the baseline's (its place in the first axis), and bounds of that difference.

    None too where both may be infinite, as with many broken runs on either side: that has no difference.

    >>> scores = np.stack([np.arange(40.0).reshape(10, 4), np.arange(40.0).reshape(10, 4) + 1.0])
    >>> [float(value) for value in iqm_differences(scores, 0, np.random.default_rng(0))[1]]
    [1.0, 1.0, 1.0]
    """
    return _intervals(scores, lambda found: found - found[baseline], rng, level)


def _intervals(
    scores: Array, compared: Callable[[Array], Array], rng: np.random.Generator, level: float
) -> list[Bounds | None]:
    optimizers, runs, tasks = scores.shape
    if runs * tasks < FEWEST:
        return [None] * optimizers
    with np.errstate(invalid="ignore"):
        centres, drawn = compared(iqm(scores.reshape(optimizers, -1))), compared(resampled(scores, rng))
    # Of the values themselves, not between two: between a number and the infinity of a broken run lies nothing.
    ends = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2], axis=1, method="inverted_cdf")
    found = [(float(centre), float(low), float(high)) for centre, low, high in zip(centres, *ends, strict=True)]
    return [None if any(math.isnan(bound) for bound in bounds) else bounds for bounds in found]


def improvement(mine: Array, theirs: Array) -> float:
    """The chance of doing better (a lower score) on the seed of a task: the mean over tasks, ties as half.

    >>> improvement(np.array([[1.0, 1.0], [1.0, 2.0]]), np.array([[2.0, 1.0], [2.0, 1.0]]))
    0.625
    """
    return float(((mine < theirs) + 0.5 * (mine == theirs)).mean())
