"""The learning rates that an optimizer is tuned over: around its usual one, or within a range of its own."""

import math

from zen_cli.errors import ZenError
from zen_cli.registry import option, schema

POINTS_A_DECADE = 2


@schema
class Space:
    """What an entry says about its own tuning; the number of trials stays that of all."""

    lr: tuple[float, float] | None = option(None, "lowest and highest rate to try", above=0)

    def __post_init__(self) -> None:
        if self.lr is not None and not self.lr[0] < self.lr[1]:
            raise ZenError(f"expected a low and a higher rate, found {self.lr[0]:g} and {self.lr[1]:g}")


def grid(center: float, trials: int) -> tuple[float, ...]:
    """`trials` rates around a centre, two a decade, as decimals with three digits.

    >>> grid(0.01, 5)
    (0.001, 0.00316, 0.01, 0.0316, 0.1)
    """
    first = -(trials // 2)
    return tuple(rounded(center * 10 ** (i / POINTS_A_DECADE)) for i in range(first, first + trials))


def between(low: float, high: float, trials: int) -> tuple[float, ...]:
    """`trials` rates from low to high, each the same multiple of the one before; a single one lies in the middle.

    >>> between(1e-3, 1e-1, 5)
    (0.001, 0.00316, 0.01, 0.0316, 0.1)
    """
    if trials == 1:
        return (rounded(math.sqrt(low * high)),)
    return tuple(rounded(low * (high / low) ** (i / (trials - 1))) for i in range(trials))


def rounded(rate: float) -> float:
    """The rate with three significant digits: what is printed is what was used."""
    return float(f"{rate:.3g}")
