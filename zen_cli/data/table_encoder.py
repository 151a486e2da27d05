"""The columns of a table into one matrix: numbers scaled, levels as inputs of their own, dates in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from zen_cli.data.columns import Column
from zen_cli.data.columns.category import UNSEEN
from zen_cli.data.columns.number import Number
from zen_cli.data.dataset import Dataset, Schema
from zen_cli.data.encoder import Encoder, Fit, blocks_of, constant_warning
from zen_cli.data.facts import SAMPLE, Facts, moments, most_frequent, quartiles
from zen_cli.data.frame import Frame, Slot, slots

Array = NDArray[Any]
NUMBERS = ("data.fill", "data.mean", "data.scale")
LEVELS = "data.levels"


class TableEncoder(Encoder):
    """Columns with what was fitted of each. Its tensors:

    data.fill, data.mean, data.scale: float64, one number for each column of numbers, booleans or dates, in order:
    what stands in for a missing cell, and x -> (x - mean) / scale. data.levels: int64, for each category the input
    of each of its levels within the column's inputs (-1: none), then that of an unseen and of a missing one.
    """

    def __init__(self, columns: Sequence[Column], fitted: Sequence[Array]) -> None:
        self.columns, self.fitted = columns, fitted
        self.slots = slots([column.storage for column in columns])
        widths = [len(column.inputs("")) for column in columns]
        self.width = sum(widths)
        self._ends = np.cumsum(widths).tolist()

    def apply(self, features: Frame, dtype: DTypeLike) -> Array:
        out: Array = np.empty((len(features), self.width), dtype)
        start = 0
        for column, fitted, slot, end in zip(self.columns, self.fitted, self.slots, self._ends, strict=True):
            column.apply(slot.of(features), fitted, out[:, start:end])
            start = end
        return out

    def tensors(self) -> dict[str, Array]:
        numbers = [f for f, slot in zip(self.fitted, self.slots, strict=True) if slot.storage == "numbers"]
        levels = [f for f, slot in zip(self.fitted, self.slots, strict=True) if slot.storage == "codes"]
        found = dict(zip(NUMBERS, np.stack(numbers, axis=1), strict=True)) if numbers else {}
        named = {name: np.ascontiguousarray(array) for name, array in found.items()}
        return named | ({LEVELS: np.concatenate(levels)} if levels else {})

    @classmethod
    def from_tensors(cls, schema: Schema, tensors: dict[str, Array]) -> TableEncoder:
        """Takes them out of `tensors`; a KeyError or ValueError if they are missing or unfit."""
        places = slots([column.storage for column in schema.columns])
        counts = [slot.storage for slot in places].count("numbers")
        numbers = [_taken(tensors, name, (counts,), "f") for name in NUMBERS] if counts else []
        sizes = [len(column.levels) + 2 for column in schema.columns if column.storage == "codes"]  # type: ignore[attr-defined]
        levels = _taken(tensors, LEVELS, (sum(sizes),), "i") if sizes else np.zeros(0, np.int64)
        each = iter(np.split(levels, np.cumsum(sizes)))
        fitted = [
            np.array([found[slot.position] for found in numbers]) if slot.storage == "numbers" else next(each)
            for slot in places
        ]
        for column, values in zip(schema.columns, fitted, strict=True):
            if column.storage == "codes" and (values.min() < -1 or values.max() >= len(column.inputs(""))):
                raise ValueError(f"{LEVELS} is out of range")
        return cls(schema.columns, fitted)


def fit_table(dataset: Dataset, rows: Array) -> Fit:
    """The columns of the schema fitted on the training `rows`, and a warning about those that are constant there."""
    columns, frame = dataset.schema.columns, dataset.features
    assert isinstance(frame, Frame)
    facts = _facts(columns, frame, rows)
    fitted = [column.fit(found) for column, found in zip(columns, facts, strict=True)]
    named = zip(dataset.schema.features, columns, facts, strict=True)
    constant = tuple(name for name, column, found in named if isinstance(column, Number) and found.constant)
    return TableEncoder(columns, fitted), constant_warning(constant)


def _facts(columns: Sequence[Column], frame: Frame, rows: Array) -> list[Facts]:
    """Of each column, over the training rows."""
    places = slots([column.storage for column in columns])
    paired = zip(columns, places, strict=True)
    warped = [(slot.position, c) for c, slot in paired if isinstance(c, Number) and c.scale == "log1p"]

    def blocks() -> Iterator[Array]:
        for block in blocks_of(frame, rows):
            for position, column in warped:
                block.numbers[:, position] = column.warped(block.numbers[:, position])
            yield block.numbers

    measured = moments(blocks) if frame.numbers.shape[1] else None
    counts = _counts(columns, places, frame, rows)
    found = []
    for i, (column, slot) in enumerate(zip(columns, places, strict=True)):
        if slot.storage == "codes":
            found.append(Facts(counts=counts[i][2:], absent=int(counts[i][1])))
        else:
            assert measured is not None
            found.append(_with_order(measured.facts(slot.position), column, slot, frame, rows))
    return found


def _with_order(facts: Facts, column: Column, slot: Slot, frame: Frame, rows: Array) -> Facts:
    """With the facts for which cells have to be sorted, where the column wants them."""
    robust = getattr(column, "scale", None) == "robust"
    if column.missing not in ("median", "most_frequent") and not robust:
        return facts
    sample = rows[:: -(-len(rows) // SAMPLE)]
    values = np.concatenate([slot.of(block) for block in blocks_of(frame, sample)])
    if isinstance(column, Number):
        values = column.warped(values)
    if column.missing == "most_frequent":
        facts = facts._replace(most_frequent=most_frequent(values))
    return facts._replace(quartiles=quartiles(values))


def _counts(columns: Sequence[Column], places: list[Slot], frame: Frame, rows: Array) -> dict[int, Array]:
    """For each column of codes by its number: the rows of an unseen, of a missing and of each level."""
    coded = {i: slot for i, slot in enumerate(places) if slot.storage == "codes"}
    sizes = {i: 2 + len(columns[i].levels) for i in coded}  # type: ignore[attr-defined]
    found = {i: np.zeros(size, np.int64) for i, size in sizes.items()}
    for block in blocks_of(frame, rows) if coded else ():
        for i, slot in coded.items():
            found[i] += np.bincount(slot.of(block) - UNSEEN, minlength=sizes[i])
    return found


def _taken(tensors: dict[str, Array], name: str, shape: tuple[int, ...], kind: str) -> Array:
    array = tensors.pop(name)
    if array.shape != shape or array.dtype.kind != kind:
        raise ValueError(f"{name} has the shape {array.shape}")
    return array
