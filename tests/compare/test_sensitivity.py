"""What a sweep of rates tells besides the best."""

import math

import pytest

from zen_cli.compare.sensitivity import budget_curve, scores_by_rate, sensitivity

SCORES = {0.001: 0.5, 0.003162: 0.19, 0.01: 0.1, 0.03162: 0.105, 0.1: 0.6, 0.3162: 0.15, 1.0: math.inf}


def found(scores=SCORES, chosen=0.01, default=0.001, first=2.3, goal="min"):
    return sensitivity(scores, chosen, default, first, goal)


def test_widths_are_of_the_connected_range():
    assert found()["width_10pct_decades"] == pytest.approx(0.5, abs=1e-3)
    assert found()["width_2x_decades"] == pytest.approx(1.0, abs=1e-3)  # 0.3162 lies beyond a worse one
    assert found()["resolution"] == pytest.approx(0.5, abs=1e-3)


def test_cliff_is_the_worse_neighbour():
    assert found()["cliff"] == pytest.approx(1.9)
    assert found(chosen=0.3162)["cliff"] == math.inf


def test_gap_regret_and_failures():
    assert found()["default_gap"] == pytest.approx(5.0)
    assert found()["fail_frac"] == pytest.approx(1 / 7)
    capped = 0.5 + 0.19 + 0.1 + 0.105 + 0.6 + 0.15 + 2.3
    assert found()["regret"] == pytest.approx(capped / 7 / 0.1)
    assert found(default=0.5)["default_gap"] is None


def test_edge():
    assert not found()["edge"]
    assert found(chosen=0.001)["edge"]
    assert not found(scores={0.1: 0.3}, chosen=0.1)["edge"]


def test_every_rate_broke():
    broken = found(scores={0.1: math.inf, 1.0: math.inf}, chosen=0.1)
    assert broken["fail_frac"] == 1.0
    assert not any(isinstance(value, float) and math.isnan(value) for value in broken.values())


def test_scores_are_means_over_seeds():
    rows = [{"lr": 0.1, "final": 0.2}, {"lr": 0.1, "final": 0.4}, {"lr": 0.01, "final": math.nan}]
    assert scores_by_rate(rows, "min") == {0.01: math.inf, 0.1: pytest.approx(0.3)}


def test_budget_curve_falls_to_the_best():
    curve = budget_curve(SCORES, "min")
    assert list(curve) == ["1", "2", "4"]
    assert curve["1"] == math.inf
    assert curve["4"] < curve["2"]
