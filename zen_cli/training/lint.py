"""What is odd about the data or the config without being wrong: one line each."""

from __future__ import annotations

import numpy as np

from zen_cli.experiment import Experiment
from zen_cli.training.rows import SeedRows

RARE, APART, FEW = 0.05, 100.0, 0.1
SAMPLE = 100_000  # rows that are looked at


def lint(experiment: Experiment, rows: SeedRows) -> list[str]:
    """Rare classes, features of very different size that are not scaled, equal rows, more weights than numbers."""
    if experiment.problem:
        return []
    return [*_classes(experiment, rows), *_scales(experiment, rows), *_repeated(rows), *_size(experiment, rows)]


def _classes(experiment: Experiment, rows: SeedRows) -> list[str]:
    names, labels = experiment.dataset.schema.classes, experiment.dataset.labels
    if names is None or labels is None:
        return []
    counts = np.bincount(labels[rows.rows.train], minlength=len(names))
    rare = [f"{name} ({count})" for name, count in zip(names, counts, strict=True) if count < RARE * counts.sum()]
    return [f"rare classes among {counts.sum()} training rows: {', '.join(rare)}"] if rare and len(names) < 20 else []


def _scales(experiment: Experiment, rows: SeedRows) -> list[str]:
    inputs = rows.parts["train"].x[:SAMPLE]
    if experiment.config.data.scale not in ("auto", "none") or inputs.ndim != 2:
        return []
    spread = inputs.std(axis=0)
    spread = spread[spread > 0]
    if not len(spread) or spread.max() < APART * spread.min():
        return []
    return [f"columns differ {spread.max() / spread.min():.0f} times in size: set data.scale: standard"]


def _repeated(rows: SeedRows) -> list[str]:
    inputs = rows.parts["train"].x[:SAMPLE]
    features = inputs.reshape(len(inputs), -1)
    if features.size > 1 << 24:
        return []
    repeated = len(features) - len(np.unique(features, axis=0))
    if repeated <= FEW * len(features):
        return []
    return [f"{repeated} of {len(features)} training rows repeat the features of another"]


def _size(experiment: Experiment, rows: SeedRows) -> list[str]:
    count = rows.parts["train"].rows
    if experiment.parameters <= 100 * count * experiment.width or experiment.dataset.schema.kind == "builtin":
        return []
    return [f"{experiment.parameters} parameters for {count} training rows: it may learn them by heart"]
