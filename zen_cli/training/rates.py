"""The rate of every step: the optimizer's, times what the schedule makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np

from zen_cli.experiment import Experiment
from zen_cli.metrics import larger_is_better
from zen_cli.training.conditions import values_of
from zen_cli.training.events import Metrics, Value

if TYPE_CHECKING:
    from zen_cli.nn.schedulers.plateau import Reductions

Array = np.ndarray[Any, Any]
REDUCED = ("factor", "best", "bad", "cooling")  # of each net, at plateaus


class Rates:
    """The rates of a training of `steps` steps, `epoch` of them an epoch.

    `lr` is the optimizer's rate, or an array with one for each of `nets`. `reductions` holds, where the rate falls at
    plateaus of what is watched, how far that of each net has fallen.
    """

    def __init__(
        self, experiment: Experiment, lr: float | Array, steps: int, epoch: int, monitored: str, nets: int | None
    ) -> None:
        self.lr, self.factor, self.watched = lr, None, monitored
        self.reductions: list[Reductions] = []
        self.stacked = nets is not None
        scheduler = experiment.scheduler
        if scheduler is None:
            return
        from zen_cli.nn.schedulers import Horizon, factors
        from zen_cli.nn.schedulers.plateau import Plateau, Reductions

        self.factor = factors(scheduler, Horizon(steps, epoch))
        if isinstance(scheduler, Plateau):
            self.watched = scheduler.monitor or monitored
            larger = larger_is_better(self.watched)
            self.reductions = [Reductions(scheduler, larger) for _ in range(nets or 1)]

    def after(self, step: int) -> Any:
        """The rate of the step that follows `step` steps: a number, or an array with one for each net."""
        reduced = self._reduced()
        return reduced if self.factor is None else reduced * self.factor(step)

    def following(self, step: int, count: int) -> Iterable[Any]:
        """The rates of the next `count` steps."""
        if self.factor is None:
            return repeat(self.lr, count)
        reduced, factor = self._reduced(), self.factor
        return [reduced * factor(t) for t in range(step, step + count)]

    def _reduced(self) -> Any:
        if not self.reductions:
            return self.lr
        each = [reductions.factor for reductions in self.reductions]
        return self.lr * (np.array(each) if self.stacked else each[0])

    def see(self, measured: dict[str, Metrics]) -> None:
        """Takes the numbers of an epoch."""
        if self.reductions:
            for reductions, value in zip(self.reductions, values_of(measured, self.watched), strict=True):
                reductions.see(value)

    def saved(self) -> dict[str, Any]:
        nets = self.reductions
        return {name: np.array([getattr(net, name) for net in nets]) for name in REDUCED} if nets else {}

    def restore(self, saved: Mapping[str, Any]) -> None:
        for i, net in enumerate(self.reductions):
            for name in REDUCED:
                setattr(net, name, saved[name][i].item())

    def shown(self, step: int) -> Value:
        """The rate of step `step`, from 1, as events tell it."""
        rate = self.after(step - 1)
        return tuple(rate.tolist()) if isinstance(rate, np.ndarray) else rate
