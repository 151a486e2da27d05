"""Straight down, or along a power."""

from typing import ClassVar

from zen_cli.nn.schedulers.base import ALL, Factor, Horizon, Scheduler, remaining, schedulers, warming
from zen_cli.registry import Length, option

OVER = "how long it falls: 80%, 100 (steps) or `3 epochs`"


@schedulers.register("linear")
class Linear(Scheduler):
    """lr_t = lr (1 - (1 - floor) t / over), and stays at the floor from t = over on.

    torch's LinearLR is a warm-up by its defaults; LinearLR(start_factor=1, end_factor=floor) is this one.
    Source: torch.optim.lr_scheduler.LinearLR; optax.linear_schedule.

    >>> from zen_cli.nn.worked import rates
    >>> rates(Linear(over=4, floor=0.2), steps=6)
    [1.0, 0.8, 0.6, 0.4, 0.2, 0.2]
    """

    example: ClassVar[str] = "{type: linear, warmup: 5%}"
    over: Length = option(ALL, help=OVER, above=0)
    floor: float = remaining()
    warmup: Length = warming()

    def factors(self, horizon: Horizon) -> Factor:
        over = horizon.count(self.over)
        return lambda t: 1.0 - (1.0 - self.floor) * min(t / over, 1.0)


@schedulers.register("polynomial", main="power")
class Polynomial(Scheduler):
    """lr_t = lr (floor + (1 - floor) (1 - t / over)^power), and stays at the floor from t = over on.

    Source: torch.optim.lr_scheduler.PolynomialLR; optax.polynomial_schedule.

    >>> from zen_cli.nn.worked import rates
    >>> rates(Polynomial(power=2, over=4), steps=6)
    [1.0, 0.5625, 0.25, 0.0625, 0.0, 0.0]
    """

    example: ClassVar[str] = "{type: polynomial, power: 2}"
    power: float = option(1.0, help="1 is a straight line; more falls faster at first", above=0)
    over: Length = option(ALL, help=OVER, above=0)
    floor: float = remaining()
    warmup: Length = warming()

    def factors(self, horizon: Horizon) -> Factor:
        over = horizon.count(self.over)
        return lambda t: self.floor + (1.0 - self.floor) * (1.0 - min(t / over, 1.0)) ** self.power
