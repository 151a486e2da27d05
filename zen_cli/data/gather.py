"""Gathers the typed rows of a table as its blocks come in, and decides at the end what could not be known before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.block import Block
from zen_cli.data.columns import Column
from zen_cli.data.columns.category import MISSING, UNSEEN, Category, LevelReader
from zen_cli.data.columns.ignore import Ignore
from zen_cli.data.dataset import Keys
from zen_cli.data.frame import Frame, joined, slots
from zen_cli.data.frame_reader import FrameReader
from zen_cli.data.key_columns import KeyReader
from zen_cli.data.request import Request
from zen_cli.data.target_columns import TargetReader, Targets
from zen_cli.errors import Exit, Place, ZenError

Array = NDArray[Any]
MOST_LEVELS = 1000  # of a column of text that nobody called a category
LISTED = 3


class Gathered(NamedTuple):
    """The rows that were kept, the feature columns resolved, and what should be said about them."""

    frame: Frame
    targets: Targets
    keys: Keys
    columns: dict[str, Column]
    notes: tuple[str, ...]


class Gather:
    """`add` each block, then ask for the `result`. `inferred`: columns whose type nobody stated."""

    def __init__(
        self, types: dict[str, Column], inferred: set[str], targets: dict[str, Column], keys: dict[str, Column],
        request: Request,
    ) -> None:  # fmt: skip
        section = request.section
        self.columns = {name: c.resolved(section) for name, c in types.items() if not isinstance(c, Ignore)}
        self.inferred, self.request = inferred, request
        self._empty = [name for name in inferred if isinstance(types[name], Ignore)]
        self._features = FrameReader(self.columns, request.dialect)
        self._targets = TargetReader(targets, request.dialect) if targets else None
        self._keys = KeyReader(keys, request) if keys else None
        self._drops = any(column.missing == "drop" for column in self.columns.values()) or section.missing == "drop"
        self._numbers: list[Array] = []
        self._codes: list[Array] = []
        self._values: list[Array] = []
        self._key_frames: list[Frame] = []
        self.rows = self._kept = 0  # before and after rows were dropped

    def count(self, blocks: Iterable[Block]) -> int:
        """Adds blocks; the number of their rows that stay."""
        before = self._kept
        for block in blocks:
            self.add(block)
        return self._kept - before

    def add(self, block: Block) -> None:
        """Reads the rows of a block; leaves out those that a missing cell drops."""
        self.rows += block.rows
        frame = self._features.read(block, strict=False)
        values = self._targets.read(block) if self._targets else None
        keys = self._keys.read(block) if self._keys else None
        dropped = self._dropped(block, frame, values)
        if dropped is not None and dropped.any():
            frame, values = frame[~dropped], None if values is None else values[~dropped]
            keys = None if keys is None else keys[~dropped]
        self._kept += len(frame)
        if keys is not None:
            self._key_frames.append(keys)
        self._numbers.append(frame.numbers)
        self._codes.append(frame.codes)
        if values is not None:
            self._values.append(values)

    def result(self, file: str) -> Gathered:
        """Everything that was added.

        Raises:
            ZenError: no row is left; the target has one class only, or none that can be.
        """
        frame = Frame(np.concatenate(self._numbers), np.concatenate(self._codes))
        if not len(frame):
            hint = "with missing: mean such rows are kept"
            raise ZenError(f"0 of {self.rows} rows left: each has a missing cell", Place(file), hint, Exit.FILES)
        targets = Targets(None, None, ())
        if self._targets:
            targets = self._targets.result(np.concatenate(self._values))
        notes = [f"column '{name}' is left out: it has no value" for name in sorted(self._empty)]
        notes += self._leave_out(frame)
        if len(frame) < self.rows:
            notes.append(f"{self.rows - len(frame)} of {self.rows} rows dropped for a missing cell")
        frame = self._finished(frame)
        keys = self._keys.result(joined(self._key_frames)) if self._keys else Keys()
        return Gathered(frame, targets, keys, self.columns, (*notes, *self._unseen(frame)))

    def _dropped(self, block: Block, frame: Frame, values: Array | None) -> Array | None:
        """Which rows a missing cell drops."""
        dropped = np.zeros(block.rows, np.bool_) if self._drops else None
        if dropped is not None:
            for name, column in self.columns.items():
                if column.missing == "drop":
                    dropped |= column.absent(self._features.slots[name].of(frame))
        if self._targets and values is not None and (lacking := self._targets.missing(values)).any():
            if self.request.section.missing != "drop" or dropped is None:
                self._targets.refuse_missing(block)
            dropped = lacking if dropped is None else dropped | lacking
        return dropped

    def _leave_out(self, frame: Frame) -> list[str]:
        """Takes out columns of text that are no categories: nearly every row has a text of its own."""
        found = []
        for name in list(self.columns):
            reader = self._features.readers[name]
            levels = len(reader.levels) if name in self.inferred and isinstance(reader, LevelReader) else 0
            if not _is_category(levels, len(frame)):
                del self.columns[name]
                what = f"column '{name}' is left out: {levels} different texts in {len(frame)} rows"
                found.append(f"{what}; it stays with data.columns: {{{name}: category}}")
        return found

    def _finished(self, frame: Frame) -> Frame:
        """The columns with what their readers have seen, and codes in the order of the levels."""
        all_slots = self._features.slots
        kept = [name for name in all_slots if name in self.columns]
        numbers = [all_slots[name].position for name in kept if all_slots[name].storage == "numbers"]
        codes = [name for name in kept if all_slots[name].storage == "codes"]
        for name in kept:
            self.columns[name] = self.columns[name].finished(self._features.readers[name])
        whole = len(numbers) == frame.numbers.shape[1]
        return Frame(
            frame.numbers if whole else frame.numbers[:, numbers],
            np.stack([self._recoded(name, frame) for name in codes], 1) if codes else frame.codes[:, :0],
        )

    def _unseen(self, frame: Frame) -> list[str]:
        """Of columns whose levels were stated: that there are others."""
        found = []
        places = slots([column.storage for column in self.columns.values()])
        for name, slot in zip(self.columns, places, strict=True):
            count = int((slot.of(frame) == UNSEEN).sum()) if slot.storage == "codes" else 0
            if count:
                found.append(f"column '{name}': {count} of {len(frame)} cells hold none of the stated levels")
        return found

    def _recoded(self, name: str, frame: Frame) -> Array:
        column, reader = self.columns[name], self._features.readers[name]
        assert isinstance(column, Category) and isinstance(reader, LevelReader)
        position = {level: code for code, level in enumerate(column.levels)}
        order = np.array([position[level] for level in reader.levels] + [UNSEEN, MISSING], np.int32)
        recoded: Array = order[self._features.slots[name].of(frame)]
        return recoded


def _is_category(levels: int, rows: int) -> bool:
    """Whether texts repeat enough to be levels: twice each, and not too many."""
    return levels <= max(2, min(MOST_LEVELS, rows // 2))
