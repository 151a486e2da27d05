"""What happens to every net of a stack, gathered while it trains."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from zen_cli.jobs.nets import Course, Net, judged_by
from zen_cli.jobs.traits import CLIPPED, EVALUATIONS, Traits
from zen_cli.training.events import Metrics
from zen_cli.training.training import Training

Array = np.ndarray[Any, Any]
WHOLE = 0  # stands for no step, where a step is kept as a number


class Courses:
    """The numbers of all nets at the steps where they are measured, and where each one broke."""

    def __init__(self, training: Training, count: int) -> None:
        self.training, self.split, self.count = training, judged_by(training.experiment), count
        self.first = np.full(count, math.nan)
        self.at: list[int] = []
        self.measured: list[Metrics] = []
        self.broke = np.zeros(count, np.int64)
        self.traits = Traits(training.state)
        self.measure(0)

    @property
    def all_broken(self) -> bool:
        return bool(self.broke.all())

    def note(self, step: int, losses: Array) -> None:
        """The losses of a step's batches, before it."""
        if step == 1:
            self.first[...] = losses
        total = losses.sum()
        if total - total != 0.0:
            lost = ~np.isfinite(losses) & (self.broke == WHOLE)
            self.broke[lost] = step

    def measure(self, step: int) -> None:
        """Everything on the rows that judge, after a step."""
        self.at.append(step)
        self.measured.append(self.training.measure(self.split))

    def of(self, i: int, net: Net, test: dict[str, float]) -> Course:
        """The net's own course; where it broke it ends with nothing, however long the others of its stack went on."""
        broke = int(self.broke[i]) or None
        traits = self.traits.of(i, sum(broke is None or at < broke for at in self.at[1:])) | self._counted(i)
        points = [(at, pick(found, i)) for at, found in zip(self.at, self.measured, strict=True)]
        if broke is not None:
            points = [(at, found) for at, found in points if at < broke]
            points.append((broke, dict.fromkeys(points[0][1], math.nan)))
            test = dict.fromkeys(test, math.nan)
        at, measured = zip(*points, strict=True)
        return Course(net, float(self.first[i]), at, measured, test, broke, traits=traits)

    def _counted(self, i: int) -> dict[str, float]:
        """The share of its steps whose gradient was clipped, where the config bounds it and the net is whole; how many
        gradients it took, where that is its own business.
        """
        found: dict[str, float] = {}
        clipped, taken = self.training.clipped, self.training.state.vectors.get("optimizer.evaluations")
        if clipped is not None and not self.broke[i]:
            found[CLIPPED] = float(np.atleast_1d(clipped.counts)[i]) / self.at[-1]
        if taken is not None:
            found[EVALUATIONS] = int(np.atleast_1d(taken)[i])
        return found

    # --- what goes into a checkpoint ------------------------------------------------------------------
    def saved(self) -> dict[str, Any]:
        curves = {f"measured.{name}": np.array([found[name] for found in self.measured]) for name in self.measured[0]}
        return {"first": self.first, "broke": self.broke, "at": self.at, **curves, **self.traits.saved()}

    def restore(self, saved: Mapping[str, Any]) -> None:
        self.first[...], self.broke[...], self.at = saved["first"], saved["broke"], list(saved["at"])
        curves = {name: saved[f"measured.{name}"].tolist() for name in self.measured[0]}
        rows = zip(*curves.values(), strict=True)
        self.measured = [{name: _value(each) for name, each in zip(curves, row, strict=True)} for row in rows]
        self.traits.restore(saved)


def pick(measured: Metrics, i: int) -> dict[str, float]:
    """The numbers of one net."""
    return {name: value[i] if isinstance(value, tuple) else value for name, value in measured.items()}


def _value(number: Any) -> Any:
    return tuple(number) if isinstance(number, list) else number
