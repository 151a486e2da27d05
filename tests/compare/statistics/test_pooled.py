"""Scores of several tasks pooled: as rliable does it, but with the seeds in common."""

import math

import numpy as np
import pytest
from scipy import stats

from zen_cli.compare.statistics.pooled import improvement, iqm, iqm_differences, iqm_intervals, resampled


def generator():
    return np.random.default_rng(0)


def paired_scores(shared=1.0, gap=0.1):
    """(2 optimizers, 8 runs, 4 tasks): what the seed brings is shared."""
    rng = generator()
    seed = rng.normal(0.0, shared, (8, 4))
    return np.stack([seed + rng.normal(0.0, 0.02, (8, 4)), seed + gap + rng.normal(0.0, 0.02, (8, 4))])


@pytest.mark.parametrize("count", [1, 3, 4, 10, 41])
def test_iqm_is_the_trimmed_mean(count):
    values = generator().normal(size=count)
    assert iqm(values) == pytest.approx(stats.trim_mean(values, 0.25))


def test_one_index_set_for_all():
    same = np.repeat(paired_scores()[:1], 2, axis=0)
    found = resampled(same, generator())
    assert (found[0] == found[1]).all()
    assert found[0].std() > 0


def test_seeds_stay_within_their_task():
    scores = np.zeros((1, 10, 4)) + np.array([0.0, 1.0, 2.0, 3.0])
    assert np.unique(resampled(scores, generator())).tolist() == [1.5]


def test_differences_are_told_far_finer_than_levels():
    (_, low, high), _ = iqm_intervals(paired_scores(), generator())
    _, (centre, under, over) = iqm_differences(paired_scores(), 0, generator())
    assert under < centre < over
    assert over - under < (high - low) / 5
    assert under > 0.0 or over - under < 0.2


def test_too_few_runs_have_no_interval():
    assert iqm_intervals(np.ones((2, 4, 4)), generator()) == [None, None]


def test_broken_runs_are_infinite():
    scores = paired_scores()
    scores[1, :2] = math.inf  # a quarter: just outside the middle half
    first, second = iqm_intervals(scores, generator())
    assert all(map(math.isfinite, first))
    assert math.isfinite(second[0]) and math.isinf(second[2])
    assert iqm_differences(np.full((2, 8, 4), math.inf), 0, generator()) == [None, None]


def test_chance_of_improvement():
    better, worse = paired_scores(shared=0.0, gap=1.0)
    assert improvement(better, worse) == 1.0
    assert improvement(worse, better) == 0.0
    assert improvement(better, better) == 0.5
