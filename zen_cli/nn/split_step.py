"""A training step in parts: the gradients of one or several batches that count as one, then what is done with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from zen_cli.compiler.program import Program
from zen_cli.nn.optimizers import Optimizer
from zen_cli.nn.optimizers.driver import Driver
from zen_cli.nn.optimizers.limits import FACTOR, Clip
from zen_cli.nn.optimizers.step import following, looking_ahead
from zen_cli.nn.programs import Noise, TrainingStep
from zen_cli.nn.state import State

Array = np.ndarray[Any, Any]


class SplitStep:
    """`run(t, lr)` trains on the rows of all `parts`, which only leave gradients, and leaves their mean loss in `loss`.

    The gradient is the mean over all rows: that of one batch as large as all of them, to rounding. `load(j)` is called
    before part j is run. A rule that asks for gradients itself gets them from here.
    """

    def __init__(
        self, parts: Sequence[TrainingStep], optimizer: Optimizer, state: State, clip: Clip, noise: Noise | None
    ) -> None:  # fmt: skip
        rows = sum(part.rows for part in parts)
        self.parts, self.shares = parts, [part.rows / rows for part in parts]
        self.program, self.x, self.y = parts[0].program, parts[0].x, parts[0].y
        self.loss = np.zeros(state.lead, state.dtype)
        self.gradients = state.vectors["gradients"]
        self.gathered = np.zeros_like(self.gradients)
        self.load: Callable[[int], None] = lambda j: None
        self.run: Callable[..., None] = self._run
        leaves = state.leaves() | {FACTOR: np.zeros(state.lead, state.dtype)}
        options: dict[str, Any] = {"replicas": state.replicas, "dtype": state.dtype, "arguments": ("t", "lr")}
        self.before = Program(looking_ahead(state.segments), leaves, **options)
        self.after = Program(following(optimizer, state, clip), leaves, **options)
        again = noise.again if noise else None
        self.driver = Driver(optimizer, state.vectors, self.loss, self.evaluate, again) if optimizer.evaluates else None

    def _run(self, t: int, lr: Any) -> None:
        self.before.run(t, lr)
        if self.driver is None:
            self.evaluate()
        else:
            self.driver.run(t, lr)
        self.after.run(t, lr)

    def evaluate(self) -> None:
        """Leaves the gradient and the loss of all rows."""
        self.gathered[...] = 0
        loss = np.zeros_like(self.loss)
        for j, (part, share) in enumerate(zip(self.parts, self.shares, strict=True)):
            self.load(j)
            part.run(0, 0.0)
            self.gathered += share * self.gradients
            loss += share * part.loss
        self.gradients[...], self.loss[...] = self.gathered, loss
