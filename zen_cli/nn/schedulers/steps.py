"""Schedules that fall at once, now and then."""

from typing import ClassVar

from zen_cli.nn.schedulers.base import Factor, Horizon, Scheduler, schedulers, warming
from zen_cli.registry import Length, option

GAMMA = "factor of the rate each time"


@schedulers.register("step", main="every")
class Step(Scheduler):
    """lr_t = lr gamma^floor(t / every).

    Source: torch.optim.lr_scheduler.StepLR; optax.exponential_decay(staircase=True).

    >>> from zen_cli.nn.worked import rates
    >>> rates(Step(every=2, gamma=0.1), steps=5)
    [1.0, 1.0, 0.1, 0.1, 0.01]
    """

    example: ClassVar[str] = "{type: step, every: 30%, gamma: 0.1}"
    every: Length = option(help="how long the rate stays: 30%, 100 (steps) or `3 epochs`", above=0)
    gamma: float = option(0.1, help=GAMMA, above=0)
    warmup: Length = warming()

    def factors(self, horizon: Horizon) -> Factor:
        every = horizon.count(self.every)
        return lambda t: self.gamma ** (t // every)


@schedulers.register("multistep", main="milestones")
class MultiStep(Scheduler):
    """lr_t = lr gamma^(how many of the milestones are <= t).

    Source: torch.optim.lr_scheduler.MultiStepLR; optax.piecewise_constant_schedule.

    >>> from zen_cli.nn.worked import rates
    >>> rates(MultiStep(milestones=[0.5, 0.8], gamma=0.5), steps=10)
    [1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25]
    """

    example: ClassVar[str] = "{type: multistep, milestones: [50%, 80%]}"
    milestones: list[Length] = option(help="when the rate falls: 50%, 100 (steps) or `3 epochs`", above=0)
    gamma: float = option(0.1, help=GAMMA, above=0)
    warmup: Length = warming()

    def factors(self, horizon: Horizon) -> Factor:
        milestones = [horizon.count(milestone) for milestone in self.milestones]
        return lambda t: self.gamma ** sum(milestone <= t for milestone in milestones)
