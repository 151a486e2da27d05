"""A rate that falls when training no longer gets better."""

import math
from typing import ClassVar

from zen_cli.nn.schedulers.base import Factor, Horizon, Scheduler, remaining, schedulers, warming
from zen_cli.registry import Length, option


@schedulers.register("plateau", main="patience")
class Plateau(Scheduler):
    """lr = lr gamma after an epoch that is the (patience + 1)th in a row without a better `monitor`, down to lr floor.

    Better is: by more than `threshold` of the best so far. For `cooldown` epochs after a fall none is counted. Each of
    several seeds has a rate of its own.
    Source: torch.optim.lr_scheduler.ReduceLROnPlateau.

    >>> reductions, found = Reductions(Plateau(patience=1, gamma=0.5), larger=False), []
    >>> for loss in (1.0, 0.9, 0.9, 0.9, 0.9, 0.9):
    ...     reductions.see(loss)
    ...     found.append(reductions.factor)
    >>> found
    [1.0, 1.0, 1.0, 0.5, 0.5, 0.25]
    """

    example: ClassVar[str] = "{type: plateau, patience: 5, gamma: 0.5}"
    monitor: str | None = option(None, help="what to watch; default: as trainer.monitor")
    gamma: float = option(0.1, help="factor of the rate each time", above=0, below=1)
    patience: int = option(10, help="epochs without improvement that are borne", low=0)
    threshold: float = option(1e-4, help="the least improvement that counts, as a share of the best", low=0, below=1)
    cooldown: int = option(0, help="epochs after a fall in which none is counted", low=0)
    floor: float = remaining()
    warmup: Length = warming()

    def factors(self, horizon: Horizon) -> Factor:
        return lambda t: 1.0


class Reductions:
    """How far one net's rate has fallen, and what that depends on. `larger`: more is better."""

    def __init__(self, plateau: Plateau, larger: bool) -> None:
        self.plateau, self.larger = plateau, larger
        self.factor, self.best, self.bad, self.cooling = 1.0, math.nan, 0, 0

    def see(self, value: float) -> None:
        """Takes the number of an epoch."""
        if self._better(value):
            self.best, self.bad = value, 0
        else:
            self.bad += 1
        if self.cooling:
            self.cooling, self.bad = self.cooling - 1, 0
        if self.bad > self.plateau.patience:
            self.factor = max(self.factor * self.plateau.gamma, self.plateau.floor)
            self.cooling, self.bad = self.plateau.cooldown, 0

    def _better(self, value: float) -> bool:
        if math.isnan(self.best):
            return math.isfinite(value)
        least = self.plateau.threshold
        return value > self.best * (1.0 + least) if self.larger else value < self.best * (1.0 - least)
