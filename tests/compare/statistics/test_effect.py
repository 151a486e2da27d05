"""Power and the seeds it takes, against SciPy's noncentral t."""

import math

import pytest
from scipy import stats

from zen_cli.compare.statistics.effect import chance_of_winning, power, seeds_for
from zen_cli.compare.statistics.quantiles import clopper_pearson


@pytest.mark.parametrize(("effect", "seeds"), [(0.5, 34), (0.75, 16), (1.0, 10), (1.5, 6), (2.0, 5)])
def test_seeds_for_four_fifths_power(effect, seeds):
    assert seeds_for(effect) == seeds_for(-effect) == seeds


@pytest.mark.parametrize("effect", [0.0, 0.05, 0.3, 1.0, 2.5])
@pytest.mark.parametrize("seeds", [2, 3, 5, 10, 25])
def test_power_is_the_noncentral_t(effect, seeds):
    shift, critical = effect * math.sqrt(seeds), stats.t.ppf(0.975, seeds - 1)
    expected = stats.nct.sf(critical, seeds - 1, shift) + stats.nct.cdf(-critical, seeds - 1, shift)
    assert power(effect, seeds) == pytest.approx(expected, abs=1e-6)


def test_small_effects_need_many_seeds():
    assert seeds_for(0.1) == 787
    assert seeds_for(0.09) == 971  # the last that are counted on one by one
    assert seeds_for(0.088) == 1016
    assert seeds_for(0.01) == 78_491
    assert seeds_for(0.0) is None
    assert seeds_for(math.inf) is None


def test_a_tie_is_half_a_win():
    assert chance_of_winning(8, 0, 10) == (0.8, *clopper_pearson(8, 10))
    assert chance_of_winning(7, 2, 10) == chance_of_winning(8, 0, 10)
    assert chance_of_winning(0, 10, 10)[0] == 0.5
    assert chance_of_winning(0, 0, 0) == (0.5, 0.0, 1.0)
