"""The best epoch so far, and how long there has been no better one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from zen_cli.config.sections import EarlyStopping
from zen_cli.errors import ZenError
from zen_cli.metrics import metrics
from zen_cli.nn.state import State
from zen_cli.training.conditions import lookup
from zen_cli.training.events import Metrics


def improves(monitor: str, value: float, best: float, by: float = 0.0) -> bool:
    """Whether `value` is better than `best` by more than `by`; NaN never is.

    >>> improves("validation.loss", 0.1, math.nan), improves("validation.accuracy", 0.9, 0.8)
    (True, True)
    """
    if not math.isfinite(value) or math.isnan(best):
        return math.isfinite(value)
    metric = monitor.rpartition(".")[2]
    larger = metric in metrics and metrics[metric].goal == "max"
    return value > best + by if larger else value < best - by


class Best:
    """The best epoch by `monitor`; with `keep`, also all numbers of that moment."""

    def __init__(self, monitor: str, keep: bool) -> None:
        self.monitor, self.epoch, self.value, self.kept = monitor, 0, math.nan, keep
        self.vectors: dict[str, np.ndarray[Any, Any]] = {}

    def note(self, epoch: int, value: float, state: State) -> None:
        if improves(self.monitor, value, self.value):
            self.epoch, self.value = epoch, value
            for name, vector in state.vectors.items() if self.kept else ():
                if name != "gradients":
                    np.copyto(self.vectors.setdefault(name, np.empty_like(vector)), vector)

    def restore(self, state: State) -> None:
        for name, vector in self.vectors.items():
            state.vectors[name][...] = vector

    def as_dict(self) -> dict[str, Any]:
        return {"epoch": self.epoch, "monitor": self.monitor, "value": self.value} if self.epoch else {}


class Patience:
    """Counts the epochs without improvement."""

    def __init__(self, section: EarlyStopping, default: str) -> None:
        self.section, self.monitor = section, section.monitor or default
        self.best, self.waited = math.nan, 0

    def exhausted(self, measured: dict[str, Metrics]) -> bool:
        """Takes the numbers of an epoch; True when `patience` epochs in a row were no better.

        Raises:
            ZenError: what is monitored is not measured.
        """
        value = lookup(measured, self.monitor)
        if value is None or isinstance(value, tuple):
            known = ", ".join(f"{split}.{name}" for split, found in measured.items() for name in found)
            raise ZenError(f"early_stopping monitors '{self.monitor}', which is not measured", hint=f"known: {known}")
        if improves(self.monitor, value, self.best, self.section.min_delta):
            self.best, self.waited = value, 0
        else:
            self.waited += 1
        return self.waited >= self.section.patience

    def __str__(self) -> str:
        return f"{self.monitor} has not improved for {self.section.patience} epochs"
