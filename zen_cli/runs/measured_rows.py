"""The rows that a model is measured on: its own splits, or those of a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from zen_cli.data.dataset import Dataset
from zen_cli.data.frame import joined
from zen_cli.errors import Exit, Place, ZenError
from zen_cli.experiment import Experiment
from zen_cli.runs.model import Model
from zen_cli.training.part import Part
from zen_cli.training.rows import SPLITS, encode, rows_of
from zen_cli.training.streams import streams

Array = np.ndarray[Any, Any]
Cells = Callable[[int], Sequence[Any]]


class MeasuredRows(NamedTuple):
    """The parts by name, the number of each row in its source (from 0), and what stands in a row: names and cells."""

    experiment: Experiment
    parts: dict[str, Part]
    numbers: dict[str, Array]
    names: tuple[str, ...]
    cells: Cells


def own_rows(model: Model) -> MeasuredRows:
    """The splits that the model was trained and tested on, read again.

    Raises:
        ZenError: exit 3 if they are gone or have changed.
    """
    experiment = model.with_data()
    found = rows_of(experiment, streams(model.seed).split, (model.encoder, model.target_scale))
    numbers = dict(zip(SPLITS, found.rows, strict=True))
    return MeasuredRows(experiment, found.parts, numbers, *_features(experiment.dataset))


def _features(dataset: Dataset) -> tuple[tuple[str, ...], Cells]:
    return dataset.schema.features, dataset.cells


def rows_of_file(model: Model, source: str, stdin: BinaryIO | None) -> MeasuredRows:
    """All rows of a file, as the part `data`.

    Raises:
        ZenError: exit 3 if it cannot be read, or has no targets.
    """
    model.require_rows()
    blocks = list(model.rows(source, stdin, targets=True))
    targets = [rows.targets for rows in blocks if rows.targets is not None]
    if not targets:
        raise ZenError("there are no targets to measure against", Place(source), code=Exit.FILES)
    features, wanted = joined([rows.features for rows in blocks]), np.concatenate(targets)
    part = Part(model.inputs(features), encode(model.experiment, wanted, model.target_scale), wanted)
    read = _features(Dataset(features, wanted, model.schema, source))
    return MeasuredRows(model.experiment, {"data": part}, {"data": np.arange(part.rows)}, *read)
