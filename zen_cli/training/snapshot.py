"""What a checkpoint of a training holds: all that its numbers depend on, and all that a model needs on its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from zen_cli.training.streams import states
from zen_cli.training.training import Training

Content = Callable[[], tuple[dict[str, np.ndarray[Any, Any]], dict[str, str]]]


def freeze(training: Training, resolved: str) -> Content:
    """Copies the state of this moment; what is returned gives the checkpoint's tensors and metadata.

    Tensors: `model.<layer>.<parameter>`, `optimizer.<slot>`, `data.mean` and `data.scale`, `loss.<constant>` where
    the loss took one from the training rows; with several seeds a leading replica axis. Metadata: the resolved
    config, the schema of the data, how far training has come.
    """
    tensors = {name: array.copy() for name, array in training.state.tensors().items()}
    progress, epoch = _progress(training), training.epoch

    def content() -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, str]]:
        dataset = training.experiment.dataset
        metadata = {
            "config": resolved, "schema": json.dumps(dataset.schema.to_dict()), "data_sha256": dataset.sha256,
            "epoch": str(epoch), "progress": progress(),
        }  # fmt: skip
        return {**tensors, **_scaling(training), **training.constants}, metadata

    return content


def _scaling(training: Training) -> dict[str, np.ndarray[Any, Any]]:
    each = [rows.scaling for rows in training.rows]
    if not training.stacked:
        return {"data.mean": each[0].mean, "data.scale": each[0].scale}
    return {"data.mean": np.stack([s.mean for s in each]), "data.scale": np.stack([s.scale for s in each])}


def _progress(training: Training) -> Callable[[], str]:
    counters = {"epoch": training.epoch, "step": training.step, "seeds": training.seeds, "stacked": training.stacked}
    best = training.best.as_dict()
    random = [states(stream) for stream in training.streams]
    return lambda: json.dumps({**counters, "best": best, "streams": random})
