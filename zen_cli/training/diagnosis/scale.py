"""Numbers too large or too small for a net whose weights start around 1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from zen_cli.experiment import Experiment
from zen_cli.training.diagnosis.finding import Finding
from zen_cli.training.part import Part

Array = np.ndarray[Any, Any]
LARGE, SMALL = 100.0, 0.001


def scale(experiment: Experiment, part: Part) -> Iterator[Finding]:
    """Of the inputs as they reach the network, and of targets that are numbers."""
    if not any(layer.name == "embedding" for layer in experiment.network.layers):
        yield from _inputs(experiment, part.x)
    if experiment.target.classes == 0:
        size = _size(part.y.astype(np.float64)).max(initial=0.0)
        if size > LARGE:
            what = f"the targets are as large as {size:.3g}, and a net's first answers are around 1"
            yield Finding(experiment.config.where("data", "target"), what, "leave out what sets its scale to none")


def _inputs(experiment: Experiment, x: Array) -> Iterator[Finding]:
    sizes = _size(x.reshape(len(x), -1).astype(np.float64))
    largest = int(sizes.argmax())
    names = experiment.dataset.schema.inputs
    column = f" ('{names[largest]}')" if len(names) == len(sizes) else ""
    where = experiment.config.where("data", "scale")
    if sizes[largest] > LARGE:
        what = f"inputs reach the network as large as {sizes[largest]:.3g}{column}"
        yield Finding(where, what, "set data.scale: standard")
    elif 0 < sizes[largest] < SMALL:
        what = f"all inputs reach the network smaller than {SMALL:g}"
        yield Finding(where, what, "set data.scale: standard")


def _size(columns: Array) -> Array:
    """The root of the mean square of each column."""
    size: Array = np.sqrt(np.square(columns.reshape(len(columns), -1)).mean(0))
    return size
