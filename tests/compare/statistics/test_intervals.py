"""The wider of two intervals where differences are skewed, Student's where they are not."""

import math

import numpy as np
import pytest
from scipy import stats

from zen_cli.compare.statistics import intervals
from zen_cli.compare.statistics.intervals import bootstrap_t, interval
from zen_cli.compare.statistics.paired import t_interval

SKEWED = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 4.0]


def generator():
    return np.random.default_rng(0)


def test_bootstrap_is_student_of_many_normal_differences():
    values = stats.norm.ppf((np.arange(60) + 0.5) / 60)
    assert bootstrap_t(values, generator()) == pytest.approx(t_interval(values), abs=0.02)


def test_bootstrap_is_repeatable_and_follows_the_skew():
    mean, low, high = bootstrap_t(SKEWED, generator())
    assert (mean, low, high) == bootstrap_t(SKEWED, generator())
    assert high - mean > 2 * (mean - low)


def test_bootstrap_of_equal_differences_is_a_point():
    assert bootstrap_t([0.5] * 8, generator()) == (0.5, 0.5, 0.5)


def test_the_wider_one_is_shown():
    width = {found: found[2] - found[1] for found in (t_interval(SKEWED), bootstrap_t(SKEWED, generator()))}
    assert interval(SKEWED, generator()) == max(width, key=width.get)


@pytest.mark.parametrize("values", [SKEWED[1:], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]])
def test_student_of_few_or_of_even_differences(values):
    assert interval(values, generator()) == t_interval(values)


def test_no_percentile_bootstrap_of_few_seeds_is_offered():
    assert not any("percentile" in name.lower() for name in vars(intervals))


def cover(draw, mean, count, times, method):
    rng, covered = generator(), 0
    for _ in range(times):
        _, low, high = method(draw(rng, count), rng)
        covered += low <= mean <= high
    return covered / times


@pytest.mark.slow
def test_coverage():
    normal = cover(lambda rng, count: rng.normal(0.0, 1.0, count), 0.0, 10, 2000, interval)
    skewed = cover(lambda rng, count: rng.lognormal(0.0, 1.0, count), math.exp(0.5), 10, 2000, interval)
    student = cover(lambda rng, count: rng.lognormal(0.0, 1.0, count), math.exp(0.5), 10, 2000,
                    lambda values, rng: t_interval(values))  # fmt: skip
    assert 0.93 <= normal <= 0.98
    assert skewed >= student
