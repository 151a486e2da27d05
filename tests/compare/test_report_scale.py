"""Axes mark round values, and never fail on what they are given."""

import math

import pytest

from zen_cli.compare.report.legend import spread_out
from zen_cli.compare.report.scale import Scale, over, tick_text, wants_log
from zen_cli.compare.report.svg import Frame

INPUTS = [[], [0.0], [1.0], [math.nan], [math.inf, -math.inf], [1e-300, 1e300], [-5.0, 5.0], [3.0, 3.0], [1e-12, 1.0]]


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("values", INPUTS, ids=str)
def test_any_values_give_a_scale_with_ticks_on_it(values, log):
    scale = over(values, 0.0, 100.0, log)
    assert scale.low < scale.high and (scale.low > 0 or not log)
    ticks = scale.ticks()
    assert 1 <= len(ticks) <= 12 and all(-0.1 <= scale.at(tick) <= 100.1 for tick in ticks)
    assert all(tick_text(tick) for tick in ticks)
    for value in values:
        if math.isfinite(value) and (value > 0 or not log):
            assert 0 <= scale.at(value) <= 100


@pytest.mark.parametrize("value", [math.inf, -math.inf, 1e300, -1e300, 0.0])
def test_what_lies_far_outside_has_a_pixel_not_far_outside(value):
    for log in (False, True):
        assert -250 <= Scale(1.0, 2.0, 0.0, 100.0, log).at(value) <= 350
        assert 0 <= Scale(1.0, 2.0, 0.0, 100.0, log).inside(value) <= 100


def test_equal_steps_of_a_logarithmic_axis_are_equal_factors():
    scale = Scale(1e-3, 1e1, 0.0, 400.0, log=True)
    assert [round(scale.at(10.0**k), 6) for k in (-3, -2, -1, 0, 1)] == [0, 100, 200, 300, 400]


@pytest.mark.parametrize(
    ("scale", "ticks"),
    [
        (Scale(0, 1, 0, 1), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (Scale(0.93, 1.08, 0, 1, log=True), [0.95, 0.975, 1.0, 1.025, 1.05, 1.075]),
        (Scale(0.4, 6, 0, 1, log=True), [0.5, 1.0, 2.0, 5.0]),
        (Scale(1e-9, 1e3, 0, 1, log=True), [1e-9, 1e-7, 1e-5, 1e-3, 1e-1, 1e1, 1e3]),
    ],
)
def test_ticks(scale, ticks):
    assert scale.ticks() == pytest.approx(ticks)


def test_a_loss_of_zero_keeps_the_axis_linear():
    assert not wants_log([0.0, 1.0, 100.0]) and wants_log([0.01, 1.0, math.inf])


@pytest.mark.parametrize("heights", [[], [50.0], [50.0] * 4, [0.0, 0.0, 900.0, 900.0], [float(i) for i in range(40)]])
def test_labels_stand_apart_and_inside(heights):
    frame = Frame(300, 300)
    placed = spread_out(heights, frame)
    assert len(placed) == len(heights)
    assert all(frame.top - 0.01 <= at <= frame.height - frame.bottom + 0.01 for at in placed)
    gap = min(16.0, 244 / max(1, len(heights) - 1))
    assert all(b - a >= gap - 0.01 for a, b in zip(sorted(placed), sorted(placed)[1:], strict=False))
