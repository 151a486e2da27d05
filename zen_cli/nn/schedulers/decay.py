"""Schedules that fall with the steps, whatever the budget."""

from typing import ClassVar

from zen_cli.nn.schedulers.base import Factor, Horizon, Scheduler, schedulers, warming
from zen_cli.registry import Epochs, Length, option

EVERY = "the unit of t: 10%, 100 (steps) or `3 epochs`"
EPOCH = Epochs("1 epoch")


@schedulers.register("exponential", main="gamma")
class Exponential(Scheduler):
    """lr_t = lr gamma^(t / every).

    Falls smoothly from step to step; torch's ExponentialLR, which is stepped once an epoch, has the same rates there.
    Source: torch.optim.lr_scheduler.ExponentialLR; optax.exponential_decay.

    >>> from zen_cli.nn.worked import rates
    >>> rates(Exponential(gamma=0.25, every=2), steps=5)
    [1.0, 0.5, 0.25, 0.125, 0.0625]
    """

    example: ClassVar[str] = "{type: exponential, gamma: 0.95}"
    gamma: float = option(help="factor of the rate in the time `every`", above=0)
    every: Length = option(EPOCH, help=EVERY, above=0)
    warmup: Length = warming()

    def factors(self, horizon: Horizon) -> Factor:
        every = horizon.count(self.every)
        return lambda t: self.gamma ** (t / every)


@schedulers.register("inverse_time", main="decay")
class InverseTime(Scheduler):
    """lr_t = lr / (1 + decay t / every).

    Source: Robbins and Monro 1951; keras.optimizers.schedules.InverseTimeDecay.

    >>> from zen_cli.nn.worked import rates
    >>> rates(InverseTime(decay=1, every=1), steps=5)
    [1.0, 0.5, 0.333333, 0.25, 0.2]
    """

    example: ClassVar[str] = "{type: inverse_time, decay: 0.5}"
    decay: float = option(help="how fast the rate falls", low=0)
    every: Length = option(EPOCH, help=EVERY, above=0)
    warmup: Length = warming()

    def factors(self, horizon: Horizon) -> Factor:
        every = horizon.count(self.every)
        return lambda t: 1.0 / (1.0 + self.decay * t / every)
