"""Puts the rows of each batch in front of the training step, epoch by epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from zen_cli.data.batches import order
from zen_cli.nn.programs import TrainingStep
from zen_cli.training.rows import Part
from zen_cli.training.steps import Compile, Step

Array = np.ndarray[Any, Any]


class Segment(NamedTuple):
    """Batches of one size in an epoch: `load(i)` brings the i-th batch's rows to `step`.

    `first` counts the batches of the epoch that come before it.
    """

    step: Step
    rows: int
    batches: int
    load: Callable[[int], None]
    first: int = 0


class WholeFeed:
    """Every epoch is one batch of all rows: they are put in place once, in the order of the data."""

    def __init__(self, parts: Sequence[Part], compiled: Compile) -> None:
        step = compiled([parts[0].rows])
        shared = step.x.ndim == parts[0].x.ndim
        for i, part in enumerate(parts[:1] if shared else parts):
            (step.x if shared else step.x[i])[...] = part.x
            (step.y if shared else step.y[i])[...] = part.y
        self.segments = [Segment(step, parts[0].rows, 1, lambda i: None)]
        self.generators: Sequence[np.random.Generator] = ()

    def draw(self) -> None:
        """The order is always the same."""

    def chosen(self, batch: int) -> Array:
        """The rows of a batch of the first replica's, by their numbers in its part."""
        return np.arange(self.segments[0].rows)

    @property
    def batches(self) -> int:
        """How many batches an epoch has."""
        return 1

    def epoch(self) -> Iterator[Segment]:
        yield from self.segments


class BatchFeed:
    """Batches of `size` rows in a new order each epoch, each replica in its own; the last may be smaller.

    `together` of them make a step, which counts as a batch; the last of these may be of fewer.
    """

    def __init__(
        self, parts: Sequence[Part], size: int, together: int, shuffle: Any,
        generators: Sequence[np.random.Generator], compiled: Compile,
    ) -> None:  # fmt: skip
        self.parts, self.size, self.together = parts, size, together
        self.shuffle, self.generators = shuffle, generators
        self.rows = parts[0].rows
        self.everything = np.arange(self.rows)
        self.orders: list[Array] = [self.everything for _ in parts]
        whole, rest = divmod(self.rows, size * together)
        self.segments = [self._segment(size * together, whole, 0, compiled)] if whole else []
        if rest:
            self.segments.append(self._segment(rest, 1, whole, compiled))

    def draw(self) -> None:
        """The order of an epoch: a function of where the generators stand, and nothing else."""
        self.orders[:] = [order(self.everything, self.shuffle, rng) for rng in self.generators]

    def chosen(self, batch: int) -> Array:
        """The rows of a batch of the first replica's, by their numbers in its part."""
        rows = self.size * self.together
        return self.orders[0][batch * rows : (batch + 1) * rows]

    @property
    def batches(self) -> int:
        """How many batches an epoch has."""
        return sum(segment.batches for segment in self.segments)

    def epoch(self) -> Iterator[Segment]:
        self.draw()
        yield from self.segments

    def _segment(self, rows: int, batches: int, first: int, compiled: Compile) -> Segment:
        """`batches` steps of so many rows each, after `first` larger ones."""
        sizes = [min(self.size, rows - start) for start in range(0, rows, self.size)]
        step, offset = compiled(sizes), self.rows - rows if first else 0
        if isinstance(step, TrainingStep):
            return Segment(step, rows, batches, self._loader(step, rows, offset), first)
        starts = range(offset, offset + rows, self.size)
        loads = [self._loader(part, rows, start) for part, start in zip(step.parts, starts, strict=True)]

        def load(i: int) -> None:
            step.load = lambda j: loads[j](i)

        return Segment(step, rows, batches, load, first)

    def _loader(self, step: TrainingStep, stride: int, offset: int) -> Callable[[int], None]:
        """Brings the rows from `offset + i * stride` on to the step."""
        rows, stacked = step.rows, step.x.ndim > self.parts[0].x.ndim
        places = [(step.x[i], step.y[i]) if stacked else (step.x, step.y) for i in range(len(self.parts))]
        takes = [(p.x.take, p.y.take, x, y) for p, (x, y) in zip(self.parts, places, strict=True)]
        orders = self.orders

        def load(i: int) -> None:
            start = offset + i * stride
            for (take_x, take_y, x, y), chosen in zip(takes, orders, strict=True):
                indices = chosen[start : start + rows]
                take_x(indices, 0, x, "clip")
                take_y(indices, 0, y, "clip")

        return load
