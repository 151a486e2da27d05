"""Nets that are to be trained for a number of steps, and what becomes of them."""

from __future__ import annotations

from typing import NamedTuple

from zen_cli.experiment import Experiment
from zen_cli.training.rows import split_of
from zen_cli.training.streams import streams


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
