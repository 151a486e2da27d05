"""Tests on paired differences agree with SciPy and with worked numbers."""

import math

import numpy as np
import pytest
from scipy import stats

from zen_cli.compare.statistics.paired import holm, mcnemar, seeds_needed, sign_flip, skewness, t_interval

DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]  # Fisher 1935, section 21, in eighths of an inch


def generator():
    return np.random.default_rng(0)


def test_student_interval_is_scipys():
    values = generator().normal(0.3, 2.0, 12)
    expected = stats.ttest_1samp(values, 0.0).confidence_interval(0.9)
    mean, *bounds = t_interval(values, 0.9)
    assert mean == pytest.approx(values.mean())
    assert bounds == pytest.approx(list(expected), rel=1e-9)


def test_one_difference_has_no_interval():
    assert t_interval([0.5]) == (0.5, -math.inf, math.inf)


def test_student_covers_what_it_says_of_five_seeds():
    rng, covered = generator(), 0
    for _ in range(2000):
        _, low, high = t_interval(rng.normal(1.0, 1.0, 5))
        covered += low <= 1.0 <= high
    assert 0.93 <= covered / 2000 <= 0.97


def test_ten_of_one_sign():
    assert sign_flip(generator().uniform(0.1, 2.0, 10), generator()) == 2 / 1024


def test_five_seeds_can_never_decide():
    assert sign_flip([1.0, 2.0, 3.0, 4.0, 5.0], generator()) == 0.0625


def test_fishers_own_example_of_darwins_maize():
    assert sign_flip(DARWIN, generator()) == 2 * 863 / 2**15


@pytest.mark.parametrize("count", [2, 3, 8, 12])
def test_sign_flip_is_scipys(count):
    values = np.random.default_rng(count).normal(0.4, 1.0, count)
    expected = stats.permutation_test(
        (values,), np.mean, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
    )
    assert sign_flip(values, generator()) == pytest.approx(expected.pvalue)


def test_many_seeds_are_drawn():
    values = generator().normal(0.5, 1.0, 30)
    drawn = sign_flip(values, generator())
    assert drawn == sign_flip(values, generator())
    assert drawn == pytest.approx(stats.ttest_1samp(values, 0.0).pvalue, abs=0.01)
    assert sign_flip([1.0] * 30, generator()) == 1 / 20_001


def test_ties_up_to_rounding_are_ties():
    assert sign_flip([0.1, 0.2, -0.3], generator()) == 1.0
    assert sign_flip([0.0, 0.0, 0.0], generator()) == 1.0


@pytest.mark.parametrize(("first", "second"), [(8, 0), (7, 2), (3, 3), (0, 0), (1, 20)])
def test_mcnemar_is_the_binomial_test(first, second):
    mine = [True] * first + [False] * second + [True, False]
    theirs = [False] * first + [True] * second + [True, False]
    apart = first + second
    assert mcnemar(mine, theirs) == pytest.approx(stats.binomtest(first, apart).pvalue if apart else 1.0)


def test_holms_worked_example():
    assert holm([0.01, 0.02, 0.03, 0.04]) == pytest.approx([0.04, 0.06, 0.06, 0.06])
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_skew_is_scipys():
    values = generator().exponential(1.0, 20)
    assert skewness(values) == pytest.approx(stats.skew(values))
    assert skewness([2.0, 2.0]) == 0.0


def test_seeds_needed_by_the_differences_seen():
    assert seeds_needed([0.0, 1.0, 2.0]) == 10  # mean / deviation = 1
    assert seeds_needed([-1.0, 1.0]) is None
    assert seeds_needed([0.5]) is None
