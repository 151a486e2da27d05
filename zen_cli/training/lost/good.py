"""A moment at which all numbers were finite, from which the steps can be taken again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from zen_cli.training.stateful import collect

if TYPE_CHECKING:
    from zen_cli.training.training import Training

Array = np.ndarray[Any, Any]
EVERY = 0.1  # seconds between two moments that are kept: no more than that has to be repeated
SHARE = 0.01  # of the time that keeping them may take
LARGEST = 1 << 28  # bytes of weights and slots that are kept


class LastGood:
    """Keeps the state of a training when it begins, and then now and again, between two of its events."""

    def __init__(self, training: Training) -> None:
        self.training, self.due = training, -np.inf
        self.tensors: dict[str, Array] = {}
        self.values: dict[str, dict[str, Any]] = {}
        size = sum(array.nbytes for array in training.state.tensors().values())
        self.wanted = not training.stacked and size <= LARGEST

    def note(self, clock: Callable[[], float]) -> None:
        """Keeps this moment, if it is time."""
        now = clock()
        if now < self.due or not self.wanted:
            return
        self.tensors, self.values = state_of(self.training)
        end = clock()
        self.due = end + max(EVERY, (end - now) / SHARE)

    @property
    def kept(self) -> bool:
        return bool(self.values)

    def restore(self) -> None:
        """Has the training go on from there."""
        from zen_cli.training.snapshot import thaw

        thaw(self.training, self.tensors, self.values)


def state_of(training: Training) -> tuple[dict[str, Array], dict[str, dict[str, Any]]]:
    """Copies of all that a step changes, as `thaw` takes them."""
    tensors = {name: array.copy() for name, array in training.state.tensors().items()}
    arrays, values = collect(training.stateful())
    return tensors | arrays, values
