"""The ranges that hyperparameters are sought in, and where in them trials lie: evenly on a scale that fits each."""

from __future__ import annotations

import math
from typing import NamedTuple

POINTS_A_DECADE = 2
WIDTH = 2.0  # decades to either side of the usual rate that samples come from
LOG, LINEAR, REST = "log", "linear", "rest"


class Dimension(NamedTuple):
    """A hyperparameter, the least and largest value to try, and its scale: `rest` is the logarithm of 1 - x.

    `centre`: of a learning rate whose range nobody states, its usual value; a grid lies around it.
    """

    name: str
    low: float
    high: float
    scale: str = LOG
    centre: float | None = None
    points_per_decade: int = POINTS_A_DECADE

    def at(self, share: float) -> float:
        """The value a share of the way from low to high.

        >>> Dimension("lr", 1e-4, 1e-2).at(0.5), Dimension("beta2", 0.9, 0.999, REST).at(0.5)
        (0.001, 0.99)
        """
        if self.scale == LINEAR:
            return rounded(self.low + share * (self.high - self.low))
        if self.scale == REST:
            low, high = 1.0 - self.low, 1.0 - self.high
            return float(f"{1.0 - rounded(low * (high / low) ** share):.12g}")
        return rounded(self.low * (self.high / self.low) ** share)

    def spread(self, count: int) -> tuple[float, ...]:
        """So many values: a grid around the centre if there is one, else evenly from low to high; one: the middle.

        >>> Dimension("lr", 1e-3, 1e-1).spread(5)
        (0.001, 0.00316, 0.01, 0.0316, 0.1)
        """
        if self.centre is not None:
            return grid(self.centre, count, self.points_per_decade)
        return tuple(self.at(i / (count - 1) if count > 1 else 0.5) for i in range(count))


def around(name: str, centre: float, points_per_decade: int = POINTS_A_DECADE) -> Dimension:
    """The dimension of a learning rate whose range nobody states."""
    low, high = centre * 10**-WIDTH, centre * 10**WIDTH
    return Dimension(name, low, high, centre=centre, points_per_decade=points_per_decade)


def grid(centre: float, count: int, points_per_decade: int = POINTS_A_DECADE) -> tuple[float, ...]:
    """`count` rates around a centre, as decimals with three digits.

    >>> grid(0.01, 5)
    (0.001, 0.00316, 0.01, 0.0316, 0.1)
    """
    first = -(count // 2)
    return tuple(rounded(centre * 10 ** (i / points_per_decade)) for i in range(first, first + count))


def scale_of(low: float, high: float, below: float | None) -> str:
    """The scale that fits a range: `rest` for shares that are kept, which end below 1; `log` for positive numbers.

    >>> scale_of(0.9, 0.999, 1), scale_of(1e-4, 1e-1, None), scale_of(0.0, 1e-2, None)
    ('rest', 'log', 'linear')
    """
    if below == 1 and high < 1:
        return REST
    return LOG if low > 0 else LINEAR


def rounded(value: float) -> float:
    """The value with three significant digits: what is printed is what was used."""
    return float(f"{value:.3g}")


def between(low: float, high: float) -> float:
    """The geometric middle of two rates."""
    return rounded(math.sqrt(low * high))
