"""Several tasks at once, by the time to target: performance profiles and speed-ups. Never got there: infinity.

A profile is relative to who takes part: without one of them the others may change places (Gould and Scott 2016,
ACM TOMS 43). So look at `leave_one_out` too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Times = Mapping[str, Sequence[float]]  # for each label the time to target on each task, in one order of tasks

LARGEST = 4.0  # the ratio up to which a profile is scored


def ratios(times: Times) -> dict[str, list[float]]:
    """t / min t on each task; infinity where the target was not reached.

    >>> ratios({"adam": [10.0, 30.0], "sgd": [20.0, math.inf]})
    {'adam': [1.0, 1.0], 'sgd': [2.0, inf]}
    """
    fastest = [min(task) for task in zip(*times.values(), strict=True)]
    return {
        label: [time / best if math.isfinite(time) else math.inf for time, best in zip(own, fastest, strict=True)]
        for label, own in times.items()
    }


def performance_profile(times: Times, taus: Sequence[float]) -> dict[str, list[float]]:
    """rho(tau): the share of tasks with t <= tau min t (Dolan and More 2002, arXiv:cs/0102001).

    >>> performance_profile({"adam": [10.0, 30.0], "sgd": [20.0, math.inf]}, [1, 2])
    {'adam': [1.0, 1.0], 'sgd': [0.0, 0.5]}
    """
    return {
        label: [sum(ratio <= tau for ratio in own) / len(own) for tau in taus] for label, own in ratios(times).items()
    }


def profile_score(times: Times, largest: float = LARGEST) -> dict[str, float]:
    """B = 1 / (r - 1) times the integral of rho from 1 to r = `largest`: 1 is the fastest everywhere, 0 never near.

    In closed form the mean over tasks of (r - ratio) / (r - 1), at least 0. Source: Dahl et al. 2023,
    arXiv:2306.07179, section 4.

    >>> profile_score({"adam": [10.0, 30.0], "sgd": [20.0, math.inf]})
    {'adam': 1.0, 'sgd': 0.3333333333333333}
    """
    return {
        label: sum(max(0.0, largest - ratio) for ratio in own) / (largest - 1.0) / len(own)
        for label, own in ratios(times).items()
    }


def speedup(mine: Sequence[float], baseline: Sequence[float], budgets: Sequence[float]) -> float:
    """The geometric mean of baseline / mine over tasks; never got there counts as the task's budget and one more.

    >>> speedup([10.0, math.inf], [20.0, 50.0], [100, 99])
    1.0
    """
    logs = [
        math.log((theirs if math.isfinite(theirs) else budget + 1) / (own if math.isfinite(own) else budget + 1))
        for own, theirs, budget in zip(mine, baseline, budgets, strict=True)
    ]
    return math.exp(math.fsum(logs) / len(logs))


def order(times: Times) -> list[str]:
    """Labels by their profile score, best first; ties in the order given."""
    scores = profile_score(times)
    return sorted(scores, key=lambda label: -scores[label])


def leave_one_out(times: Times) -> dict[str, list[str]]:
    """For each label the order of the others without it.

    >>> leave_one_out({"adam": [1.0, 3.0], "sgd": [2.0, 1.0], "lion": [9.0, 9.0]})["lion"]
    ['sgd', 'adam']
    """
    return {gone: order({label: own for label, own in times.items() if label != gone}) for gone in times}


def reordered(times: Times) -> list[str]:
    """Labels without which some of the others change places.

    >>> reordered({"adam": [1.0, 3.0], "sgd": [2.0, 1.0], "lion": [9.0, 9.0]})
    []
    """
    full = order(times)
    return [gone for gone, rest in leave_one_out(times).items() if rest != [label for label in full if label != gone]]
