"""Puts the rows of each batch in front of the training step, epoch by epoch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from zen_cli.config.sections import Config
from zen_cli.data.batches import order
from zen_cli.nn.programs import TrainingStep
from zen_cli.training.part import Part
from zen_cli.training.steps import Compile, Step

Array = np.ndarray[Any, Any]
Load = Callable[[int], None]


class Segment(NamedTuple):
    """Batches of one size in an epoch: `load(i)` brings the i-th batch's rows to `step`.

    `first` counts the batches of the epoch that come before it.
    """

    step: Step
    rows: int
    batches: int
    load: Load
    first: int = 0


class Feed(ABC):
    """Brings an epoch's batches, in segments of one size; draws their order from `generators`."""

    segments: list[Segment]
    generators: Sequence[np.random.Generator]

    @abstractmethod
    def draw(self) -> None:
        """The order of an epoch: a function of where the generators stand, and nothing else."""

    @abstractmethod
    def chosen(self, batch: int) -> Array:
        """The rows of a batch of the first replica's, by their numbers in its part."""

    @property
    def batches(self) -> int:
        """How many batches an epoch has."""
        return sum(segment.batches for segment in self.segments)

    def epoch(self) -> Iterator[Segment]:
        self.draw()
        yield from self.segments


class WholeFeed(Feed):
    """Every epoch is one batch of all rows: they are put in place once, in the order of the data."""

    def __init__(self, parts: Sequence[Part], compiled: Compile) -> None:
        step = compiled([parts[0].rows])
        shared = step.x.ndim == parts[0].x.ndim
        for i, part in enumerate(parts[:1] if shared else parts):
            (step.x if shared else step.x[i])[...] = part.x
            (step.y if shared else step.y[i])[...] = part.y
        self.segments = [Segment(step, parts[0].rows, 1, lambda i: None)]
        self.generators = ()

    def draw(self) -> None:
        """The order is always the same."""

    def chosen(self, batch: int) -> Array:
        return np.arange(self.segments[0].rows)


class BatchFeed(Feed):
    """Batches of `size` rows in a new order each epoch, each replica in its own; the last may be smaller.

    `together` of them make a step, which counts as a batch; the last of these may be of fewer.
    """

    def __init__(
        self, parts: Sequence[Part], size: int, together: int, shuffle: Any,
        generators: Sequence[np.random.Generator], compiled: Compile,
    ) -> None:  # fmt: skip
        self.parts, self.rows = parts, size * together
        self.shuffle, self.generators = shuffle, generators
        self.everything = np.arange(parts[0].rows)
        self.orders: list[Array] = [self.everything for _ in parts]
        self.segments = segments(parts[0].rows, size, together, compiled, self._loader)

    def draw(self) -> None:
        self.orders[:] = [order(self.everything, self.shuffle, rng) for rng in self.generators]

    def chosen(self, batch: int) -> Array:
        return self.orders[0][batch * self.rows : (batch + 1) * self.rows]

    def _loader(self, step: TrainingStep, stride: int, offset: int) -> Load:
        rows, orders = step.rows, self.orders
        placed = zip(self.parts, places(step, self.parts), strict=True)
        takes = [(part.x.take, part.y.take, x, y) for part, (x, y) in placed]

        def load(i: int) -> None:
            start = offset + i * stride
            for (take_x, take_y, x, y), chosen in zip(takes, orders, strict=True):
                indices = chosen[start : start + rows]
                take_x(indices, 0, x, "clip")
                take_y(indices, 0, y, "clip")

        return load


Loader = Callable[[TrainingStep, int, int], Load]


def segments(rows: int, size: int, together: int, compiled: Compile, loader: Loader) -> list[Segment]:
    """An epoch of so many rows in batches of `size`, of which `together` make a step.

    `loader(step, stride, offset)` gives what brings the rows from `offset + i * stride` on to the step.
    """
    whole, rest = divmod(rows, size * together)
    found = [_segment(size, size * together, whole, (0, 0), compiled, loader)] if whole else []
    if rest:
        found.append(_segment(size, rest, 1, (whole, rows - rest), compiled, loader))
    return found


def places(step: TrainingStep, parts: Sequence[Part]) -> list[tuple[Array, Array]]:
    """Where the features and the targets of each replica go."""
    stacked = step.x.ndim > parts[0].x.ndim
    return [(step.x[i], step.y[i]) if stacked else (step.x, step.y) for i in range(len(parts))]


def _segment(
    size: int, rows: int, batches: int, before: tuple[int, int], compiled: Compile, loader: Loader
) -> Segment:
    """`batches` steps of so many rows each, after so many larger ones and their rows."""
    first, offset = before
    step = compiled([min(size, rows - start) for start in range(0, rows, size)])
    if isinstance(step, TrainingStep):
        return Segment(step, rows, batches, loader(step, rows, offset), first)
    starts = range(offset, offset + rows, size)
    loads = [loader(part, rows, start) for part, start in zip(step.parts, starts, strict=True)]

    def load(i: int) -> None:
        step.load = lambda j: loads[j](i)

    return Segment(step, rows, batches, load, first)


def feed_of(
    parts: Sequence[Part], size: int, config: Config, generators: Sequence[np.random.Generator], compiled: Compile
) -> Feed:
    """The feed that suits: all rows at once, or batches of rows that are in memory, or of such as are not."""
    trainer = config.trainer
    if parts[0].streamed:
        from zen_cli.training.stream_feed import StreamFeed

        memory = config.data.memory_bytes // 2
        return StreamFeed(parts, size, trainer.accumulate, trainer.shuffle, generators, compiled, memory)
    if size == parts[0].rows and not config.data.augment:
        return WholeFeed(parts, compiled)
    return BatchFeed(parts, size, trainer.accumulate, trainer.shuffle, generators, compiled)
