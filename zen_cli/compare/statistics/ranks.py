"""Several tasks at once, by ranks: who stands where on average, and whether that is more than chance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from zen_cli.compare.statistics.paired import holm
from zen_cli.compare.statistics.quantiles import beta_cdf

Scores = Mapping[str, Sequence[float]]  # for each label its score on each task, lower is better; a broken run: inf

FEWEST = 5  # tasks that ranks are tested on


def ranks(values: Sequence[float]) -> list[float]:
    """1 for the lowest; ties share the mean of their places.

    >>> ranks([0.3, 0.1, 0.3, math.inf])
    [2.5, 1.0, 2.5, 4.0]
    """
    return [sum(other < value for other in values) + (values.count(value) + 1) / 2 for value in values]


def mean_ranks(scores: Scores) -> dict[str, float]:
    """The mean rank over tasks.

    >>> mean_ranks({"adam": [0.1, 0.2], "sgd": [0.3, 0.2]})
    {'adam': 1.25, 'sgd': 1.75}
    """
    rows = _by_task(scores)
    return {label: math.fsum(row[i] for row in rows) / len(rows) for i, label in enumerate(scores)}


def _by_task(scores: Scores) -> list[list[float]]:
    return [ranks(list(task)) for task in zip(*scores.values(), strict=True)]


def friedman(scores: Scores) -> tuple[float, float] | None:
    """The chi-square of ranks and its p; None with fewer than five tasks or two labels.

    With k labels, N tasks, rank sums R_j and A the sum of all squared ranks:
    chi-square = (k - 1) sum (R_j - N (k + 1) / 2)^2 / (A - N k (k + 1)^2 / 4), which heeds ties;
    p from F = (N - 1) chi-square / (N (k - 1) - chi-square), k - 1 and (k - 1)(N - 1) degrees of freedom (Iman and
    Davenport 1980), yet never below what the exact test can give. Source: Demsar 2006, JMLR 7, section 3.2.2.

    >>> friedman({"adam": [1, 1, 1, 1, 2, 1], "sgd": [2, 2, 2, 2, 1, 2], "lion": [3, 3, 3, 3, 3, 3]})[0]
    10.333333333333334
    """
    rows, count = _by_task(scores), len(scores)
    tasks = len(rows)
    if tasks < FEWEST or count < 2:
        return None
    squares = math.fsum(rank * rank for row in rows for rank in row) - tasks * count * (count + 1) ** 2 / 4
    if squares <= 0.0:
        return 0.0, 1.0
    apart = math.fsum((math.fsum(own) - tasks * (count + 1) / 2) ** 2 for own in zip(*rows, strict=True))
    chi = (count - 1) * apart / squares
    left = tasks * (count - 1) - chi
    tail = _f_tail((tasks - 1) * chi / left, count - 1, (count - 1) * (tasks - 1)) if left > 1e-9 else 0.0
    return chi, min(1.0, max(tail, math.factorial(count) ** (1.0 - tasks)))


def _f_tail(f: float, above: int, below: int) -> float:
    """P(F > f)."""
    return beta_cdf(below / (below + above * f), below / 2, above / 2)


def against(scores: Scores, baseline: str) -> dict[str, float]:
    """For each other label the p, adjusted by Holm, that its mean rank is the baseline's. Only after `friedman`.

    z = (R_i - R_0) / sqrt(k (k + 1) / (6 N)). Source: Demsar 2006, JMLR 7, section 3.2.2.

    >>> found = against({"adam": [1] * 6, "sgd": [2] * 6, "lion": [3] * 6}, "adam")
    >>> {label: round(p, 4) for label, p in found.items()}
    {'sgd': 0.0833, 'lion': 0.0011}
    """
    means, count = mean_ranks(scores), len(scores)
    tasks = len(scores[baseline])
    error = math.sqrt(count * (count + 1) / (6 * tasks))
    others = [label for label in scores if label != baseline]
    ps = [math.erfc(abs(means[label] - means[baseline]) / error / math.sqrt(2.0)) for label in others]
    return dict(zip(others, holm(ps), strict=True))
