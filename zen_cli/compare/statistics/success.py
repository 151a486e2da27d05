"""How many seeds tell two success rates apart."""

from __future__ import annotations

import math
from collections.abc import Sequence

NORMAL, POWER = 1.959964, 0.841621  # quantiles for two-sided 5 % and for a power of 80 %
FEWEST_APART = 6  # pairs that differ: with five, no exact p is below 5 %


def seeds_for_success(first: Sequence[bool], second: Sequence[bool]) -> int | None:
    """How many pairs give 80 % power at 5 % for the difference of these rates; None if they are equal.

    n = (1.96 sqrt(q) + 0.84 sqrt(q - d^2))^2 / d^2, q the share of pairs that differ, d the difference of the rates.
    Source: Connor 1987, Biometrics 43.

    >>> seeds_for_success([True] * 10, [True] * 6 + [False] * 4)
    18
    """
    count = max(len(first), 1)
    apart = sum(a != b for a, b in zip(first, second, strict=True)) / count
    difference = abs(sum(first) - sum(second)) / count
    if difference == 0.0:
        return None
    root = NORMAL * math.sqrt(apart) + POWER * math.sqrt(max(apart - difference**2, 0.0))
    return max(FEWEST_APART, math.ceil(root**2 / difference**2))
