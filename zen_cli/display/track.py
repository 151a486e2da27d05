"""What the display remembers of a training: little, and cheap to add to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from zen_cli.display.numbers import middle
from zen_cli.display.tempo import Tempo
from zen_cli.metrics import larger_is_better
from zen_cli.training.events import Epoch, Metrics, Start, Value

if TYPE_CHECKING:
    from zen_cli.training.conditions import Condition

LONGEST = 512  # epochs kept for the curves; when there are more, every other one is dropped


class Track:
    """The last epoch, a thinned history, the best epoch, and the pace. `note` is called for every event."""

    def __init__(self, start: Start, now: float, monitor: str | None, goal: Condition | None) -> None:
        self.start, self.goal = start, goal
        self.monitor = monitor or ("validation.loss" if "validation" in start.rows else "train.loss")
        self._split, _, self._metric = self.monitor.rpartition(".")
        self._larger = larger_is_better(self._metric)
        self.first: Epoch | None = None
        self.last: Epoch | None = None
        self.best: tuple[int, float] | None = None
        self.history: list[Epoch] = []
        self._stride = 1
        self.tempo = Tempo(start, now)

    def note(self, epoch: Epoch, now: float) -> None:
        """Takes an epoch that has just ended."""
        self.tempo.note(epoch.epoch, epoch.step, now)
        self.first, self.last = self.first or epoch, epoch
        if epoch.epoch % self._stride == 0:
            self.history.append(epoch)
            if len(self.history) >= LONGEST:
                del self.history[::2]
                self._stride *= 2
        value = (epoch.validation if self._split == "validation" else epoch.train).get(self._metric)
        if isinstance(value, float) and self._improves(value):
            self.best = (epoch.epoch, value)

    @property
    def rate(self) -> Value | None:
        """The learning rate, once it has changed."""
        if self.first is None or self.last is None or self.first.lr == self.last.lr:
            return None
        return self.last.lr

    def _improves(self, value: float) -> bool:
        if self.best is None:
            return math.isfinite(value)
        return value > self.best[1] if self._larger else value < self.best[1]

    def curve(self, split: str) -> list[float]:
        """The loss over the epochs, of several seeds the median."""
        ended = self.last is None or (self.history and self.history[-1] is self.last)
        shown = self.history if ended else [*self.history, self.last]
        losses = (metrics_of(epoch, split).get("loss") for epoch in shown if epoch is not None)
        return [middle("loss", loss) for loss in losses if loss is not None]


def metrics_of(epoch: Epoch, split: str) -> Metrics:
    return epoch.validation if split == "validation" else epoch.train


def successes(value: Value | None, goal: Condition) -> int | None:
    """How many seeds' numbers fulfil the condition; None if there are none."""
    return sum(map(goal.holds, value)) if isinstance(value, tuple) else None
