"""Ranks over tasks, with the worked example of Demsar 2006 and against SciPy."""

import math

import numpy as np
import pytest
from scipy import stats

from zen_cli.compare.statistics.ranks import against, friedman, mean_ranks, ranks

C45 = [.763, .599, .954, .628, .882, .936, .661, .583, .775, 1.0, .940, .619, .972, .957]  # fmt: skip
M = [.768, .591, .971, .661, .888, .931, .668, .583, .838, 1.0, .962, .666, .981, .978]  # fmt: skip
CF = [.771, .590, .968, .654, .886, .916, .609, .563, .866, 1.0, .965, .614, .97501, .946]  # fmt: skip
BOTH = [.798, .569, .967, .657, .898, .931, .685, .625, .875, 1.0, .962, .669, .975, .970]  # fmt: skip
DEMSAR = {  # table 6: areas of four learners on 14 sets, higher is better; ranked before rounding, hence .97501
    label: [-area for area in areas] for label, areas in {"C4.5": C45, "m": M, "cf": CF, "m+cf": BOTH}.items()
}


def test_demsars_mean_ranks():
    assert mean_ranks(DEMSAR) == pytest.approx({"C4.5": 3.143, "m": 2.0, "cf": 2.893, "m+cf": 1.964}, abs=5e-4)


def test_demsars_friedman():
    """9.28 and F = 3.69 (p = 0.02) there, which leave out that ties narrow what is expected by 1 - 100 / 840."""
    chi, p = friedman(DEMSAR)
    ties = sum((row.count(value) ** 2 - 1) for row in map(list, zip(*DEMSAR.values(), strict=True)) for value in row)
    assert chi * (1 - ties / (14 * 4 * 15)) == pytest.approx(9.28, abs=0.01)
    assert p == pytest.approx(0.012, abs=0.01)


def test_demsars_holm():
    """z = 2.416, 2.342 and 0.512 against C4.5: p = .016, .019 and .607 there, before Holm."""
    found = against(DEMSAR, "C4.5")
    assert found == pytest.approx({"m+cf": 3 * 0.0157, "m": 3 * 0.0157, "cf": 0.608}, abs=2e-3)


@pytest.mark.parametrize("seed", range(5))
def test_friedman_is_scipys(seed):
    scores = np.random.default_rng(seed).integers(0, 4, (3, 9)).astype(float)
    chi, _ = friedman(dict(zip("abc", scores.tolist(), strict=True)))
    assert chi == pytest.approx(stats.friedmanchisquare(*scores).statistic)


def test_friedmans_p_is_the_f_distributions():
    scores = np.random.default_rng(1).normal(size=(4, 8))
    chi, p = friedman(dict(zip("abcd", scores.tolist(), strict=True)))
    assert p == pytest.approx(stats.f.sf(7 * chi / (8 * 3 - chi), 3, 21), abs=1e-9)


def test_full_agreement_is_no_more_than_the_exact_test_can_say():
    assert friedman({"a": [1] * 5, "b": [2] * 5}) == (5.0, 2 / 2**5)


def test_too_few_tasks_are_not_tested():
    assert friedman({"a": [1, 1, 1, 1], "b": [2, 2, 2, 2]}) is None
    assert friedman({"a": [1, 1, 1, 1, 1]}) is None


def test_all_alike():
    assert friedman({"a": [1.0] * 6, "b": [1.0] * 6}) == (0.0, 1.0)


def test_broken_runs_share_the_last_place():
    assert ranks([math.inf, 0.1, math.inf]) == [2.5, 1.0, 2.5]
