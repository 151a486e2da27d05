"""Units that cannot learn: all alike, dead, or saturated."""

from __future__ import annotations

from typing import Any

import numpy as np

from zen_cli.experiment import Experiment
from zen_cli.training.diagnosis.finding import Finding

Array = np.ndarray[Any, Any]
MOST = 0.9  # the share of a layer from which it is said
ENDS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
NEAR = 0.01  # of the way between the ends
SAME = 1e-5  # of the largest output


def units(experiment: Experiment, outputs: list[Array]) -> Finding | None:
    """The first that is seen in the outputs of the hidden layers: the rest may follow from it."""
    for check in (_alike, _dead, _saturated):
        for number in range(len(outputs) - 1):
            if found := check(experiment, number, outputs[number]):
                return found
    return None


def _alike(experiment: Experiment, number: int, output: Array) -> Finding | None:
    """Several units that all give the same: they get the same gradient, and stay one unit."""
    trained = any(shape.parameters for shape in experiment.trace.shapes if shape.path[0] == number)
    if not trained or output.ndim != 2 or output.shape[1] < 2:
        return None
    if np.ptp(output, axis=1).max() > SAME * max(float(np.abs(output).max()), 1e-30):
        return None
    what = f"all {output.shape[1]} units give the same, and learn the same"
    return Finding(experiment.config.layers[number].place, what, "leave out init, or take one that draws at random")


def _dead(experiment: Experiment, number: int, output: Array) -> Finding | None:
    """Units of relu that give 0 for every row: no gradient passes, so they stay that way."""
    if experiment.network.layers[number].name != "relu":
        return None
    dead = ~(output.reshape(len(output), -1) > 0).any(0)
    if dead.mean() < MOST:
        return None
    what = f"{dead.sum()} of {dead.size} units of relu give 0 for every row, and learn nothing"
    biased = number > 0 and "bias_init" in experiment.config.layers[number - 1].options.entries
    remedy = f"change the bias_init of model[{number - 1}]" if biased else "lower optimizer.lr"
    return Finding(experiment.config.layers[number].place, what, f"{remedy}, or use leaky_relu")


def _saturated(experiment: Experiment, number: int, output: Array) -> Finding | None:
    """Outputs so near to the ends that hardly any gradient passes."""
    name = experiment.network.layers[number].name
    if name not in ENDS:
        return None
    low, high = ENDS[name]
    near = float((np.minimum(output - low, high - output) < NEAR * (high - low)).mean())
    if near < MOST:
        return None
    what = f"{near:.0%} of what {name} gives is within 1 % of {low:g} or {high:g}, where its slope is 0"
    remedy = "smaller weights (init) or inputs (data.scale) in front of it, or a lower optimizer.lr"
    return Finding(experiment.config.layers[number].place, what, remedy)
