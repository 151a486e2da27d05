"""The whole rule: sign-flip, Holm, interval and what matters; how often it is wrong and how often it sees."""

import math

import numpy as np
import pytest

from zen_cli.compare.rivals import against, by_success, count_verdict, verdict
from zen_cli.compare.statistics.paired import holm

DECIDED = ("better", "worse")
LOSS = {"alpha": 0.05, "rope": 0.02, "goal": "min", "kind": "loss"}
SHARE = {"alpha": 0.05, "rope": 0.002, "goal": "max", "kind": "share"}


def generator():
    return np.random.default_rng(0)


def judged(runs, rng):
    """The verdicts of all rows of losses but the first, which is the baseline."""
    found = [against(list(own), list(runs[0]), "min", "loss", rng) for own in runs[1:]]
    adjusted = holm([each["p"] for each in found])
    return [verdict(p, each["bounds"], **LOSS) for each, p in zip(found, adjusted, strict=True)]


def simulated(rng, labels, noise, shared=0.25, own=0.15):
    """(labels, 10) log-normal losses, of which the seed brings more than the optimizer: correlation 0.74."""
    return np.exp(-2.3 + shared * rng.normal(size=10) + own * noise(rng, (labels, 10)))


def normal(rng, shape):
    return rng.normal(size=shape)


def skewed(rng, shape):
    return rng.exponential(size=shape) - 1.0


def false_verdicts(labels, noise, times, shared=0.25):
    rng = generator()
    runs = (simulated(rng, labels, noise, shared) for _ in range(times))
    return sum(any(said in DECIDED for said in judged(own, rng)) for own in runs) / times


def test_one_optimizer_under_two_labels_is_not_told_apart():
    """Seeds of its own for each: at most 5 % of 200."""
    assert false_verdicts(2, normal, 200, shared=0.0) <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize(("labels", "noise"), [(2, normal), (2, skewed), (9, skewed)])
def test_false_verdicts_in_the_family(labels, noise):
    """4.5 % with nine; the bound leaves room for two standard errors of the simulation."""
    assert false_verdicts(labels, noise, 400) <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / 400)


def seen(ratio, times=60):
    rng, worse = generator(), 0
    for _ in range(times):
        runs = simulated(rng, 9, normal)
        runs[1] *= ratio
        worse += judged(runs, rng)[0] == "worse"
    return worse / times


@pytest.mark.slow
def test_ten_seeds_see_half_as_much_again_and_seldom_a_fifth():
    assert 0.1 <= seen(1.2) <= 0.4
    assert seen(1.5) >= 0.8


@pytest.mark.parametrize(
    ("p", "bounds", "said"),
    [
        (0.01, (0.1, 0.3), "worse"), (0.01, (-0.3, -0.1), "better"), (0.06, (0.1, 0.3), "undecided"),
        (0.01, (0.01, 0.3), "undecided"), (0.01, (0.005, 0.015), "equivalent"), (0.9, (-0.015, 0.015), "equivalent"),
        (0.9, (-0.3, 0.3), "undecided"), (0.01, None, "undecided"),
    ],
)  # fmt: skip
def test_verdict_on_losses(p, bounds, said):
    assert verdict(p, bounds, **LOSS) == said


@pytest.mark.parametrize(
    ("bounds", "said"), [((0.01, 0.03), "better"), ((-0.03, -0.01), "worse"), ((-0.001, 0.001), "equivalent")]
)
def test_verdict_on_shares(bounds, said):
    assert verdict(0.01, bounds, **SHARE) == said


def test_ratio_and_interval_are_back_transformed():
    theirs = generator().uniform(0.1, 0.2, 10)
    found = against(list(theirs * 1.32), list(theirs), "min", "loss", generator())
    assert found["ratio"] == pytest.approx(1.32)
    assert found["ci"] == pytest.approx([1.32, 1.32])
    assert (found["wins"], found["losses"], found["p"], found["p_win"]) == (0, 10, 2 / 1024, 0.0)
    assert found["p_win_ci"] == pytest.approx([0.0, 0.308], abs=1e-3)


def test_a_broken_run_is_lost_not_left_out():
    mine, theirs = [0.1] * 9 + [math.inf], [0.2] * 10
    found = against(mine, theirs, "min", "loss", generator())
    assert (found["wins"], found["losses"]) == (9, 1)
    assert found["basis"] == "wins"
    assert found["p"] == pytest.approx(22 / 1024)  # (1 + 10) / 1024, twice


def test_skewed_differences_have_to_win_seeds_too():
    rng = generator()
    mine = np.exp([0.01] * 9 + [-3.0])
    found = against(list(mine), [1.0] * 10, "min", "loss", rng)
    assert found["p"] >= 22 / 1024


def test_success_decides_where_seeds_are_solved_or_not():
    mine, theirs = [True] * 10, [False] * 8 + [True] * 2
    found = by_success({"p": 1.0}, mine, theirs)
    assert found["p"] == 2 / 2**8
    assert found["basis"] == "success"
    assert count_verdict(sum(mine), sum(theirs), found["p"], 0.05) == "better"
    assert count_verdict(sum(theirs), sum(mine), found["p"], 0.05) == "worse"
    assert count_verdict(10, 5, 0.0625, 0.05) == "undecided"
