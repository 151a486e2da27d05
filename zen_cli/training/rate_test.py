"""Which learning rates train: the loss while the rate grows from step to step."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from zen_cli.training.training import Training

LOW, HIGH, STEPS = 1e-7, 10.0, 100
BESIDE = 3  # steps on either side over which a loss is smoothed
WORSE = 4.0  # times the lowest smoothed loss, from where on nothing more is tried
FALLEN = 0.02  # of the loss at first, that it must fall by for a rate to be suggested


class Trial(NamedTuple):
    """A step at the rate `lr`: the loss of its batch before it, and the mean over that of its neighbours."""

    lr: float
    loss: float
    smoothed: float


class RateTest(NamedTuple):
    """What became of the loss. `suggestion`: a tenth of the rate where it is lowest; None where it never fell.

    `rising`: whether it rose again, so that it is known where it is lowest.
    """

    trials: list[Trial]
    suggestion: float | None
    rising: bool


def rate_test(training: Training, low: float = LOW, high: float = HIGH, steps: int = STEPS) -> RateTest:
    """Trains with a rate that grows by the same factor each step, until the loss is far above its lowest.

    The weights are those of the training afterwards: it is of no other use. For where to begin a search, never to
    judge by: one seed, few steps.
    Source: Smith 2017, arXiv:1506.01186, section 3.3; bounds and end as in fastai's lr_find.
    """
    lrs, losses = list(np.geomspace(low, high, steps).tolist()), list[float]()
    best = math.inf
    with np.errstate(all="ignore"):
        for loss in _losses(training, lrs):
            losses.append(loss)
            recent = sum(losses[-2 * BESIDE - 1 :]) / len(losses[-2 * BESIDE - 1 :])
            best = min(best, recent)
            if not recent <= WORSE * best:
                break
    trials = [Trial(*each) for each in zip(lrs, losses, smoothed(losses), strict=False)]
    return judged(trials, blown_up=len(trials) < steps)


def _losses(training: Training, lrs: Sequence[float]) -> Iterator[float]:
    """The loss of each batch before the step at its rate; epochs follow on each other."""
    t = 0
    while True:
        for segment in training.feed.epoch():
            for i in range(segment.batches):
                segment.load(i)
                segment.step.run(t + 1, lrs[t])
                yield float(segment.step.loss)
                t += 1
                if t == len(lrs):
                    return


def smoothed(losses: Sequence[float]) -> list[float]:
    """The mean of each loss and those beside it, as many on either side.

    >>> smoothed([4.0, 2.0, 3.0, 1.0])
    [4.0, 3.0, 2.0, 1.0]
    """
    reach = [min(i, len(losses) - 1 - i, BESIDE) for i in range(len(losses))]
    return [sum(losses[i - n : i + n + 1]) / (2 * n + 1) for i, n in enumerate(reach)]


def judged(trials: list[Trial], blown_up: bool) -> RateTest:
    """With the suggestion, of two digits."""
    finite = [trial for trial in trials if math.isfinite(trial.smoothed)]
    lowest = min(finite, key=lambda trial: trial.smoothed, default=None)
    if lowest is None or lowest.smoothed > finite[0].smoothed - FALLEN * abs(finite[0].smoothed):
        return RateTest(trials, None, False)
    rising = blown_up or lowest not in trials[-len(trials) // 10 :]
    return RateTest(trials, float(f"{lowest.lr / 10:.2g}"), rising)
