"""Whether a training has failed, and its causes in the order in which they would have to be mended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from zen_cli.training.conditions import condition
from zen_cli.training.diagnosis.constant import constant_loss
from zen_cli.training.diagnosis.finding import Finding
from zen_cli.training.diagnosis.layers import outputs
from zen_cli.training.diagnosis.movement import ROWS, overshoots, some, stands_still, vanishes
from zen_cli.training.diagnosis.scale import scale
from zen_cli.training.diagnosis.units import units
from zen_cli.training.events import Metrics

if TYPE_CHECKING:
    from zen_cli.training.training import Training

NEARLY = 0.98  # of the loss of one answer for all rows
UNSEEN = "no cause is seen: do the inputs tell anything about the target? another optimizer.lr, more epochs?"


def diagnosis(training: Training, measured: dict[str, Metrics]) -> tuple[str, ...]:
    """What there is to say about one net that has ended with these numbers; nothing if it has learned.

    It has failed if its target is not reached, or if one answer for all rows would do as well. The training is left
    as it was.
    """
    target = training.experiment.trainer.target
    reached = bool(target) and condition(target or "").fulfilled(measured)
    nothing = "" if reached else _nothing(training, measured["train"]["loss"])
    if reached or not (nothing or target):
        return ()
    with np.errstate(all="ignore"):
        causes = [str(cause) for cause in _causes(training)]
    return (nothing, *(causes or [UNSEEN])) if nothing else tuple(causes)


def _nothing(training: Training, loss: Any) -> str:
    part = training.rows[0].parts["train"].some()
    constant = constant_loss(training.experiment, part, training.constants)
    if not loss >= NEARLY * constant:
        return ""
    return f"the loss of {loss:.4g} is no better than that of one answer for all rows, {constant:.4g}"


def _causes(training: Training) -> Iterator[Finding]:
    """What follows from another cause is not told."""
    sizes = [*scale(training.experiment, training.rows[0].parts["train"].some())]
    if sizes:
        yield from sizes
    elif too_fast := overshoots(training):
        yield too_fast
    elif stuck := units(training.experiment, _outputs(training)) or vanishes(training) or stands_still(training):
        yield stuck


def at_the_start(training: Training) -> list[str]:
    """What is seen before any step is taken."""
    found = [*scale(training.experiment, training.rows[0].parts["train"].some())]
    stuck = units(training.experiment, _outputs(training))
    return [str(cause) for cause in (*found, *([stuck] if stuck else []))]


def _outputs(training: Training) -> list[np.ndarray[Any, Any]]:
    return outputs(training.experiment, training.state, np.ascontiguousarray(some(training, ROWS).x))
