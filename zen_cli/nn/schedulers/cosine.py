"""Half a wave of the cosine, once or again and again."""

import math
from typing import ClassVar

from zen_cli.nn.schedulers.base import ALL, Factor, Horizon, Scheduler, remaining, schedulers, warming
from zen_cli.registry import Length, option


@schedulers.register("cosine")
class Cosine(Scheduler):
    """lr_t = lr (floor + (1 - floor) (1 + cos(pi t / over)) / 2), and stays at the floor from t = over on.

    torch's CosineAnnealingLR rises again after T_max; this one, as those of optax and Keras, does not.
    Source: Loshchilov and Hutter 2017, arXiv:1608.03983; torch.optim.lr_scheduler.CosineAnnealingLR.

    >>> from zen_cli.nn.worked import rates
    >>> rates(Cosine(over=4), steps=6)
    [1.0, 0.853553, 0.5, 0.146447, 0.0, 0.0]
    """

    example: ClassVar[str] = "{type: cosine, warmup: 5%}"
    over: Length = option(ALL, help="how long it falls: 80%, 100 (steps) or `3 epochs`", above=0)
    floor: float = remaining()
    warmup: Length = warming()

    def factors(self, horizon: Horizon) -> Factor:
        over = horizon.count(self.over)
        return lambda t: wave(min(t / over, 1.0), self.floor)


@schedulers.register("cosine_restarts", main="period")
class CosineRestarts(Scheduler):
    """lr_t = lr (floor + (1 - floor) (1 + cos(pi s / T)) / 2), s steps into a period T; the next one is T growth.

    Source: Loshchilov and Hutter 2017, arXiv:1608.03983 (SGDR); torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.

    >>> from zen_cli.nn.worked import rates
    >>> rates(CosineRestarts(period=2, growth=2), steps=7)
    [1.0, 0.5, 1.0, 0.853553, 0.5, 0.146447, 1.0]
    """

    example: ClassVar[str] = "{type: cosine_restarts, period: 10%, growth: 2}"
    period: Length = option(help="the first period: 10%, 100 (steps) or `3 epochs`", above=0)
    growth: int = option(1, help="how many times as long each period is as the one before it", low=1)
    floor: float = remaining()
    warmup: Length = warming()

    def factors(self, horizon: Horizon) -> Factor:
        first = horizon.count(self.period)
        if self.growth == 1:
            return lambda t: wave(t % first / first, self.floor)

        def factor(t: int) -> float:
            period = first
            while t >= period:
                t, period = t - period, period * self.growth
            return wave(t / period, self.floor)

        return factor


def wave(progress: float, floor: float) -> float:
    """From 1 down to the floor along half a cosine."""
    return floor + (1.0 - floor) * 0.5 * (1.0 + math.cos(math.pi * progress))
