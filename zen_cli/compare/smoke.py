"""A few steps of everybody before anything long begins: mistakes come to light, and what a step takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from zen_cli.compare.protocol import Protocol
from zen_cli.compare.timing import batches
from zen_cli.errors import Exit, ZenError
from zen_cli.experiment import Experiment
from zen_cli.training.gradient_check import gradient_check
from zen_cli.training.training import Training

STEPS, LONGEST = 20, 1.0  # steps tried, seconds after which fewer do
LARGEST_ERROR = 1e-4  # of the gradient; kinks such as relu's leave more than smooth nets do


def smoke(protocol: Protocol, labels: Sequence[str], clock: Callable[[], float]) -> dict[str, float]:
    """The seconds of a step of each of these optimizers, at its own rate, on the first seed; one gradient is checked.

    Raises:
        ZenError: exit 4, a first loss that is not finite, or a gradient that is wrong.
    """
    entries = [entry for entry in protocol.entries if entry.label in labels]
    found: dict[str, float] = {}
    for entry in entries:
        training = Training(protocol.of(entry), protocol.seeds[0])
        if not found:
            _check_gradient(training.experiment, training, protocol.seeds[0])
        found[entry.label] = _pace(training, entry.label, entry.optimizer.lr, clock)
    return found


def _check_gradient(experiment: Experiment, training: Training, seed: int) -> None:
    found = gradient_check(experiment, training.rows[0], seed)
    if not found.error <= LARGEST_ERROR:
        what = f"the gradient is {found.analytic:.6g}, central differences give {found.numeric:.6g}"
        raise ZenError(what, hint="numbers too large at the start? scale the data", code=Exit.DIVERGED)


def _pace(training: Training, label: str, lr: float, clock: Callable[[], float]) -> float:
    """The median; the first step, which takes memory into use, is left out."""
    times: list[float] = []
    for segment, i in batches(training):
        before = clock()
        segment.load(i)
        with np.errstate(all="ignore"):
            segment.step.run(len(times) + 1, lr)
        if not times and not math.isfinite(float(segment.step.loss)):
            what = f"{label}: the first loss is {float(segment.step.loss)}, before any step"
            raise ZenError(what, hint="scale the data", code=Exit.DIVERGED)
        times.append(clock() - before)
        if len(times) == STEPS or sum(times) > LONGEST:
            break
    later = sorted(times[1:] or times)
    return later[len(later) // 2]
