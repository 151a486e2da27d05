"""A trained network from its run: everything that predicting and evaluating need, from the checkpoint alone."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from zen_cli.config.load import load as load_config
from zen_cli.data import encoder, target
from zen_cli.data.dataset import Dataset, Schema
from zen_cli.data.encoder import Encoder
from zen_cli.data.frame import Frame
from zen_cli.data.room import ANY, Room
from zen_cli.data.rows import Rows, read_rows
from zen_cli.data.schema import from_plain
from zen_cli.data.target import TargetScale
from zen_cli.errors import Exit, Place, ZenError
from zen_cli.experiment import Experiment, from_config
from zen_cli.nn.state import State
from zen_cli.runs.checkpoint import Checkpoint
from zen_cli.runs.checkpoint import load as load_checkpoint
from zen_cli.runs.fit import check_fit
from zen_cli.runs.newest import newest_checkpoint
from zen_cli.runs.opening import open_run
from zen_cli.training.evaluation import Evaluation
from zen_cli.training.stateful import PREFIX

Array = np.ndarray[Any, Any]
FEW = 1 << 20  # weights: of a smaller net, what is missing is named


class Model(NamedTuple):
    """One net as a checkpoint holds it; `experiment` knows the schema of the data and holds no rows."""

    experiment: Experiment
    state: State
    encoder: Encoder
    target_scale: TargetScale | None
    constants: dict[str, Array]  # what the loss took from the training rows
    seed: int
    checkpoint: Checkpoint
    warnings: tuple[str, ...]
    room: Room = ANY

    @property
    def schema(self) -> Schema:
        return self.experiment.dataset.schema

    def inputs(self, features: Any) -> Array:
        """Features, as `data.rows` gives them, as the network takes them."""
        network = self.experiment.network
        return self.encoder.apply_to(features, None, network.input_shape, network.dtype(self.state.dtype))

    def rows(self, source: str, stdin: BinaryIO | None, *, targets: bool = False) -> Iterator[Rows]:
        """New rows, read as those of the training were; see `data.rows`."""
        resize = self.experiment.config.data.image_size is not None
        return read_rows(source, self.schema, targets=targets, stdin=stdin, resize=resize)

    def require_rows(self) -> None:
        """Refuses new rows where there are none to learn from.

        Raises:
            ZenError: exit 2: the model is a point on a built-in problem.
        """
        problem = self.experiment.problem
        if problem is not None:
            what = f"'{problem.name}' is a problem without rows: its model is a point, and predicts nothing"
            raise ZenError(what, Place(str(self.checkpoint.path)), "`zen evaluate RUN` tells how low it is")

    def evaluation(self) -> Evaluation:
        """Of rows from anywhere; the loss is weighted as in training."""
        return Evaluation(self.experiment, self.state, self.constants, self.target_scale)

    def with_data(self) -> Experiment:
        """The experiment with the rows that it was trained on, read again.

        Raises:
            ZenError: exit 3 if they are gone or have changed.
        """
        source, where = self.experiment.config.data.source, Place(str(self.checkpoint.path), key="data.source")
        hint = "name the data to measure on with --data"
        if source == "-":
            raise ZenError("the data came from standard input and is not kept", where, hint, Exit.FILES)
        found = _experiment(self.checkpoint, None, hint, self.room)
        wanted = self.checkpoint.metadata.get("data_sha256")
        if found.dataset.sha256 != wanted:
            what = f"the data has changed since the training: sha256 {found.dataset.sha256[:9]}, was {str(wanted)[:9]}"
            raise ZenError(what, Place(found.dataset.origin), hint, Exit.FILES)
        return found


def open_model(run: str, seed: int | None = None, room: Room = ANY) -> Model:
    """The model that `run` (a run directory, runs/NAME or a model file) stands for.

    A run of several seeds holds a net for each: `seed` chooses one. `room` is for its own rows, if they are read again.

    Raises:
        ZenError: exit 3: no such run, a damaged checkpoint, tensors that do not fit the config in it.
    """
    checkpoint, warnings = _checkpoint(run)
    where = Place(str(checkpoint.path))
    seeds, stacked = _seeds(checkpoint, where)
    schema = from_plain(_metadata(checkpoint, "schema", where), where)
    chosen = _chosen(seeds, stacked, seed, where)
    experiment = _experiment(checkpoint, _empty(schema))
    of_model = {name: array for name, array in checkpoint.tensors.items() if not name.startswith(PREFIX)}
    _require_weights(experiment.parameters, of_model, where)
    state = experiment.new_state()
    tensors = _one_net(of_model, chosen if stacked else None)
    found = encoder.from_tensors(schema, tensors, where)
    scale = target.from_tensors(experiment.dataset, tensors, experiment.config.data, where)
    constants = {name: tensors.pop(name) for name in list(tensors) if name.startswith("loss.")}
    check_fit(tensors, state.tensors(), checkpoint.path)
    for name, array in state.tensors().items():
        array[...] = tensors[name]
    return Model(experiment, state, found, scale, constants, seeds[chosen], checkpoint, warnings, room)


def _checkpoint(run: str) -> tuple[Checkpoint, tuple[str, ...]]:
    opened = open_run(Path(run))
    if opened.checkpoint:
        return load_checkpoint(opened.checkpoint), opened.warnings
    checkpoint, warnings = newest_checkpoint(opened.directory)
    return checkpoint, (*opened.warnings, *warnings)


def _experiment(
    checkpoint: Checkpoint, dataset: Dataset | None, hint: str | None = None, room: Room = ANY
) -> Experiment:
    """What the config in the checkpoint describes; what is wrong with it is told of the checkpoint."""
    text = io.BytesIO(checkpoint.metadata.get("config", "").encode())
    try:
        return from_config(load_config("-", stdin=text), dataset, room=room)
    except ZenError as error:
        where = Place(str(checkpoint.path), key=error.where.key if error.where else "")
        code = error.code if error.code == Exit.ENVIRONMENT else Exit.FILES
        raise ZenError(error.what, where, hint or error.hint, code) from error


def _metadata(checkpoint: Checkpoint, name: str, where: Place) -> Any:
    try:
        return json.loads(checkpoint.metadata[name])
    except (KeyError, ValueError) as error:
        raise ZenError(f"no {name} in this file: it is no model of zen", where, code=Exit.FILES) from error


def _seeds(checkpoint: Checkpoint, where: Place) -> tuple[list[int], bool]:
    """The seeds of the nets in it, and whether they are stacked."""
    progress = _metadata(checkpoint, "progress", where)
    try:
        seeds, stacked = [int(seed) for seed in progress["seeds"]], bool(progress["stacked"])
    except (KeyError, TypeError, ValueError, OverflowError):
        seeds, stacked = [], False
    if not seeds or min(seeds) < 0:
        raise ZenError("it does not say which seeds it is of", where, code=Exit.FILES)
    return seeds, stacked


def _chosen(seeds: list[int], stacked: bool, seed: int | None, where: Place) -> int:
    if not stacked or seed in seeds:
        return seeds.index(seed) if seed in seeds else 0
    what = f"this run holds {len(seeds)} nets" if seed is None else f"this run has no net of seed {seed}"
    raise ZenError(what, where, f"choose one with --seed N, {seeds[0]} to {seeds[-1]}")


def _require_weights(count: int, tensors: dict[str, Array], where: Place) -> None:
    """Before much memory is taken for them."""
    there = sum(array.size for array in tensors.values())
    if there < count > FEW:
        raise ZenError(f"the config in it asks for {count:,} weights, it holds {there:,}", where, code=Exit.FILES)


def _one_net(tensors: dict[str, Array], replica: int | None) -> dict[str, Array]:
    """What there is of this net; what is not there is missed later."""
    if replica is None:
        return dict(tensors)
    return {name: array[replica] for name, array in tensors.items() if array.shape[:1] > (replica,)}


def _empty(schema: Schema) -> Dataset:
    steps = (schema.steps,) if schema.steps else ()
    targets = np.zeros((0, *steps), np.int64) if schema.classes else np.zeros((0, len(schema.target)))
    features: Any = np.zeros((0, *schema.shape))
    if schema.columns:
        storages = [column.storage for column in schema.columns]
        features = Frame(np.zeros((0, storages.count("numbers"))), np.zeros((0, storages.count("codes")), np.int32))
    return Dataset(features, targets, schema, "")
