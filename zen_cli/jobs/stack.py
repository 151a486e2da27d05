"""A fixed number of steps for many nets at once: seeds and rates side by side on the replica axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from zen_cli.experiment import Experiment
from zen_cli.jobs.courses import Courses, pick
from zen_cli.jobs.nets import Budget, Course, Net
from zen_cli.training.feed import Segment
from zen_cli.training.rows import rows_of
from zen_cli.training.stateful import Stateful, collect, give_back
from zen_cli.training.streams import move, streams, where
from zen_cli.training.training import Training

Array = np.ndarray[Any, Any]
Saved = tuple[dict[str, Array], dict[str, dict[str, Any]]]
ALONE = 20_000  # parameters from which a net alone, with its bound products, is as fast as in a stack
SMALLEST = 3  # nets below which a stack loses against nets one after another
OF_EPOCHS = ("course", "epoch", "best", "early_stopping")  # of a training: a stack counts steps


def train_all(
    experiment: Experiment, nets: Sequence[Net], budget: Budget, test: bool = False, split: int | None = None
) -> list[Course]:
    """Trains every net for the budget, in stacks where that is faster; each as if it trained alone, to the bit.

    `split`: the seed whose split all have, in place of their own.
    """
    found: list[Course] = []
    for group in stacks(experiment, nets):
        stack = Stack(experiment, group, budget, split)
        stack.run()
        found += stack.courses(test)
    return found


def stacks(experiment: Experiment, nets: Sequence[Net]) -> list[Sequence[Net]]:
    """The nets that are best trained together."""
    alone = experiment.parameters >= ALONE or len(nets) < SMALLEST
    return [[net] for net in nets] if alone else [nets]


class Stack:
    """Nets about to be trained for a budget, or one alone. `run` may stop between two steps, and go on later."""

    def __init__(self, experiment: Experiment, nets: Sequence[Net], budget: Budget, split: int | None = None) -> None:
        seeds, stacked = [net.seed for net in nets], len(nets) > 1
        rows = None if split is None else [rows_of(experiment, streams(split).split)] * len(nets)
        self.nets, self.budget = nets, budget
        self.training = Training(experiment, seeds if stacked else seeds[0], rows=rows)
        self.feed = self.training.feed
        rates: Any = np.array([net.lr for net in nets]) if stacked else nets[0].lr
        self.rates = self.training.rates = self.training.rates_for(rates, budget.steps)
        if self.training.average is not None:
            self.training.average.over(budget.steps)
        self.gathered = Courses(self.training, len(nets))
        self.step, self.total = 0, np.zeros(len(nets))
        self.order: list[Any] = []  # where the streams of the order stood when the epoch began

    @property
    def finished(self) -> bool:
        """Whether no step is left, or no net."""
        return self.step == self.budget.steps or self.gathered.all_broken

    def run(self, asked: Callable[[], bool] = lambda: False) -> bool:
        """Takes the steps that are left, or those before `asked` says to stop; whether it is finished."""
        with np.errstate(all="ignore"):
            while not self.finished:
                done = self.step % self.feed.batches
                if not done:
                    self.order = where(self.feed.generators)
                    self.feed.draw()
                for segment in self.feed.segments:
                    if self._stopped(segment, max(done - segment.first, 0), asked):
                        return self.finished
                self._close_epoch()
                if asked():
                    return self.finished
        return True

    def _stopped(self, segment: Segment, first: int, asked: Callable[[], bool]) -> bool:
        """Takes the steps of a segment from its `first` batch on; whether to stop before the epoch ends."""
        load, run, due, reductions = segment.load, segment.step.run, self.budget.due, self.rates.reductions
        average, batches = self.training.average, self.feed.batches
        for i, rate in enumerate(self.rates.following(self.step, max(segment.batches - first, 0)), first):
            step = self.step + 1
            measured = due(step)
            if measured:
                self.gathered.traits.begin()
            load(i)
            run(step, rate)
            self.step, losses = step, np.atleast_1d(segment.step.loss)
            self.gathered.note(step, losses)
            if average is not None and not step % batches:
                average.see(step)
            if measured:
                self.gathered.traits.end()
                self.gathered.measure(step)
            if reductions:
                self.total = self.total + losses.astype(np.float64) * segment.rows
            if self.finished or step % batches and asked():
                return True
        return False

    def _close_epoch(self) -> None:
        """A rate that falls at plateaus sees what was reached."""
        if not self.rates.reductions:
            return
        mean = tuple((self.total / self.training.rows[0].parts["train"].rows).tolist())
        self.rates.see({"train": {"loss": mean}, "validation": self.training.measure("validation")})
        self.total = np.zeros(len(self.nets))

    def courses(self, test: bool) -> list[Course]:
        """What became of each net; with `test` also its numbers on the test rows."""
        with np.errstate(all="ignore"):
            tested = self.training.measure("test") if test else {}
        return [self.gathered.of(i, net, pick(tested, i)) for i, net in enumerate(self.nets)]

    # --- what goes into a checkpoint ------------------------------------------------------------------
    def freeze(self) -> Saved:
        """All that going on needs, copied: arrays, and plain values."""
        tensors, values = collect(self._stateful())
        return {**{name: array.copy() for name, array in self.training.state.tensors().items()}, **tensors}, values

    def thaw(self, tensors: Mapping[str, Array], values: Mapping[str, Mapping[str, Any]]) -> None:
        """Goes on from what was frozen.

        Raises:
            LookupError: it is of another training.
        """
        for name, array in self.training.state.tensors().items():
            array[...] = tensors[name]
        give_back(self._stateful(), tensors, values)

    def _stateful(self) -> dict[str, Stateful]:
        theirs = {name: each for name, each in self.training.stateful().items() if name not in OF_EPOCHS}
        return {"stack": self, "courses": self.gathered, **theirs}

    def saved(self) -> dict[str, Any]:
        order = self.order if self.step % self.feed.batches else where(self.feed.generators)
        return {"step": self.step, "order": order, "total": self.total}

    def restore(self, saved: Mapping[str, Any]) -> None:
        self.step, self.total, self.order = saved["step"], saved["total"], saved["order"]
        move(self.feed.generators, self.order)
        if self.step % self.feed.batches:
            self.feed.draw()
