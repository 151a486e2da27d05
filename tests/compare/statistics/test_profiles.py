"""Performance profiles, their scores and speed-ups, against the integral and by hand."""

import math

import numpy as np
import pytest

from zen_cli.compare.statistics.profiles import (
    leave_one_out,
    order,
    performance_profile,
    profile_score,
    ratios,
    reordered,
    speedup,
)

TIMES = {"adam": [10.0, 30.0, 8.0, math.inf], "sgd": [20.0, 15.0, 8.0, math.inf], "lion": [41.0, math.inf, 12.0, 5.0]}


def test_ratios_to_the_fastest():
    found = ratios(TIMES)
    assert found["adam"] == [1.0, 2.0, 1.0, math.inf]
    assert found["lion"] == [4.1, math.inf, 1.5, 1.0]


def test_a_task_that_nobody_solved_is_infinite_for_all():
    assert ratios({"adam": [math.inf], "sgd": [math.inf]}) == {"adam": [math.inf], "sgd": [math.inf]}
    assert profile_score({"adam": [math.inf], "sgd": [math.inf]}) == {"adam": 0.0, "sgd": 0.0}


def test_profile_counts_tasks():
    assert performance_profile(TIMES, [1, 1.5, 2, 5])["lion"] == [0.25, 0.5, 0.5, 0.75]
    assert performance_profile(TIMES, [1, 2])["sgd"] == [0.5, 0.75]


def test_score_is_the_integral_of_the_profile():
    taus = np.linspace(1.0, 4.0, 30_001)
    profile = performance_profile(TIMES, list(taus))
    for label, score in profile_score(TIMES).items():
        assert score == pytest.approx(np.trapezoid(profile[label], taus) / 3.0, abs=1e-4)


def test_speedup():
    assert speedup([10.0, 20.0], [20.0, 40.0], [100, 100]) == pytest.approx(2.0)
    assert speedup([10.0, math.inf], [10.0, 25.0], [100, 99]) == pytest.approx(0.5)  # sqrt(25 / 100)
    assert speedup([math.inf], [math.inf], [7]) == 1.0


def test_order_without_each_of_them():
    assert order(TIMES) == ["adam", "sgd", "lion"]
    assert leave_one_out(TIMES) == {"adam": ["sgd", "lion"], "sgd": ["adam", "lion"], "lion": ["adam", "sgd"]}


def test_leaving_one_out_may_reorder_the_rest():
    """Gould and Scott 2016: a third that is fastest where the first leads hides that lead."""
    times = {"first": [1.0, 3.5], "second": [2.0, 2.0], "third": [0.26, 9.0]}
    assert order(times) == ["second", "third", "first"]
    assert leave_one_out(times)["third"] == ["first", "second"]
    assert reordered(times) == ["third"]
    assert reordered({"a": [1.0], "b": [2.0]}) == []
