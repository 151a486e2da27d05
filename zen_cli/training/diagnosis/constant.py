"""How well one answer for all rows does: what a net is that has learned nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from zen_cli.compiler.plan import Assignment
from zen_cli.compiler.program import Program, Section
from zen_cli.compiler.tensor import leaf
from zen_cli.experiment import Experiment
from zen_cli.nn.learning import mean_loss
from zen_cli.training.part import Part

Array = np.ndarray[Any, Any]
MOST = 1 << 15  # steps


def constant_loss(experiment: Experiment, part: Part, constants: dict[str, Array]) -> float:
    """The least loss on the part of the answers that are tried: mean, median, log and logit of the mean, zeros.

    Between them they hold the best answer of every loss: the mean for squares, the median for sizes, for classes the
    logarithm of their shares, or of equal shares where weights balance them.
    """
    if experiment.target.steps:
        part = _each_step(part)
    y = np.eye(experiment.width)[part.y] if part.y.ndim == 1 else part.y.astype(np.float64)
    y = y.reshape(len(y), -1)
    mean, loss_of = y.mean(0), _losses(experiment, part, constants)
    with np.errstate(all="ignore"):
        answers = [mean, np.median(y, axis=0), np.zeros_like(mean), np.log(mean), np.log(mean) - np.log1p(-mean)]
        found = [loss_of(answer) for answer in answers]
    return min((loss for loss in found if math.isfinite(loss)), default=math.nan)


def _each_step(part: Part) -> Part:
    """The steps that have a target as rows of their own, as many as there is room for."""
    labels = part.y[part.y >= 0]
    labels = labels[:: max(1, len(labels) // MOST)]
    return Part(labels, labels, labels)


def _losses(experiment: Experiment, part: Part, constants: dict[str, Array]) -> Callable[[Array], float]:
    """The mean loss of an answer; the score of what never occurs may be as low as it likes."""
    shape = (len(part.y), experiment.width)
    labels = part.y.dtype.kind in "iu"
    leaves = {"prediction": np.zeros(shape), "y": part.y if labels else part.y.astype(np.float64), "loss": np.zeros(())}
    leaves |= {name: np.asarray(value, np.float64) for name, value in constants.items()}
    value = mean_loss(experiment.loss, leaf("prediction", shape), leaf("y", part.y.shape, index=labels))
    program = Program([Section([Assignment(leaf("loss", ()), value)])], leaves, dtype=np.float64)

    def loss_of(answer: Array) -> float:
        leaves["prediction"][...] = np.maximum(answer, -1e30).reshape(shape[1:])
        program.run()
        return float(leaves["loss"])

    return loss_of
