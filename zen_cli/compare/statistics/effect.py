"""How large an effect is: how often one wins, and how many seeds would show it."""

from __future__ import annotations

import math
from statistics import NormalDist

from zen_cli.compare.statistics.quantiles import clopper_pearson, t_quantile

POWER = 0.8
NORMAL = NormalDist()
POINTS = 1000  # of the integral; even, for Simpson's rule
MANY = 1000  # seeds from which Student's t is a normal distribution


def chance_of_winning(wins: int, ties: int, of: int, level: float = 0.95) -> tuple[float, float, float]:
    """P(one is better than the other on a seed), with its Clopper-Pearson interval; a tie is half a win.

    >>> [round(value, 3) for value in chance_of_winning(10, 0, 10)]
    [1.0, 0.692, 1.0]
    """
    won = wins + ties / 2
    return (won / of if of else 0.5, *clopper_pearson(won, of, level))


def power(effect: float, seeds: int, alpha: float = 0.05) -> float:
    """The chance that the two-sided paired t-test at `alpha` sees an effect of mean / deviation = `effect`.

    P(|T| > c), T noncentral t with n - 1 degrees of freedom: the integral over the deviation s that n seeds may show,
    of P(|Z + effect sqrt(n)| > c s), by Simpson's rule. Source: Owen 1965.

    >>> round(power(1.0, 10), 3)
    0.803
    """
    freedom, shift = seeds - 1, effect * math.sqrt(seeds)
    critical = t_quantile(1.0 - alpha / 2, freedom)
    end = 1.0 + 9.0 / math.sqrt(freedom)
    total = 0.0
    for point in range(POINTS + 1):
        spread = end * point / POINTS
        weight = 1 if point in (0, POINTS) else 4 if point % 2 else 2
        beyond = _above(critical * spread - shift) + _above(critical * spread + shift)
        total += weight * _density(spread, freedom) * beyond
    return total * end / POINTS / 3


def _above(z: float) -> float:
    """P(Z > z), Z standard normal."""
    return math.erfc(z / math.sqrt(2.0)) / 2


def _density(spread: float, freedom: int) -> float:
    """Of sqrt(chi-square / freedom)."""
    half = freedom / 2
    if spread == 0.0:
        return math.sqrt(2.0 / math.pi) if freedom == 1 else 0.0
    log = half * math.log(half) - math.lgamma(half) + (freedom - 1) * math.log(spread) - half * spread * spread
    return 2.0 * math.exp(log)


def seeds_for(effect: float, alpha: float = 0.05) -> int | None:
    """The fewest seeds whose paired test has 80 % power for an effect of mean / deviation; None for no effect.

    >>> [seeds_for(effect) for effect in (0.5, 0.75, 1.0, 1.5, 2.0)]
    [34, 16, 10, 6, 5]
    """
    if not math.isfinite(effect) or abs(effect) < 1e-6:
        return None
    bound = NORMAL.inv_cdf(1.0 - alpha / 2)
    about = ((bound + NORMAL.inv_cdf(POWER)) / effect) ** 2  # of a normal distribution
    if about > MANY:
        return math.ceil(about + bound * bound / 2)
    seeds = max(2, math.floor(about + 1.5))  # Student's t takes about 1.92 more
    while power(abs(effect), seeds, alpha) < POWER:
        seeds += 1
    return seeds
