"""Choosing each optimizer's setting: the same number of trials for all, more where the best rate lies at the edge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from zen_cli.compare.entries import Entry
from zen_cli.compare.protocol import Protocol
from zen_cli.compare.space import POINTS_A_DECADE, between, rounded
from zen_cli.jobs.nets import Course, Setting


class Trial(NamedTuple):
    """A setting and what it gave with each tuning seed."""

    setting: Setting
    courses: tuple[Course, ...]

    def finals(self, metric: str) -> list[float]:
        """The metric at the end of each course; NaN where it broke."""
        return [math.nan if course.broke else course.measured[-1][metric] for course in self.courses]


def score(trial: Trial, protocol: Protocol) -> tuple[int, float]:
    """The smaller, the better: failed courses first, then the mean of the others."""
    sign = 1.0 if protocol.goal == "min" else -1.0
    finals = trial.finals(protocol.metric)
    finite = [value for value in finals if math.isfinite(value)]
    return len(finals) - len(finite), sign * sum(finite) / len(finite) if finite else math.inf


def best(trials: Sequence[Trial], protocol: Protocol) -> Trial:
    """The trial with the best score; of equal ones the one with the smaller rate."""
    return min(sorted(trials), key=lambda trial: score(trial, protocol))


def rates_of(trials: Sequence[Trial]) -> list[float]:
    """The rates that were tried, ascending."""
    return sorted({trial.setting.lr for trial in trials})


def at_edge(trials: Sequence[Trial], protocol: Protocol) -> int:
    """-1 or 1 if the best rate is the smallest or largest of those tried, else 0."""
    rates, chosen = rates_of(trials), best(trials, protocol).setting.lr
    return -1 if chosen == rates[0] else 1 if chosen == rates[-1] else 0


def more_settings(trials: Sequence[Trial], entry: Entry, protocol: Protocol) -> tuple[Setting, ...]:
    """Two further rates at the best of all else; none for who is not tuned."""
    if not entry.dimensions:
        return ()
    others = best(trials, protocol).setting.others
    return tuple(Setting(rate, others) for rate in more_rates(trials, entry, protocol))


def more_rates(trials: Sequence[Trial], entry: Entry, protocol: Protocol) -> tuple[float, float]:
    """Beyond the edge if the best lies there and it may be left, else beside the best."""
    rates, chosen = rates_of(trials), best(trials, protocol).setting.lr
    edge, at = at_edge(trials, protocol), rates.index(chosen)
    usual = 10 ** (1 / POINTS_A_DECADE)
    if len(rates) == 1:
        return rounded(chosen / usual), rounded(chosen * usual)
    if edge and entry.bounded:
        gap = rates[at - edge] / chosen
        return rounded(chosen * gap ** (1 / 3)), rounded(chosen * gap ** (2 / 3))
    if edge:
        step = max(b / a for a, b in pairwise(rates)) if protocol.method == "grid" else usual
        return rounded(chosen * step**edge), rounded(chosen * step ** (2 * edge))
    return between(chosen, rates[at - 1]), between(chosen, rates[at + 1])


def wants_more(tried: dict[str, list[Trial]], entries: Sequence[Entry], protocol: Protocol) -> bool:
    """Whether any optimizer's best rate lies at an edge of what was tried that may be left."""
    return any(at_edge(tried[entry.label], protocol) and not entry.bounded for entry in entries)
