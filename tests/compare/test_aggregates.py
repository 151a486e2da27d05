"""One optimizer's runs as numbers: against SciPy, and with runs that broke."""

import math
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from zen_cli.compare.aggregates import best_of, describe, finals, middle
from zen_cli.compare.material import Material, successes

LOSSES = [0.11, 0.07, 0.3, 0.09, 0.2, 0.1, 0.08, 0.15]


def test_means_of_losses():
    found = describe(LOSSES, "min", "loss")
    assert found["gmean"] == pytest.approx(stats.gmean(LOSSES))
    assert found["median"] == pytest.approx(np.median(LOSSES))
    assert found["quartiles"] == pytest.approx(list(np.quantile(LOSSES, [0.25, 0.75])))
    assert found["iqm"] == pytest.approx(stats.trim_mean(LOSSES, 0.25))
    assert found["sd_log"] == pytest.approx(np.std(np.log(LOSSES), ddof=1))
    assert found["worst"] == 0.3
    expected = stats.ttest_1samp(np.log(LOSSES), 0.0).confidence_interval()
    assert found["ci"] == pytest.approx(list(np.exp(expected)))


def test_broken_runs_are_counted_as_infinite():
    found = describe([*LOSSES[:6], math.inf, math.inf], "min", "loss")
    assert found["gmean"] == pytest.approx(stats.gmean(LOSSES[:6]))  # of those that finished
    assert found["worst"] == math.inf
    assert math.isfinite(found["median"])
    assert describe([0.1, math.inf, math.inf], "min", "loss")["median"] == math.inf


@pytest.mark.parametrize(("status", "kept"), [("exploded", False), ("error", False), ("stalled", True), ("ok", True)])
def test_a_run_that_ended_higher_than_it_began_is_infinitely_bad(status: str, kept: bool):
    rows = [{"status": status, "metric_final": 3.0, "label": "sgd", "seed": 0, "phase": "evaluate"}]
    material = Material({}, rows, [], [])
    assert finals(rows, "min") == [3.0 if kept else math.inf] and finals(rows, "max") == [3.0 if kept else -math.inf]
    assert successes(material, "sgd", None) == [kept]


def test_nothing_finished():
    found = describe([math.inf] * 3, "min", "loss")
    assert (found["gmean"], found["mean"], found["ci"], found["median"]) == (None, None, None, math.inf)


def test_shares_are_averaged_as_they_are():
    found = describe([0.9, 1.0, 0.8], "max", "share")
    assert found["mean"] == pytest.approx(0.9)
    assert found["worst"] == 0.8


def test_losses_far_apart_have_an_interval():
    low, high = describe([1e-300, 1e300], "min", "loss")["ci"]
    assert low == 0.0
    assert high == math.inf


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25, 0.5, 0.9, 1.0])
def test_quantiles_are_numpys(share):
    assert middle(LOSSES, share) == pytest.approx(np.quantile(LOSSES, share))


def test_quantiles_beside_an_infinity():
    assert middle([1.0, 2.0, math.inf], 0.75) == math.inf
    assert middle([-math.inf, 1.0, 2.0], 0.25) == -math.inf
    assert middle([-math.inf, 1.0, 2.0]) == 1.0


def test_finals_by_goal():
    rows = [{"status": "ok", "metric_final": 0.5}, {"status": "diverged", "metric_final": math.nan}]
    assert finals(rows, "min") == [0.5, math.inf]
    assert finals(rows, "max") == [0.5, -math.inf]


@pytest.mark.parametrize("count", [1, 2, 3, 8])
@pytest.mark.parametrize(("goal", "best"), [("min", min), ("max", max)])
def test_best_of_is_the_mean_over_all_subsets(count, goal, best):
    expected = np.mean([best(chosen) for chosen in combinations(LOSSES, count)])
    assert best_of(LOSSES, count, goal) == pytest.approx(expected)


def test_best_of_with_a_broken_trial():
    assert best_of([1.0, 2.0, math.inf], 2) == pytest.approx(4 / 3)
    assert best_of([1.0, math.inf], 1) == math.inf
