"""How fast a training goes, and when it will be done."""

from __future__ import annotations

from typing import NamedTuple

from zen_cli.training.events import Start


class Pace(NamedTuple):
    """How fast it goes; None where that is not known yet."""

    elapsed: float
    left: float | None
    steps: float | None  # a second
    rows: float | None  # a second, of all seeds


class Tempo:
    """How far it has come, in epochs and parts of one, and how long that took."""

    def __init__(self, start: Start, now: float) -> None:
        self.start, self._began, self._origin = start, now, (0.0, 0, now)
        self.reached, self.step = 0.0, 0

    def note(self, reached: float, step: int, now: float) -> None:
        if not self.reached and reached > 1:  # resumed: what came before says nothing about the pace
            self._origin = (reached, step, now)
        self.reached, self.step = reached, step

    def pace(self, now: float) -> Pace:
        """Speed and time left, as of the last note."""
        reached, step, since = self._origin
        seconds, done, elapsed = now - since, self.reached - reached, now - self._began
        if seconds <= 0 or done <= 0:
            return Pace(elapsed, None, None, None)
        rows = self.start.rows.get("train", 0) * self.start.replicas * done / seconds
        left = (self.start.epochs - self.reached) * seconds / done
        return Pace(elapsed, left, (self.step - step) / seconds, rows)
