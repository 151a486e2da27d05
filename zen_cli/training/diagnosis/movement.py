"""How the weights have moved, and would move: a rate too large or too small, a gradient that vanishes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from zen_cli.training.diagnosis.finding import Finding
from zen_cli.training.part import Part
from zen_cli.training.snapshot import thaw
from zen_cli.training.stateful import collect
from zen_cli.training.streams import streams

if TYPE_CHECKING:
    from zen_cli.training.training import Training

Array = np.ndarray[Any, Any]
ROWS = 1024  # that the loss is taken of
LITTLE = 0.01  # of the weights' own size, over the whole training
SMALLER, LARGER = (0.1, 0.01, 0.001), (10.0, 100.0, 1000.0)  # times the rate, tried
RISES, FALLS = 1.05, 0.99  # the loss, in one step
WORSE = 2.0  # times the loss at the start
VANISHED = 1e-3  # the first layer's gradient, by the last one's


def overshoots(training: Training) -> Finding | None:
    """A step raises the loss where a smaller one lowers it, or all steps together have raised it."""
    tried, begun, lr = _tried(training, (1.0, *SMALLER)), _begun(training), training.experiment.optimizer.lr
    if tried.before > WORSE * begun.loss:
        what = f"{training.step} steps have raised the loss from {begun.loss:.4g} to {tried.before:.4g}"
        return _rate(training, what, "lower", max(min(_usual(training), lr / 10), lr / 100))
    if tried.losses[1.0] > RISES * tried.before and tried.losses[tried.best] < tried.before:
        what = f"a step raises the loss from {tried.before:.4g} to {tried.losses[1.0]:.4g}, a smaller one lowers it"
        return _rate(training, what, "lower", lr * tried.best)
    return None


def stands_still(training: Training) -> Finding | None:
    """The weights have hardly moved, or a larger step lowers the loss at once."""
    tried, moved = _tried(training, (1.0, *LARGER)), _begun(training).moved
    lr = training.experiment.optimizer.lr
    if moved < LITTLE and tried.last:
        what = f"{training.step} steps have moved the weights by no more than {moved:.1e} of their size"
        return _rate(training, what, "raise", max(_usual(training), lr * 100))
    best = tried.losses[tried.best]
    if best < FALLS * tried.losses[1.0]:
        what = f"a step {tried.best:g} times as large lowers the loss from {tried.before:.4g} to {best:.4g}"
        return _rate(training, what, "raise", lr * tried.best)
    return None


def vanishes(training: Training) -> Finding | None:
    """Next to nothing of the gradient is left when it comes to the first layer."""
    tried = _tried(training, (1.0,))
    if not tried.first < VANISHED * tried.last:
        return None
    what = f"the first layer's gradient is {tried.first / tried.last:.0e} of the last one's: it vanishes on the way"
    remedy = "fewer layers, relu in place of sigmoid, or another init"
    return Finding(training.experiment.config.layers[0].place, what, remedy)


def _rate(training: Training, what: str, way: str, to: float) -> Finding:
    where, rounded = training.experiment.config.where("optimizer", "lr"), float(f"{to:.1g}")
    return Finding(where, what, f"{way} the rate: try {rounded:g}")


def _usual(training: Training) -> float:
    """The rate that the optimizer has where none is said."""
    return float(type(training.experiment.optimizer)().lr)


class Begun(NamedTuple):
    """How far the weights are from where they began, by their size there, and the loss there."""

    moved: float
    loss: float


def _begun(training: Training) -> Begun:
    vectors = training.state.vectors
    weights, before = vectors["parameters"], {name: vector.copy() for name, vector in vectors.items()}
    training.state.draw([streams(seed).init for seed in training.seeds])
    moved, loss = _size(before["parameters"] - weights) / max(_size(weights), 1e-30), _loss(training)
    for name, vector in before.items():
        vectors[name][...] = vector
    return Begun(moved, loss)


class Tried(NamedTuple):
    """The loss before, after a step at so many times the rate, and the size of the first and the last gradient."""

    before: float
    losses: dict[float, float]
    first: float
    last: float

    @property
    def best(self) -> float:
        """Which of them makes the loss least."""
        return min(self.losses, key=self.losses.__getitem__)


def _tried(training: Training, times: Sequence[float]) -> Tried:
    """One step after another from the same place, on the same rows."""
    step, before = training.feed.segments[0].step, _loss(training)
    rows = some(training, len(step.x))
    step.x[...], step.y[...] = rows.x, rows.y
    tensors = {name: array.copy() for name, array in training.state.tensors().items()}
    arrays, values = collect(training.stateful())
    losses, sizes = {}, [0.0]
    for many in times:
        step.run(training.step + 1, training.experiment.optimizer.lr * many)
        losses[many] = _loss(training)
        sizes = [_size(view) for view in training.state.views("gradients").values() if view.ndim > 1] or sizes
        thaw(training, tensors | arrays, values)
    return Tried(before, losses, sizes[0], sizes[-1])


def _loss(training: Training) -> float:
    """The mean loss of some training rows."""
    loss = float(training.evaluation.judge(some(training, ROWS)).losses.mean())
    return loss if math.isfinite(loss) else math.inf


def some(training: Training, count: int) -> Part:
    """So many training rows, from all over them."""
    return training.rows[0].parts["train"].some(count)


def _size(values: Array) -> float:
    return float(np.sqrt(np.square(values.astype(np.float64)).mean()))
