"""What a checkpoint of a training holds: all that its numbers depend on, and all that a model needs on its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from zen_cli.data.schema import to_plain
from zen_cli.training.stateful import collect, give_back
from zen_cli.training.training import Training

Array = np.ndarray[Any, Any]
Content = Callable[[], tuple[dict[str, Array], dict[str, str]]]


def freeze(training: Training, resolved: str) -> Content:
    """Copies the state of this moment; what is returned gives the checkpoint's tensors and metadata.

    Tensors: `model.<layer>.<parameter>`, `optimizer.<slot>`, `data.<name>` of the encoder, `target.mean` and
    `target.scale` where the targets are scaled, `loss.<constant>` where the loss took one from the training rows,
    `training.<object>.<name>` for what only going on needs; with several seeds a leading replica axis. Metadata: the
    resolved config, the schema of the data, how far training has come.
    """
    tensors = {name: array.copy() for name, array in training.state.tensors().items()}
    arrays, values = collect(training.stateful())
    best = training.best.as_dict()

    def content() -> tuple[dict[str, Array], dict[str, str]]:
        dataset = training.experiment.dataset
        course = values["course"]
        until = training.until.exact if training.until else None
        progress = {
            "epoch": course["epoch"], "step": course["step"], "seeds": training.seeds, "stacked": training.stacked,
            "until": until, "best": best,
        }  # fmt: skip
        metadata = {
            "config": resolved, "schema": json.dumps(to_plain(dataset.schema)), "data_sha256": dataset.sha256,
            "epoch": str(course["epoch"]), "progress": json.dumps(progress), "training": json.dumps(values),
        }  # fmt: skip
        return {**tensors, **arrays, **_encoding(training), **training.constants}, metadata

    return content


def thaw(
    training: Training, tensors: Mapping[str, Array], values: Mapping[str, Mapping[str, Any]], loosely: bool = False
) -> None:
    """Has a new training go on from what `freeze` kept: the tensors, and `training` of the metadata.

    Raises:
        LookupError: something is missing, or is more than this training has; `loosely`, such things are passed over.
    """
    for name, array in training.state.tensors().items():
        array[...] = tensors[name]
    objects = training.stateful()
    if loosely:
        objects = {name: each for name, each in objects.items() if name in values}
        values = {name: values[name] for name in objects}
    give_back(objects, tensors, values)


def _encoding(training: Training) -> dict[str, Array]:
    each = [rows.tensors() for rows in training.rows]
    return {name: np.stack([one[name] for one in each]) if training.stacked else each[0][name] for name in each[0]}
