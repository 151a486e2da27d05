"""Batches of rows that stay on disk: in a new order each epoch, with no more than a window of them in memory.

An epoch cuts the training rows anew into blocks, from a random row on; the blocks come in a random order, an incomplete
one last; as many as fill a window are read and encoded, and the rows of a window are shuffled. Every row comes once an
epoch, and which rows meet in a batch is as random as the window is wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from zen_cli.data.batches import epoch_seed
from zen_cli.nn.programs import TrainingStep
from zen_cli.training.feed import Feed, Load, places, segments
from zen_cli.training.part import Part
from zen_cli.training.steps import Compile

Array = np.ndarray[Any, Any]
BLOCK = 4096  # rows that are read at once, about


class StreamFeed(Feed):
    """As `BatchFeed`; a window of each replica takes about `memory` bytes."""

    def __init__(
        self, parts: Sequence[Part], size: int, together: int, shuffle: Any,
        generators: Sequence[np.random.Generator], compiled: Compile, memory: int,
    ) -> None:  # fmt: skip
        self.parts, self.size, self.together = parts, size, together
        self.shuffle, self.generators = shuffle, generators
        self.windows = [_Window(part, size, memory) for part in parts]
        self.segments = segments(parts[0].rows, size, together, compiled, self._loader)

    def draw(self) -> None:
        for window, rng in zip(self.windows, self.generators, strict=True):
            window.begin(epoch_seed(self.shuffle, rng))

    def chosen(self, batch: int) -> Array:
        first, rows = batch * self.together * self.size, self.parts[0].rows
        starts = range(first, min(first + self.together * self.size, rows), self.size)
        return np.concatenate([self.windows[0].chosen(start, self.size) for start in starts])

    def _loader(self, step: TrainingStep, stride: int, offset: int) -> Load:
        paired = list(zip(self.windows, places(step, self.parts), strict=True))

        def load(i: int) -> None:
            for window, (x, y) in paired:
                window.give(offset + i * stride, step.rows, x, y)

        return load


class _Window:
    """The rows of one replica that are in memory, and their order."""

    def __init__(self, part: Part, size: int, memory: int) -> None:
        self.part, self.rows = part, part.rows
        self.block = size * max(1, round(BLOCK / size))
        row = part.x[:1].nbytes + part.y[:1].nbytes
        blocks = max(2, memory // (row * self.block))
        self.size = self.block * min(blocks, -(-self.rows // self.block))
        self.x, self.y = (np.empty((min(self.size, self.rows), *a.shape[1:]), a.dtype) for a in (part.x, part.y))
        self.begin(None)

    def begin(self, seed: Sequence[int] | None) -> None:
        """A new epoch, in the order that a seed gives; None: in the order of the data."""
        self.seed, self.loaded = seed, -1
        whole = self.rows // self.block
        self.start, self.blocks = 0, np.arange(whole)
        if seed is not None:
            rng = np.random.default_rng(seed)
            self.start, self.blocks = int(rng.integers(self.rows)), rng.permutation(whole)

    def give(self, position: int, count: int, x: Array, y: Array) -> None:
        """Copies the rows from `position` of the epoch on to x and y: never across the end of a window."""
        indices = self._indices(position, count)
        self.x.take(indices, 0, x, "clip")
        self.y.take(indices, 0, y, "clip")

    def chosen(self, position: int, count: int) -> Array:
        """The numbers of these rows in the part."""
        indices = self._indices(position, count)
        return np.concatenate([np.arange(start, start + count) for start, count in self.cuts])[indices] % self.rows

    def _indices(self, position: int, count: int) -> Array:
        number = position // self.size
        if number != self.loaded:
            self._load(number)
        begin = position - number * self.size
        return self.order[begin : begin + count]

    def _load(self, number: int) -> None:
        each = self.size // self.block
        chosen = np.sort(self.blocks[number * each : (number + 1) * each])
        self.cuts = [(self.start + int(block) * self.block, self.block) for block in chosen]
        if (number + 1) * self.size >= self.rows and self.rows % self.block:
            self.cuts.append((self.start + self.rows // self.block * self.block, self.rows % self.block))
        filled = 0
        for start, count in self.cuts:
            filled = self._read(start % self.rows, count, filled)
        self.order = np.arange(filled)
        if self.seed is not None:
            self.order = np.random.default_rng([*self.seed, number]).permutation(filled)
        self.loaded = number

    def _read(self, start: int, count: int, filled: int) -> int:
        """Reads so many rows, from the first on again after the last; how many the window then has."""
        while count:
            taken = min(count, self.rows - start)
            self.x[filled : filled + taken] = self.part.x[start : start + taken]
            self.y[filled : filled + taken] = self.part.y[start : start + taken]
            start, count, filled = 0, count - taken, filled + taken
        return filled
