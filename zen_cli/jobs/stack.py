"""A fixed number of steps for many nets at once: seeds and rates side by side on the replica axis."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from zen_cli.experiment import Experiment
from zen_cli.jobs.traits import CLIPPED, Traits
from zen_cli.training.events import Metrics
from zen_cli.training.rates import Rates
from zen_cli.training.rows import rows_of, split_of
from zen_cli.training.streams import streams
from zen_cli.training.training import Training

Array = np.ndarray[Any, Any]
ALONE = 20_000  # parameters from which a net alone, with its bound products, is as fast as in a stack
SMALLEST = 3  # nets below which a stack loses against nets one after another


class Setting(NamedTuple):
    """What can be tuned of an optimizer: its rate, and by name whatever else is."""

    lr: float
    others: tuple[tuple[str, float], ...] = ()


class Net(NamedTuple):
    """One net to train: where its random numbers begin, its rate, and what else of the optimizer is its own."""

    seed: int
    lr: float
    others: tuple[tuple[str, float], ...] = ()

    @property
    def setting(self) -> Setting:
        return Setting(self.lr, self.others)


class Budget(NamedTuple):
    """How many steps, and after how many of them the nets are measured (the first step's loss and the end always)."""

    steps: int
    every: int

    def due(self, step: int) -> bool:
        """Whether they are measured after this step."""
        return step % self.every == 0 or step == self.steps


class Course(NamedTuple):
    """What became of one net. `measured` holds, for each of `at`, everything on the rows that judge it."""

    net: Net
    first_loss: float  # of its first batch, before any step
    at: tuple[int, ...]  # steps done
    measured: tuple[dict[str, float], ...]
    test: dict[str, float]  # empty unless asked for
    broke: int | None  # the step after which a loss was not finite
    error: str = ""  # why nobody knows what became of it
    traits: dict[str, float] = {}  # of its gradients and updates


def judged_by(experiment: Experiment) -> str:
    """The split that judges: validation, or the training rows where there is none."""
    return "validation" if experiment.splits["validation"] else "train"


def train_rows(experiment: Experiment, seed: int) -> int:
    """How many rows train, with the split of a seed."""
    return len(split_of(experiment, streams(seed).split).train)


def train_all(
    experiment: Experiment, nets: Sequence[Net], budget: Budget, test: bool = False, split: int | None = None
) -> list[Course]:
    """Trains every net for the budget, in stacks where that is faster; each as if it trained alone, to the bit.

    `split`: the seed whose split all have, in place of their own.
    """
    if experiment.parameters >= ALONE or len(nets) < SMALLEST:
        return [course for net in nets for course in _train(experiment, [net], budget, test, split, stacked=False)]
    return list(_train(experiment, nets, budget, test, split, stacked=True))


def _train(
    experiment: Experiment, nets: Sequence[Net], budget: Budget, test: bool, split: int | None, stacked: bool
) -> Iterator[Course]:
    seeds = [net.seed for net in nets]
    rows = None if split is None else [rows_of(experiment, streams(split).split)] * len(nets)
    training = Training(experiment, seeds if stacked else seeds[0], rows=rows)
    rates: Any = np.array([net.lr for net in nets]) if stacked else nets[0].lr
    course = _Courses(training, len(nets), judged_by(experiment))
    with np.errstate(all="ignore"):
        course.expect(budget.due(1))
        for step, losses in _steps(training, rates, budget.steps):
            course.note(step, losses, measure=budget.due(step))
            course.expect(budget.due(step + 1))
            if course.all_broken:
                break
        tested = training.measure("test") if test else {}
    clipped = training.clipped.share(course.at[-1]) if training.clipped else math.nan
    for i, net in enumerate(nets):
        found = course.of(i, net, _pick(tested, i))
        share = clipped[i] if isinstance(clipped, tuple) else clipped
        yield found._replace(traits=found.traits | {CLIPPED: math.nan if found.broke else share})


def _steps(training: Training, lr: Any, steps: int) -> Iterator[tuple[int, Array]]:
    """Takes the steps one by one; gives their count and the loss of each net's batch before the step."""
    rates, step = training.rates_for(lr, steps), 0
    while True:
        total: Any = 0.0
        for losses, rows in _epoch(training, rates, step):
            step += 1
            yield step, losses
            if step == steps:
                return
            if rates.reductions:
                total = total + losses.astype(np.float64) * rows
        if rates.reductions:
            mean = tuple((total / training.rows[0].parts["train"].rows).tolist())
            rates.see({"train": {"loss": mean}, "validation": training.measure("validation")})


def _epoch(training: Training, rates: Rates, step: int) -> Iterator[tuple[Array, int]]:
    """One pass over the rows; the losses and the number of rows of each batch."""
    for segment in training.feed.epoch():
        for i, rate in enumerate(rates.following(step, segment.batches)):
            segment.load(i)
            segment.step.run(step + i + 1, rate)
            yield np.atleast_1d(segment.step.loss), segment.rows
        step += segment.batches


class _Courses:
    """Gathers what happens to every net of a stack."""

    def __init__(self, training: Training, count: int, split: str) -> None:
        self.training, self.split, self.count = training, split, count
        self.first: list[float] = []
        self.at: list[int] = []
        self.measured: list[Metrics] = []
        self.broke: list[int | None] = [None] * count
        self.traits = Traits(training.state)
        self._measure(0)

    @property
    def all_broken(self) -> bool:
        return None not in self.broke

    def expect(self, measure: bool) -> None:
        """Before the next step: whether nets are to be measured after it."""
        if measure:
            self.traits.begin()

    def note(self, step: int, losses: Array, measure: bool) -> None:
        if not self.first:
            self.first = losses.tolist()
        total = losses.sum()
        if total - total != 0.0:
            for i in np.flatnonzero(~np.isfinite(losses)):
                self.broke[i] = self.broke[i] or step
        if measure:
            self.traits.end()
            self._measure(step)

    def _measure(self, step: int) -> None:
        self.at.append(step)
        self.measured.append(self.training.measure(self.split))

    def of(self, i: int, net: Net, test: dict[str, float]) -> Course:
        """The net's own course; where it broke it ends with nothing, however long the others of its stack went on."""
        broke = self.broke[i]
        traits = self.traits.of(i, sum(broke is None or 0 < at < broke for at in self.at[1:]))
        points = [(at, _pick(found, i)) for at, found in zip(self.at, self.measured, strict=True)]
        if broke is not None:
            points = [(at, found) for at, found in points if at < broke]
            points.append((broke, dict.fromkeys(points[0][1], math.nan)))
            test = dict.fromkeys(test, math.nan)
        at, measured = zip(*points, strict=True)
        return Course(net, self.first[i], at, measured, test, broke, traits=traits)


def _pick(measured: Metrics, i: int) -> dict[str, float]:
    return {name: value[i] if isinstance(value, tuple) else value for name, value in measured.items()}
