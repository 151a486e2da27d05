"""Gathers the typed rows of a table as its blocks come in, and decides at the end what could not be known before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.block import Block
from zen_cli.data.columns import Column
from zen_cli.data.dataset import Keys
from zen_cli.data.features import Features
from zen_cli.data.frame import Frame, joined
from zen_cli.data.key_columns import KeyReader
from zen_cli.data.request import Request
from zen_cli.data.target_columns import TargetReader, Targets
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.data.cache import Aside

Array = NDArray[Any]


class Gathered(NamedTuple):
    """The rows that were kept, the feature columns resolved, and what should be said about them."""

    frame: Frame
    targets: Targets
    keys: Keys
    columns: dict[str, Column]
    notes: tuple[str, ...]


class Gather:
    """`add` each block, then ask for the `result`. `inferred`: columns whose type nobody stated.

    `place`: a folder for what is too large for memory; None: all is kept in memory.
    """

    def __init__(
        self, types: dict[str, Column], inferred: set[str], targets: dict[str, Column], keys: dict[str, Column],
        request: Request, place: Aside | None = None,
    ) -> None:  # fmt: skip
        section = request.section
        self._features = Features(types, inferred, request, place)
        self._targets = TargetReader(targets, request.dialect) if targets else None
        self._keys = KeyReader(keys, request) if keys else None
        self._drops = section.missing == "drop" or any(column.missing == "drop" for column in targets.values())
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
        frame, dropped = self._features.read(block)
        values = self._targets.read(block) if self._targets else None
        keys = self._keys.read(block) if self._keys else None
        dropped = self._without_target(block, values, dropped)
        if dropped is not None and dropped.any():
            frame, values = frame[~dropped], None if values is None else values[~dropped]
            keys = None if keys is None else keys[~dropped]
        self._kept += len(frame)
        if keys is not None:
            self._key_frames.append(keys)
        if values is not None:
            self._values.append(values)
        self._features.append(frame)

    def result(self, file: str) -> Gathered:
        """Everything that was added.

        Raises:
            ZenError: no row is left; the target has one class only, or none that can be.
        """
        if not self._kept:
            hint = "with missing: mean such rows are kept"
            raise ZenError(f"0 of {self.rows} rows left: each has a missing cell", Place(file), hint, Exit.FILES)
        targets = Targets(None, None, ())
        if self._targets:
            targets = self._targets.result(np.concatenate(self._values))
        keys = self._keys.result(joined(self._key_frames)) if self._keys else Keys()
        frame, columns, notes = self._features.result()
        if self._kept < self.rows:
            notes.append(f"{self.rows - self._kept} of {self.rows} rows dropped for a missing cell")
        return Gathered(frame, targets, keys, columns, tuple(notes))

    def _without_target(self, block: Block, values: Array | None, dropped: Array | None) -> Array | None:
        """The rows that are dropped, and those that lack a target; refuses these unless rows are dropped."""
        if self._targets is None or values is None:
            return dropped
        lacking = self._targets.missing(values)
        if lacking.any():
            if not self._drops:
                self._targets.refuse_missing(block)
            dropped = lacking if dropped is None else dropped | lacking
        return dropped
