"""Schedules give the rates of torch, step by step; and what sets them apart, in numbers worked by hand."""

import math

import numpy as np
import pytest

from tests.golden import make_schedules, read
from tests.nn.catalogue import from_text, variants
from zen_cli.nn.schedulers import Horizon, factors, schedulers
from zen_cli.nn.schedulers.plateau import Plateau, Reductions

SCHEDULES, RATES = read("schedules")
STEPS, EPOCH = make_schedules.STEPS, make_schedules.EPOCH
OWN = {"constant", "inverse_time", "plateau", "wsd"}  # not in torch, or not as a function of the step


def rates(text, steps=STEPS, epoch=EPOCH):
    factor = factors(from_text(schedulers, text), Horizon(steps, epoch))
    return [factor(t) for t in range(steps)]


@pytest.mark.parametrize("case", SCHEDULES["cases"])
def test_is_torch_step_by_step(case):
    np.testing.assert_allclose(rates(SCHEDULES["cases"][case]["schedule"]), RATES[case], rtol=1e-12, atol=1e-14)


def test_every_schedule_of_torch_has_a_case():
    found = {from_text(schedulers, case["schedule"]).name for case in SCHEDULES["cases"].values()}
    assert found == set(schedulers) - OWN


@pytest.mark.parametrize("text", variants(schedulers))
def test_rates_are_shares_of_the_rate_at_any_length(text):
    for steps, epoch in ((1, 1), (2, 1), (7, 7), (1000, 3)):
        found = rates(text, steps, epoch)
        assert all(0.0 <= rate <= 1.0 or "gamma: 2.0" in text for rate in found)


@pytest.mark.parametrize("text", ["cosine", "linear", "polynomial: 2", "{type: wsd, decay: 50%}"])
def test_stays_at_its_floor_after_its_end(text):
    """torch's cosine rises again."""
    scheduler = from_text(schedulers, text)
    scheduler.floor = 0.125
    factor = scheduler.factors(Horizon(10, 1))
    assert [factor(t) for t in (10, 11, 15, 20)] == [0.125] * 4


@pytest.mark.parametrize("text", [text for text in variants(schedulers) if "warmup" in text])
def test_warm_up_rises_evenly_and_the_schedule_begins_after_it(text):
    scheduler = from_text(schedulers, text)
    warm, bare = Horizon(40, 4).count(scheduler.warmup), scheduler.factors(Horizon(40 - 2, 4))
    scheduler.warmup = 2
    factor = factors(scheduler, Horizon(40, 4))
    assert [factor(t) for t in range(2)] == [0.5, 1.0]
    assert [factor(t) for t in range(2, 40)] == [bare(t) for t in range(38)]
    assert warm >= 1


def test_lengths_are_steps_shares_or_epochs():
    for length in ("6", "50%", "2 epochs"):
        assert rates(f"step: {length}", 12, 3) == [1.0] * 6 + [0.1] * 6


def test_a_budget_twice_as_long_stretches_shares_and_nothing_else():
    short, long = rates("cosine", 20), rates("cosine", 40)
    assert short == long[::2]
    assert rates("exponential: 0.5", 20) == rates("exponential: 0.5", 40)[:20]


def test_one_cycle_goes_up_to_the_rate_and_ends_far_below_its_start():
    found = rates("one_cycle", 100)
    assert found[0] == pytest.approx(1 / 25) and found[29] == 1.0
    assert found[-1] == pytest.approx(1 / 25e4)


def test_wsd_decays_by_the_root_of_the_way():
    found = rates("{type: wsd, decay: 4}", 10)
    assert found[:7] == [1.0] * 7
    np.testing.assert_allclose(found[7:], [1 - math.sqrt(k / 4) for k in (1, 2, 3)])
    assert rates("{type: wsd, decay: 4, shape: linear}", 10)[7:] == [0.75, 0.5, 0.25]
    np.testing.assert_allclose(rates("{type: wsd, decay: 4, shape: cosine}", 10)[8], 0.5)


@pytest.mark.parametrize("case", SCHEDULES["plateaus"])
def test_plateau_is_torch(case):
    plateau = from_text(schedulers, SCHEDULES["plateaus"][case]["schedule"])
    reductions, found = Reductions(plateau, larger=plateau.monitor == "train.accuracy"), []
    for value in RATES["values"].tolist():
        reductions.see(value)
        found.append(reductions.factor)
    np.testing.assert_allclose(found, RATES[case], rtol=1e-12)
    assert found[-1] < 1.0


def test_plateau_never_takes_a_nan_for_better():
    reductions = Reductions(Plateau(patience=0, gamma=0.5), larger=False)
    for loss, expected in ((math.nan, 0.5), (1.0, 0.5), (math.nan, 0.25), (0.5, 0.25)):
        reductions.see(loss)
        assert reductions.factor == expected
