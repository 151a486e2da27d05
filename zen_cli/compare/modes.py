"""Where the losses of one optimizer fall into two groups, so that their mean is the loss of no run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from zen_cli.compare.aggregates import finals
from zen_cli.compare.material import Material
from zen_cli.compare.targets import Target, success_of, targets

WIDE = 3.0  # decades
RARE = 0.05  # a share of the runs that makes no group
ROUNDING = 2.0**-52  # losses below it are alike: only rounding sets them apart


class Gap(NamedTuple):
    """The losses on both sides of it, and how many runs end below."""

    low: float
    high: float
    below: int

    @property
    def decades(self) -> float:
        return math.log10(self.high / self.low)

    @property
    def middle(self) -> float:
        """As far from both sides, in decades."""
        return float(f"{math.sqrt(self.low * self.high):.3g}")


def widest_gap(losses: Sequence[float]) -> Gap | None:
    """The widest gap between neighbours, if it is of more than three decades with a group on each side.

    >>> widest_gap([0.3, 1e-5, 0.2, 2e-5])
    Gap(low=2e-05, high=0.2, below=2)
    >>> widest_gap([0.3, 1e-2, 1e-4, 1e-6])
    """
    ordered = sorted(max(loss, ROUNDING) for loss in losses if math.isfinite(loss))
    gaps = [Gap(ordered[i - 1], ordered[i], i) for i in range(1, len(ordered))]
    grouped = [gap for gap in gaps if RARE < gap.below / len(ordered) < 1 - RARE and gap.decades > WIDE]
    return max(grouped, key=lambda gap: gap.decades, default=None)


def gap_of(material: Material, label: str) -> Gap | None:
    """That of an optimizer's final losses; shares have none."""
    return widest_gap(finals(material.of(label), "min")) if material.kind == "loss" else None


def aim_of(material: Material) -> Target | None:
    """What counts as a success; where nothing is stated and losses fall into two groups, what tells those apart."""
    card = material.card
    aim = success_of(card, targets(card, material.judging))
    gaps = [gap for label in material.labels if (gap := gap_of(material, label))]
    if card["success"] or not gaps:
        return aim
    gap, name = max(gaps, key=lambda gap: gap.decades), card["metric"].rpartition(".")[2]
    if aim and aim.metric == name and gap.low <= aim.value < gap.high:
        return aim
    return Target(f"{card['metric']}<={gap.middle:g}", gap.middle, name)
