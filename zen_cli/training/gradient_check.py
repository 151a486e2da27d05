"""Whether the compiled gradient of a config's own network is the derivative of its own loss."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from zen_cli.experiment import Experiment
from zen_cli.nn.programs import Batch, TrainingStep
from zen_cli.nn.state import State
from zen_cli.training.rows import SeedRows
from zen_cli.training.streams import streams

Array = np.ndarray[Any, Any]
ROWS, DISTANCE = 16, 1e-6


class GradientCheck(NamedTuple):
    """The slope of the loss along a random direction, by the program and by central differences."""

    analytic: float
    numeric: float

    @property
    def error(self) -> float:
        """Relative to the slope, absolute below 1."""
        return abs(self.analytic - self.numeric) / max(1.0, abs(self.numeric))


def gradient_check(experiment: Experiment, rows: SeedRows, seed: int) -> GradientCheck:
    """In float64, on up to 16 training rows, at the initial weights, with the same dropout masks on both sides.

    Source: the random-direction check of HIPS autograd, test_util.py.
    """
    part, found = rows.parts["train"], streams(seed)
    state = State(experiment.trace.parameters, experiment.optimizer.slots(), None, np.float64)
    state.draw([found.init])
    count = min(ROWS, part.rows)
    batch = Batch(count, part.y.shape[1:], part.y.dtype.kind == "i")
    constants = experiment.loss.constants(part.targets, experiment.target)

    def same_masks(array: Array) -> None:
        np.random.Generator(np.random.PCG64(seed)).random(out=array, dtype=array.dtype)

    it = experiment
    step = TrainingStep(it.network, it.loss, it.optimizer, state, batch, noise=same_masks, constants=constants)
    step.x[...], step.y[...] = part.x[:count], part.y[:count]
    weights = state.vectors["parameters"]
    start, direction = weights.copy(), found.noise.standard_normal(state.size)

    def loss_at(distance: float) -> float:
        weights[...] = start + distance * direction
        step.run(1, 0.0)
        return float(step.loss)

    with np.errstate(all="ignore"):
        numeric = (loss_at(DISTANCE) - loss_at(-DISTANCE)) / (2 * DISTANCE)
        loss_at(0.0)
        return GradientCheck(float(state.vectors["gradients"] @ direction), numeric)
