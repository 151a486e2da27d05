"""The interval of a mean paired difference: Student's t, and where that may be too narrow the wider of two.

There is no percentile bootstrap here on purpose: of few seeds its nominal 95 % cover 84 % at n = 5 and 88 % at n = 10.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from zen_cli.compare.statistics.paired import skewness, t_interval

RESAMPLES = 10_000
SKEWED = 1.0
FEWEST = 8  # pairs that a resample still says something about


def bootstrap_t(
    differences: Sequence[float], rng: np.random.Generator, level: float = 0.95, resamples: int = RESAMPLES
) -> tuple[float, float, float]:
    """Mean, lower and upper bound by the studentised bootstrap: mean - q s / sqrt(n), q from resampled t statistics.

    Unlike Student's t it follows a skew. Source: Efron and Tibshirani 1993, section 12.5.

    >>> values = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 4.0]
    >>> [round(value, 2) for value in bootstrap_t(values, np.random.default_rng(0))]
    [0.85, 0.2, 5.27]
    """
    values = np.asarray(differences, np.float64)
    mean, error = float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values))
    drawn = values[rng.integers(0, len(values), (resamples, len(values)))]
    spreads = drawn.std(axis=1, ddof=1)
    varied = spreads > 1e-12 * np.abs(values).max()  # a resample of one value alone has no t
    if not varied.any():
        return mean, mean, mean
    scores = (drawn.mean(axis=1)[varied] - mean) / spreads[varied] * math.sqrt(len(values))
    low, high = np.quantile(scores, [0.5 - level / 2, 0.5 + level / 2])
    return mean, mean - float(high) * error, mean - float(low) * error


def ratio_of(log: float) -> float:
    """The exponential; infinity where that is too large for a number.

    >>> ratio_of(0.0), ratio_of(1e4)
    (1.0, inf)
    """
    try:
        return math.exp(log)
    except OverflowError:
        return math.inf


def interval(
    differences: Sequence[float], rng: np.random.Generator, level: float = 0.95
) -> tuple[float, float, float]:
    """Mean, lower and upper bound: Student's t; with a skew beyond +-1 and eight pairs or more, the wider of both.

    >>> [round(value, 2) for value in interval([1.0, 2.0, 3.0], np.random.default_rng(0))]
    [2.0, -0.48, 4.48]
    """
    student = t_interval(differences, level)
    if len(differences) < FEWEST or abs(skewness(differences)) <= SKEWED:
        return student
    return max(student, bootstrap_t(differences, rng, level), key=lambda found: found[2] - found[1])
