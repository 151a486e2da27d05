"""What a sweep of rates tells besides the best."""

import math

import pytest

from zen_cli.compare.sensitivity import budget_curve, by_rate, scores_of, sensitivity
from zen_cli.jobs.nets import Setting

SCORES = {0.001: 0.5, 0.003162: 0.19, 0.01: 0.1, 0.03162: 0.105, 0.1: 0.6, 0.3162: 0.15, 1.0: math.inf}


def found(scores=SCORES, chosen=0.01, default_gap=None, first=2.3, goal="min"):
    return sensitivity({Setting(lr): score for lr, score in scores.items()}, chosen, default_gap, first, goal)


def test_widths_are_of_the_connected_range():
    assert found()["width_10pct_decades"] == pytest.approx(0.5, abs=1e-3)
    assert found()["width_2x_decades"] == pytest.approx(1.0, abs=1e-3)  # 0.3162 lies beyond a worse one
    assert found()["resolution"] == pytest.approx(0.5, abs=1e-3)


def test_cliff_is_the_worse_neighbour():
    assert found()["cliff"] == pytest.approx(1.9)
    assert found(chosen=0.3162)["cliff"] == math.inf


def test_regret_and_failures():
    assert found()["fail_frac"] == pytest.approx(1 / 7)
    capped = 0.5 + 0.19 + 0.1 + 0.105 + 0.6 + 0.15 + 2.3
    assert found()["lr_regret"] == pytest.approx(capped / 7 / 0.1)


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
    assert scores_of(rows, "min") == {(0.01, ()): math.inf, (0.1, ()): pytest.approx(0.3)}


def test_what_else_was_tuned_sets_trials_apart():
    rows = [{"lr": 0.1, "hp_beta1": beta, "final": 1 - beta} for beta in (0.8, 0.9)] + [
        {"lr": 0.2, "hp_beta1": None, "final": 3.0}]  # fmt: skip
    scores = scores_of(rows, "min")
    assert list(scores) == [(0.1, (("beta1", 0.8),)), (0.1, (("beta1", 0.9),)), (0.2, ())]
    assert by_rate(scores, "min") == {0.1: pytest.approx(0.1), 0.2: 3.0}
    told = sensitivity(scores, 0.1, None, 9.0, "min")
    assert told["cliff"] is None and told["width_2x_decades"] is None and told["edge"]


def test_budget_curve_falls_to_the_best():
    curve = budget_curve({Setting(lr): score for lr, score in SCORES.items()}, "min")
    assert list(curve) == ["1", "2", "4"]
    assert curve["1"] == math.inf
    assert curve["4"] < curve["2"]
