"""Where a training is lost, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from zen_cli.nn.programs import TrainingStep
from zen_cli.training.lost.checking import Result, results
from zen_cli.training.lost.good import LastGood, state_of
from zen_cli.training.lost.replay import Broken, first_broken
from zen_cli.training.snapshot import thaw
from zen_cli.training.steps import Step

if TYPE_CHECKING:
    from zen_cli.training.training import Training

Array = np.ndarray[Any, Any]
MOST = 10  # rows that are listed


def where_lost(training: Training, good: LastGood) -> str:
    """`in epoch 1, step 7: first what model[2] (softmax) gives; rows 5, 17 of the data`; empty if it is not found.

    The training is left as it was.
    """
    if not good.kept:
        return ""
    lost = state_of(training)
    try:
        with np.errstate(all="ignore"):
            broken = first_broken(training, good)
            return "" if broken is None else _told(training, broken)
    finally:
        thaw(training, *lost)


def _told(training: Training, broken: Broken) -> str:
    rows = training.rows[0].rows.train[training.feed.chosen(broken.batch)]
    epoch = training.epoch + 1
    for part, some in _batches(broken.step, rows):
        computed = results(part, training.noise, broken.t, broken.lr)
        bad = next((found for found in computed if not np.isfinite(found.numbers).all()), None)
        if bad is not None:
            what, rows = _named(bad), _touched(bad.numbers, some)
            break
    else:
        broken.step.run(broken.t, broken.lr)
        what = f"{_first(training)} after the step"
    return f"in epoch {epoch}, step {broken.t}: first {what}; {_listed(rows)}"


def _batches(step: Step, rows: Array) -> Iterator[tuple[TrainingStep, Array]]:
    """The batches of a step, each in its program, with their rows."""
    if isinstance(step, TrainingStep):
        yield step, rows
        return
    start = 0
    for j, part in enumerate(step.parts):
        step.load(j)
        yield part, rows[start : start + part.rows]
        start += part.rows


def _first(training: Training) -> str:
    """The name of the first weight or slot that is not finite."""
    tensors = training.state.tensors().items()
    return next((name for name, array in tensors if not np.isfinite(array).all()), "a weight")


def _named(bad: Result) -> str:
    """`the gradient of model.0.weight`, `the loss`, or in which layer."""
    if bad.name.startswith("gradient."):
        return f"the gradient of {bad.name.removeprefix('gradient.')}"
    scope, _, backward = bad.scope.partition(", ")
    path, _, layer = scope.partition(" ")
    if path == "loss":
        inside = f"the loss ({layer})"
    else:
        inside = f"model[{path}] ({layer})" if path.isdigit() else f"layer {path} ({layer})" if layer else scope
    return f"the gradient in {inside}" if backward else inside if bad.name or path == "loss" else f"what {inside} gives"


def _touched(numbers: Array, rows: Array) -> Array:
    """The rows of the batch in which numbers are not finite; all of them, where they cannot be told apart."""
    if numbers.ndim == 0 or len(numbers) != len(rows):
        return rows
    return rows[~np.isfinite(numbers).reshape(len(rows), -1).all(1)]


def _listed(rows: Sequence[int] | Array) -> str:
    numbers = [str(int(row) + 1) for row in rows[:MOST]]
    more = f" and {len(rows) - MOST} more" if len(rows) > MOST else ""
    return f"row{'s' if len(rows) > 1 else ''} {', '.join(numbers)}{more} of the data"
