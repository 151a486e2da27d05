"""The best epoch so far."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from zen_cli.metrics import larger_is_better


def improves(monitor: str, value: float, best: float, by: float = 0.0) -> bool:
    """Whether `value` is better than `best` by more than `by`; NaN never is.

    >>> improves("validation.loss", 0.1, math.nan), improves("validation.accuracy", 0.9, 0.8)
    (True, True)
    """
    if not math.isfinite(value) or math.isnan(best):
        return math.isfinite(value)
    return value > best + by if larger_is_better(monitor) else value < best - by


class Best:
    """The best epoch by `monitor`; of several seeds by the middle one."""

    def __init__(self, monitor: str) -> None:
        self.monitor, self.epoch, self.value = monitor, 0, math.nan

    def note(self, epoch: int, values: tuple[float, ...]) -> bool:
        """Takes an epoch's number of each net, and says whether it is the best so far."""
        number = _middle(self.monitor, values) if len(values) > 1 else values[0]
        if not improves(self.monitor, number, self.value):
            return False
        self.epoch, self.value = epoch, number
        return True

    def as_dict(self) -> dict[str, Any]:
        return {"epoch": self.epoch, "monitor": self.monitor, "value": self.value} if self.epoch else {}

    def saved(self) -> dict[str, Any]:
        return {"epoch": self.epoch, "value": self.value if self.epoch else None}

    def restore(self, saved: Mapping[str, Any]) -> None:
        self.epoch, value = saved["epoch"], saved["value"]
        self.value = math.nan if value is None else value


def _middle(monitor: str, values: tuple[float, ...]) -> float:
    """The middle one; a net that is lost stands behind all others."""
    worst = -math.inf if larger_is_better(monitor) else math.inf
    return sorted(worst if math.isnan(value) else value for value in values)[len(values) // 2]
