"""How long each net is trained: epochs, steps, evaluations of the gradient, or seconds at its own pace."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from zen_cli.config.comparison import Budget as Section
from zen_cli.errors import Place, ZenError
from zen_cli.experiment import Experiment

EPOCHS, STEPS, SECONDS, GRAD_EVALS = "epochs", "steps", "seconds", "grad_evals"
FLAGS = {"ep": EPOCHS, "st": STEPS, "s": SECONDS, "ge": GRAD_EVALS}
SAID = {EPOCHS: "{:g} epochs", STEPS: "{:,} steps", SECONDS: "{:g} s each", GRAD_EVALS: "{:,} gradients each"}
DIGITS = 2  # of a number of steps that follows from a clock


class Length(NamedTuple):
    """So many of a unit."""

    unit: str
    amount: float

    def steps(self, epoch: int, evaluations: int, pace: float | None) -> int:
        """How many steps it is, where an epoch, the gradients of a step and the seconds of a step are so many.

        >>> Length("epochs", 20).steps(42, 1, None), Length("grad_evals", 100).steps(42, 2, None)
        (840, 50)
        >>> Length("seconds", 0.5).steps(42, 1, 36e-6)  # no more digits than a clock gives
        14000
        """
        if self.unit == EPOCHS:
            return int(self.amount) * epoch
        if self.unit == SECONDS:
            return max(1, int(float(f"{self.amount / pace:.{DIGITS}g}"))) if pace else 1
        return max(1, int(self.amount) // (evaluations if self.unit == GRAD_EVALS else 1))

    def card(self) -> dict[str, Any]:
        """What stands beside the steps, where these differ or follow from a clock."""
        return {self.unit: self.amount} if self.unit in (SECONDS, GRAD_EVALS) else {}


def length_of(flag: str | None, section: Section | None, experiment: Experiment) -> Length:
    """What the command line says (`20ep`, `5000st`, `60s`, `5000ge`), else the config, else its trainer."""
    if flag:
        return _flag(flag)
    for unit in FLAGS.values():
        amount = getattr(section, unit, None)
        if amount is not None:
            return Length(unit, amount)
    return Length(EPOCHS, experiment.trainer.epochs)


def _flag(text: str) -> Length:
    digits = text.rstrip("epstg")
    unit = FLAGS.get(text[len(digits) :], "")
    try:
        amount = float(digits) if unit == SECONDS else int(digits)
    except ValueError:
        amount = 0
    if not unit or not 0 < amount < math.inf:
        hint = "write 20ep, 5000st, 60s or 5000ge"
        raise ZenError(f"expected epochs, steps, seconds or gradients, found '{text}'", Place("--budget"), hint)
    return Length(unit, amount)


def epoch_of(experiment: Experiment, rows: int) -> int:
    """How many steps one pass over so many training rows is."""
    size = experiment.trainer.batch_size
    return 1 if size == "full" else math.ceil(rows / min(size, rows))


def steps_on(card: Mapping[str, Any], label: str | None = None) -> int:
    """The steps of one who takes part, by a protocol's card; of all, the most."""
    own = {it["label"]: int(it.get("steps", card["budget"]["steps"])) for it in card["optimizers"]}
    return own[label] if label else max(own.values(), default=int(card["budget"]["steps"]))


def budget_of(card: Mapping[str, Any]) -> dict[str, Any]:
    """`{steps: 840}`, `{seconds: 60}`: as a config states it."""
    budget = card["budget"]
    unit = next((unit for unit in (SECONDS, GRAD_EVALS) if unit in budget), STEPS)
    return {unit: budget[unit]}


def said(card: Mapping[str, Any]) -> str:
    """`840 steps`, `60 s each`"""
    (unit, amount), = budget_of(card).items()
    return SAID[unit].format(amount)
