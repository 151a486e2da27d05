"""The average of the weights, which predicts in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zen_cli.config.sections import Trainer
from zen_cli.nn.schedulers.base import Horizon
from zen_cli.nn.state import State
from zen_cli.training.evaluation import Evaluation
from zen_cli.training.events import Metrics
from zen_cli.training.part import Part


class WeightAverage:
    """Stochastic weight averaging: from step `begin` on the mean over the ends of the epochs, before it the weights.

    An epoch has `batches` steps; `raw` measures the weights themselves. A moving average (`ema`) is kept by the step
    itself. Either way the checkpoint's model is the average, and what is trained is kept beside it.
    Source: Izmailov et al. 2018, arXiv:1803.05407; torch.optim.swa_utils.AveragedModel.
    """

    def __init__(self, trainer: Trainer, state: State, batches: int, raw: Evaluation) -> None:
        self.swa = trainer.average.swa if trainer.average else None
        self.state, self.batches, self.raw, self.count = state, batches, raw, 0
        self.over(trainer.epochs * batches)

    def over(self, steps: int) -> None:
        """Begins where it should in a training of so many steps."""
        self.begin = self.begins(steps)

    def begins(self, steps: int) -> int | None:
        """The first step whose weights are in the mean; None of a moving average."""
        return Horizon(steps, self.batches).count(self.swa) if self.swa else None

    def see(self, step: int) -> None:
        """Takes the weights at the end of an epoch."""
        if self.begin is None:
            return
        self.count = self.count + 1 if step >= self.begin else 0
        share, vectors = np.asarray(1.0 / max(self.count, 1), self.state.dtype), self.state.vectors
        for average, name in self.state.averaged.items():
            vectors[average] += (vectors[name] - vectors[average]) * share

    def measure_raw(self, parts: Sequence[Part]) -> Metrics:
        """What the weights themselves would give; nothing where there are no rows."""
        return self.raw.measure(parts) if parts else {}

    def saved(self) -> dict[str, Any]:
        return {"count": self.count, **{name: self.state.vectors[name] for name in self.state.averaged.values()}}

    def restore(self, saved: Mapping[str, Any]) -> None:
        self.count = saved["count"]
        for name in self.state.averaged.values():
            self.state.vectors[name][...] = saved[name]
