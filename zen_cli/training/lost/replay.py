"""The steps once more from a moment when all was well: which is the first to go wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from zen_cli.training.lost.good import LastGood
from zen_cli.training.steps import Step

if TYPE_CHECKING:
    from zen_cli.training.training import Training


class Broken(NamedTuple):
    """The step that goes wrong: its program with the rows in it, its number, its rate, the batch in its epoch."""

    step: Step
    t: int
    lr: Any
    batch: int


class _Reached(Exception):
    def __init__(self, broken: Broken) -> None:
        self.broken = broken


def first_broken(training: Training, good: LastGood) -> Broken | None:
    """Has the training stand before the first step that leaves what is not finite; None if there is none."""
    end = training.step
    watched = [vector for vector in training.state.vectors.values() if vector.size]
    found = _again(training, good, end, lambda step, before: before is None and not _finite(step, watched))
    if found is None:
        return None
    return _again(training, good, end, lambda step, before: before == found.t)


Judge = Callable[[Step, "int | None"], bool]
"""Whether to stop: before step number `before`, or, where that is None, after one was taken."""


def _again(training: Training, good: LastGood, end: int, judge: Judge) -> Broken | None:
    """Takes the steps that follow, up to `end`, until one is to stop at."""
    good.restore()
    programs = [segment.step for segment in training.feed.segments]
    runs = [step.run for step in programs]
    for step in programs:
        step.run = _watched(training, step, judge)
    try:
        while training.step < end:
            training.step = training.steps.run(training.step, training.rates)
            for _ in training.close_epoch(0.0) if training.steps.complete else ():
                pass
    except _Reached as reached:
        return reached.broken
    finally:
        for step, run in zip(programs, runs, strict=True):
            step.run = run
    return None


def _watched(training: Training, step: Step, judge: Judge) -> Callable[..., None]:
    run = step.run

    def watched(t: int, lr: Any) -> None:
        batch = training.steps.done + t - 1 - training.step  # both count what was done before this stretch
        if judge(step, t):
            raise _Reached(Broken(step, t, lr, batch))
        run(t, lr)
        if judge(step, None):
            raise _Reached(Broken(step, t, lr, batch))

    return watched


def _finite(step: Step, vectors: Sequence[np.ndarray[Any, Any]]) -> bool:
    return bool(np.isfinite(step.loss)) and all(np.isfinite(vector).all() for vector in vectors)
