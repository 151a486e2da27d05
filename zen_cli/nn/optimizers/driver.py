"""Runs rules that ask for gradients: every net of a stack goes its own way, and all are evaluated at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol

import numpy as np

from zen_cli.nn.optimizers.line_search import Array


class Moving(Protocol):
    """A rule that asks for gradients."""

    def moves(self, p: Array, slots: Mapping[str, Array], lr: float) -> Any: ...

    def slot_shape(self, slot: str, shape: tuple[int, ...]) -> tuple[int, ...]: ...

    def slots(self) -> tuple[str, ...]: ...


class Driver:
    """`run(t, lr)` takes a step of the rule. `evaluate` leaves losses and gradients for the weights as they are.

    `vectors` are those of a State; `loss` is left as it was before the step. `again()` has what is drawn in an
    evaluation drawn again in the next one, so that all of a step see the same noise.
    """

    def __init__(
        self, rule: Moving, vectors: Mapping[str, Array], loss: Array, evaluate: Callable[[], None],
        again: Callable[[], Callable[[], None]] | None = None,
    ) -> None:  # fmt: skip
        self.rule, self.loss, self.evaluate, self.again = rule, loss, evaluate, again
        self.losses = loss.reshape(-1)
        size = vectors["parameters"].shape[-1]
        self.parameters, self.gradients = (vectors[name].reshape(-1, size) for name in ("parameters", "gradients"))
        self.slots = [self._slots(vectors, net, size) for net in range(len(self.parameters))]

    def _slots(self, vectors: Mapping[str, Array], net: int, size: int) -> dict[str, Array]:
        """Views of what is remembered of one net."""
        found = {}
        for slot in self.rule.slots():
            vector, shape = vectors[f"optimizer.{slot}"], self.rule.slot_shape(slot, (size,))
            found[slot] = vector.reshape(len(self.parameters), *shape)[net, ...]
        return found

    def run(self, t: int, lr: Any) -> None:
        rates = np.broadcast_to(lr, len(self.parameters)).tolist()
        going = dict(enumerate(map(self.rule.moves, self.parameters, self.slots, rates)))
        for moves in going.values():
            next(moves)
        first, rewind = None, self.again() if self.again else None
        while going:
            if first is not None and rewind is not None:
                rewind()
            self.evaluate()
            first = self.loss.copy() if first is None else first
            going = {net: moves for net, moves in going.items() if self._moves_on(net, moves)}
        self.loss[...] = first

    def _moves_on(self, net: int, moves: Any) -> bool:
        with suppress(StopIteration):
            moves.send((self.losses[net].item(), self.gradients[net]))
            return True
        return False
