"""What a schedule is: a factor of the rate for every step; and the warm-up that all of them share."""

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from zen_cli.registry import Epochs, Length, Registry, option

Factor = Callable[[int], float]  # of the rate, by the steps done before
ALL = 1.0  # the whole budget


class Horizon(NamedTuple):
    """How many steps a training is to take, and how many of them are an epoch."""

    steps: int
    epoch: int

    def count(self, length: Length) -> int:
        """A length as a number of steps, at least 1.

        >>> Horizon(steps=200, epoch=10).count(0.05), Horizon(200, 10).count(Epochs("3 epochs"))
        (10, 30)
        """
        if isinstance(length, Epochs):
            return max(1, round(length.number * self.epoch))
        return max(1, round(length * self.steps) if isinstance(length, float) else length)


class Scheduler:
    """How the rate changes. Everything is a factor of lr, so that a search for lr moves the whole schedule."""

    registry: ClassVar[Registry["Scheduler"]]
    name: ClassVar[str]
    warmup: Length = 0

    def factors(self, horizon: Horizon) -> Factor:
        """The factor of lr by the number of steps done, from 0."""
        raise NotImplementedError


schedulers: Registry[Scheduler] = Registry("scheduler")
Scheduler.registry = schedulers


def warming() -> Any:
    """The option `warmup`."""
    return option(0, help="steps in which the rate first rises evenly to lr: 5%, 100 or `3 epochs`", low=0)


def remaining(default: float = 0.0) -> Any:
    """The option `floor`."""
    return option(default, help="what is left of lr at the end, as a share", low=0, high=1)


def factors(scheduler: Scheduler, horizon: Horizon) -> Factor:
    """The factors with the warm-up in front: (t + 1) / W in its W steps; then the schedule begins with what is left.

    Source: Goyal et al. 2017, arXiv:1706.02677; torch.optim.lr_scheduler.SequentialLR counts in the same way.

    >>> from zen_cli.nn.schedulers.linear import Linear
    >>> [factors(Linear(warmup=2), Horizon(steps=6, epoch=1))(t) for t in range(6)]
    [0.5, 1.0, 1.0, 0.75, 0.5, 0.25]
    """
    warm = horizon.count(scheduler.warmup) if scheduler.warmup else 0
    rest = scheduler.factors(Horizon(max(1, horizon.steps - warm), horizon.epoch))
    if not warm:
        return rest
    return lambda t: (t + 1) / warm if t < warm else rest(t - warm)
