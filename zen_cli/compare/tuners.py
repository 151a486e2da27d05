"""Where trials lie: the same number for every optimizer, and the same places of the unit cube where they are drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

import numpy as np

from zen_cli.compare.space import Dimension
from zen_cli.errors import Place, ZenError
from zen_cli.jobs.nets import Setting

GRID, RANDOM, HALTON, NONE = "grid", "random", "halton", "none"
TUNERS = (GRID, RANDOM, HALTON)
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)  # bases of the sequence, one a dimension
SEED = 2018  # of random places


def settings(dimensions: Sequence[Dimension], trials: int, method: str) -> tuple[Setting, ...]:
    """`trials` settings of these hyperparameters, the rate among them, ascending in it.

    Raises:
        ZenError: so many trials make no grid of so many hyperparameters.
    """
    if method == GRID:
        sides = grid_sides(trials, len(dimensions))
        values = list(product(*(each.spread(n) for each, n in zip(dimensions, sides, strict=True))))
    else:
        places = halton(trials, len(dimensions)) if method == HALTON else drawn(trials, len(dimensions))
        values = [tuple(each.at(place) for each, place in zip(dimensions, row, strict=True)) for row in places]
    names = [each.name for each in dimensions]
    return tuple(sorted(_setting(dict(zip(names, row, strict=True))) for row in values))


def _setting(values: dict[str, float]) -> Setting:
    return Setting(values.pop("lr"), tuple(values.items()))


def grid_sides(trials: int, dimensions: int) -> tuple[int, ...]:
    """How many values each hyperparameter takes, at least two, so that their product is `trials`; the rate the most.

    >>> grid_sides(9, 1), grid_sides(12, 2), grid_sides(8, 3)
    ((9,), (4, 3), (2, 2, 2))
    """
    found = min(_factors(trials, dimensions), key=lambda sides: max(sides), default=None)
    if found is None:
        hint = f"take {2**dimensions} or {3**dimensions} trials, or --tuner halton"
        what = f"{trials} trials make no grid of {dimensions} hyperparameters"
        raise ZenError(what, Place("--tuner grid"), hint)
    return found


def _factors(number: int, count: int) -> list[tuple[int, ...]]:
    """Every descending tuple of `count` numbers whose product is `number`, none of them 1 unless it stands alone."""
    if count == 1:
        return [(number,)]
    heads = [n for n in range(2, number // 2 + 1) if number % n == 0]
    return [(n, *rest) for n in heads for rest in _factors(number // n, count - 1) if n >= rest[0] >= 2]


def halton(count: int, dimensions: int) -> list[list[float]]:
    """The first points of a sequence that fills the unit cube evenly, whatever their number.

    Source: Halton 1960, Numerische Mathematik 2: the digits of i in base b, mirrored at the point.

    >>> [point[0] for point in halton(4, 2)]
    [0.5, 0.25, 0.75, 0.125]
    """
    if dimensions > len(PRIMES):
        raise ZenError(f"at most {len(PRIMES)} hyperparameters can be tuned at once, found {dimensions}")
    return [[_mirrored(i, base) for base in PRIMES[:dimensions]] for i in range(1, count + 1)]


def _mirrored(number: int, base: int) -> float:
    digits = math.floor(math.log(number, base) + 1e-9) + 1
    return math.fsum(number // base**k % base * base ** -(k + 1.0) for k in range(digits))


def drawn(count: int, dimensions: int) -> list[list[float]]:
    """Uniform points of the unit cube; the first coordinates are the same however many there are."""
    rng = np.random.default_rng(SEED)
    columns = [rng.random(count).tolist() for _ in range(dimensions)]
    return [list(row) for row in zip(*columns, strict=True)]
