"""The distributions agree with SciPy to 1e-9."""

from itertools import product

import pytest
from scipy import special, stats

from zen_cli.compare.statistics.quantiles import beta_cdf, beta_quantile, clopper_pearson, t_cdf, t_quantile

SHAPES = (0.05, 0.5, 1, 1.5, 5, 10, 50, 300, 1000)
SHARES = (1e-6, 1e-3, 0.025, 0.2, 0.5, 0.8, 0.975, 0.9999)
FREEDOMS = (0.5, 1, 2, 3, 4, 5, 9, 10, 19, 30, 100, 1000, 10_000)
TAILS = (1e-9, 1e-6, 1e-4, 0.001, 0.025, 0.2, 0.249, 0.251, 0.4, 0.499, 0.5, 0.501, 0.7, 0.95, 0.975, 0.999, 0.999999)


@pytest.mark.parametrize(("a", "b"), list(product(SHAPES, SHAPES)))
def test_beta(a, b):
    for x in (0, 1e-12, 1e-6, 0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999999, 1):
        assert beta_cdf(x, a, b) == pytest.approx(special.betainc(a, b, x), abs=1e-9)
    for share in SHARES[::3]:
        assert beta_quantile(share, a, b) == pytest.approx(special.betaincinv(a, b, share), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("freedom", FREEDOMS)
def test_student(freedom):
    for p in TAILS:
        assert t_quantile(p, freedom) == pytest.approx(stats.t.ppf(p, freedom), rel=1e-9, abs=1e-12)
    for t in (-50, -5, -1, -0.1, -1e-9, 0, 1e-9, 0.1, 1, 2, 10, 100):
        assert t_cdf(t, freedom) == pytest.approx(stats.t.cdf(t, freedom), abs=1e-9)


@pytest.mark.parametrize("of", [1, 5, 10, 37])
def test_clopper_pearson(of):
    for count in {0, 1, of // 2, of - 1, of}:
        expected = stats.binomtest(count, of).proportion_ci(0.95, "exact")
        assert clopper_pearson(count, of) == pytest.approx(tuple(expected), abs=1e-9)


def test_clopper_pearson_of_ten():
    assert clopper_pearson(10, 10) == (pytest.approx(0.692, abs=5e-4), 1.0)
    assert clopper_pearson(8, 10) == pytest.approx((0.444, 0.975), abs=5e-4)
    assert clopper_pearson(0, 0) == (0.0, 1.0)


def test_half_a_win_lies_between():
    low, high = clopper_pearson(7.5, 10)
    assert clopper_pearson(7, 10)[0] < low < clopper_pearson(8, 10)[0]
    assert clopper_pearson(7, 10)[1] < high < clopper_pearson(8, 10)[1]
