"""Whether the compiled gradient of a config's own network is the derivative of its own loss."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from zen_cli.experiment import Experiment
from zen_cli.nn.programs import Batch, TrainingStep
from zen_cli.nn.state import State
from zen_cli.training.rows import SeedRows, constants_of
from zen_cli.training.streams import Noise, streams

Array = np.ndarray[Any, Any]
ROWS, NEAR = 16, 1e-2
DISTANCES = (1e-6, 1e-8)  # the nearer one where a kink of relu or max_pool lies within the other


class GradientCheck(NamedTuple):
    """The slope of the loss along a random direction, by the program and by central differences."""

    analytic: float
    numeric: float

    @property
    def error(self) -> float:
        """Relative to the slope, absolute below 1."""
        return abs(self.analytic - self.numeric) / max(1.0, abs(self.numeric))


def gradient_check(experiment: Experiment, rows: SeedRows, seed: int) -> GradientCheck:
    """In float64, on up to 16 training rows, near the initial weights, with the same dropout masks on both sides.

    Not at them: where a bias is 0 and a row too, relu stands right on its kink.
    Source: the random-direction check of HIPS autograd, test_util.py.
    """
    found = streams(seed)
    state = State(experiment.trace.parameters, None, None, np.float64, memories=experiment.trace.memories)
    state.draw([found.init])
    masks = Noise([np.random.Generator(np.random.PCG64(seed))], stacked=False)
    step, same = _step(experiment, rows, state, masks), masks.again()
    weights = state.vectors["parameters"]
    start = weights + NEAR * found.noise.standard_normal(state.size)
    direction = found.noise.standard_normal(state.size)
    for parameter, part in zip(state.parameters, state.parts(direction, state.parameters).values(), strict=True):
        part[...] *= not parameter.treatment.freeze

    def loss_at(distance: float) -> float:
        weights[...] = start + distance * direction
        same()
        step.run(1, 0.0)
        return float(step.loss)

    with np.errstate(all="ignore"):
        numeric = [(loss_at(distance) - loss_at(-distance)) / (2 * distance) for distance in DISTANCES]
        loss_at(0.0)
        analytic = float(state.vectors["gradients"] @ direction)
        return min((GradientCheck(analytic, each) for each in numeric), key=lambda found: found.error)


def _step(experiment: Experiment, rows: SeedRows, state: State, noise: Noise) -> TrainingStep:
    """What leaves the loss and its gradient, with some rows in place."""
    it, part = experiment, rows.parts["train"]
    count = min(ROWS, part.rows)
    batch = Batch(count, part.y.shape[1:], part.y.dtype.kind == "i")
    constants = constants_of(experiment, [rows], stacked=False)
    step = TrainingStep(it.network, it.loss, None, state, batch, noise=noise, constants=constants)
    step.x[...], step.y[...] = part.x[:count], part.y[:count]
    return step
