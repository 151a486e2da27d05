"""The rows of each seed, split and encoded as its programs want them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from zen_cli.data.encoder import Encoder, fit
from zen_cli.data.split import Rows, is_drawn, split
from zen_cli.data.target import TargetScale, fit_target
from zen_cli.experiment import Experiment
from zen_cli.training.part import SAMPLE, Lazy, Part

Array = np.ndarray[Any, Any]
SPLITS = ("train", "validation", "test")


class SeedRows(NamedTuple):
    """The parts that exist (`train` always), how features and targets were encoded, and what to say about it."""

    parts: dict[str, Part]
    encoder: Encoder
    target_scale: TargetScale | None
    rows: Rows
    warnings: tuple[str, ...]

    def tensors(self) -> dict[str, Array]:
        """What was fitted, by the names that it has in a checkpoint."""
        return self.encoder.tensors() | (self.target_scale.tensors() if self.target_scale else {})


Fitted = tuple[Encoder, TargetScale | None]


def rows_of(experiment: Experiment, rng: np.random.Generator, fitted: Fitted | None = None) -> SeedRows:
    """Splits with `rng`, and encodes the parts."""
    return encoded(experiment, split_of(experiment, rng), fitted)


def encoded(experiment: Experiment, rows: Rows, fitted: Fitted | None = None) -> SeedRows:
    """Fits encoder and scale of the target on the training rows (unless they are `fitted`), and encodes all parts."""
    dataset, section = experiment.dataset, experiment.config.data
    warnings: tuple[str, ...] = ()
    if fitted is None:
        encoder, warnings = fit(dataset, rows.train, section)
        fitted = encoder, fit_target(dataset, rows.train, section, experiment.unbounded)
    encoder, scale = fitted
    named, make = zip(SPLITS, rows, strict=True), _streamed if is_streamed(experiment) else _part
    parts = {name: make(experiment, encoder, scale, chosen) for name, chosen in named if len(chosen)}
    streamed = (_said(experiment, len(rows.train)),) if is_streamed(experiment) else ()
    return SeedRows(parts, encoder, scale, rows, (*dataset.notes, *streamed, *warnings))


def split_of(experiment: Experiment, rng: np.random.Generator) -> Rows:
    """The numbers of the rows of each part."""
    section, where = experiment.config.data.split, experiment.config.where("data", "split")
    return split(experiment.dataset, section, rng, where)


def rows_of_each(experiment: Experiment, seeds: Sequence[int], splits: Sequence[np.random.Generator]) -> list[SeedRows]:
    """The rows of each seed; the same object where they are the same rows, so that replicas share it."""
    if not is_drawn(experiment.config.data.split):
        return [rows_of(experiment, splits[0])] * len(splits)
    made: dict[int, SeedRows] = {}
    for seed, rng in zip(seeds, splits, strict=True):
        if seed not in made:
            made[seed] = rows_of(experiment, rng)
    return [made[seed] for seed in seeds]


def constants_of(experiment: Experiment, rows: Sequence[SeedRows], stacked: bool) -> dict[str, Array]:
    """What the loss takes from the training rows, such as the weights of classes; stacked, of each seed."""
    each = [experiment.loss.constants(seed.parts["train"].targets, experiment.target) for seed in rows]
    return {name: np.stack([one[name] for one in each]) if stacked else each[0][name] for name in each[0]}


def _part(experiment: Experiment, encoder: Encoder, scale: TargetScale | None, rows: Array) -> Part:
    dataset, dtype = experiment.dataset, experiment.network.dtype(experiment.trainer.dtype)
    assert dataset.targets is not None
    everything = len(rows) == dataset.rows
    targets = dataset.targets if everything else dataset.targets[rows]
    x = encoder.apply_to(dataset.features, None if everything else rows, experiment.network.input_shape, dtype)
    return Part(x, encode(experiment, targets, scale), targets)


def is_streamed(experiment: Experiment) -> bool:
    """Whether the encoded rows are more than `data.memory`: they are then encoded batch by batch, anew each epoch."""
    if experiment.trainer.batch_size == "full" or experiment.problem is not None:
        return False
    numbers = math.prod(experiment.dataset.schema.shape) + experiment.width
    size = experiment.dataset.rows * numbers * np.dtype(experiment.trainer.dtype).itemsize
    return size > experiment.config.data.memory_bytes


def _said(experiment: Experiment, train: int) -> str:
    apart = -(-train // SAMPLE)
    measured = f", and train metrics are those of every {apart}th row" if apart > 1 else ""
    memory = experiment.config.data.memory
    return f"encoded, the rows are more than data.memory ({memory}): they are read from disk in each epoch{measured}"


def _streamed(experiment: Experiment, encoder: Encoder, scale: TargetScale | None, rows: Array) -> Part:
    """The part with nothing of it in memory but its row numbers."""
    dataset, network = experiment.dataset, experiment.network
    dtype, shape = network.dtype(experiment.trainer.dtype), network.input_shape
    targets: Any = dataset.targets
    sample = encode(experiment, targets[rows[:1]], scale)
    return Part(
        Lazy(lambda chosen: encoder.apply_to(dataset.features, chosen, shape, dtype), rows, shape, dtype),
        Lazy(lambda chosen: encode(experiment, targets[chosen], scale), rows, sample.shape[1:], sample.dtype),
        Lazy(lambda chosen: targets[chosen], rows, targets.shape[1:], targets.dtype),
    )


def encode(experiment: Experiment, targets: Array, scale: TargetScale | None) -> Array:
    """Targets as the loss wants them, scaled, in the program's type; labels stay whole numbers."""
    if scale is not None:
        targets = scale.apply(targets)
    encoded = experiment.loss.encode(targets, experiment.target, experiment.width)
    labels = encoded.dtype.kind in "iu"
    return np.ascontiguousarray(encoded, np.intp if labels else experiment.trainer.dtype)
