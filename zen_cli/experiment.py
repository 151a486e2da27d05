"""Config -> objects: the one place where names meet registries, and where shapes are inferred, once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from zen_cli.compiler.tensor import Tensor, leaf
from zen_cli.config.component import Component, build
from zen_cli.config.load import load
from zen_cli.config.sections import Config, Trainer
from zen_cli.data.dataset import Dataset
from zen_cli.data.load import load as load_data
from zen_cli.errors import ZenError
from zen_cli.metrics import Metric, metrics
from zen_cli.nn.layers import Layer, layers
from zen_cli.nn.losses import Loss, Target, losses
from zen_cli.nn.network import LayerError, Network, Trace
from zen_cli.nn.optimizers import Optimizer, optimizers

AUTO_METRICS = {"classes": ("accuracy",), "numbers": ("mae", "r2")}


class Experiment(NamedTuple):
    """Everything that a training needs but the seed: finished objects that fit each other."""

    config: Config
    dataset: Dataset
    target: Target
    network: Network
    loss: Loss
    optimizer: Optimizer
    metrics: tuple[Metric, ...]
    trace: Trace  # of one row: parameters, shapes, prediction

    @property
    def trainer(self) -> Trainer:
        return self.config.trainer

    @property
    def parameters(self) -> int:
        """How many numbers are trained."""
        return sum(math.prod(parameter.shape) for parameter in self.trace.parameters)

    @property
    def width(self) -> int:
        """How many numbers the network gives for a row."""
        return math.prod(self.trace.prediction.shape[1:])


class Parts(NamedTuple):
    """What a config names, before the data is known."""

    layers: list[Layer | None]
    loss: Loss | None
    optimizer: Optimizer | None
    metrics: list[Metric | None] | None


def from_file(source: str, *, sets: Sequence[str] = (), unsets: Sequence[str] = (), stdin: Any = None) -> Experiment:
    """The experiment that a config file (or `-`) describes; a ZenError with every mistake in it."""
    return from_config(load(source, sets=sets, unsets=unsets, stdin=stdin), stdin=stdin)


def from_config(config: Config, dataset: Dataset | None = None, stdin: Any = None) -> Experiment:
    """Looks up every name, reads the data (unless it is given) and infers every shape."""
    parts = look_up(config)
    config.problems.check()
    dataset = dataset or _data(config, parts.loss, stdin)
    if dataset.targets is None:
        where = config.where("data", "target")
        raise ZenError("training needs a target column", where, f"columns: {', '.join(dataset.schema.features)}")
    target = Target(len(dataset.schema.classes or ()), len(dataset.schema.target) or 1)
    loss = parts.loss or losses["cross_entropy" if target.classes else "mse"]()
    shape = tuple(config.input or dataset.schema.shape)
    if math.prod(shape) != math.prod(dataset.schema.shape):
        what = f"input {list(shape)} does not hold the data's rows of shape {list(dataset.schema.shape)}"
        raise ZenError(what, config.where("model", "input"))
    network = Network([layer for layer in parts.layers if layer], shape, loss.widths(target)[0])
    trace = _traced(config, network, loss, target)
    chosen = _metrics(parts.metrics, target)
    return Experiment(config, dataset, target, network, loss, parts.optimizer or optimizers["adam"](), chosen, trace)


def _data(config: Config, loss: Loss | None, stdin: Any) -> Dataset:
    options = ("source", "target", "features", "drop", "delimiter", "standardize", "split")
    places = {option: config.where("data", option) for option in options}
    return load_data(config.data, config.where("data"), task=loss.task if loss else None, stdin=stdin, places=places)


def look_up(config: Config) -> Parts:
    """Every component of the config as an object; what cannot be built is in `config.problems`."""
    problems = config.problems
    measured = None if isinstance(config.metrics, str) else [build(c, metrics, problems) for c in config.metrics]
    if config.scheduler is not None:
        problems.add("schedules are not part of this version", config.scheduler.place)
    return Parts(
        [build(component, layers, problems) for component in config.layers],
        build(config.loss, losses, problems) if config.loss else None,
        build(config.optimizer, optimizers, problems) if config.optimizer else None,
        measured,
    )


def _metrics(found: list[Metric | None] | None, target: Target) -> tuple[Metric, ...]:
    if found is not None:
        return tuple(metric for metric in found if metric)
    return tuple(metrics[name]() for name in AUTO_METRICS["classes" if target.classes else "numbers"])


def _traced(config: Config, network: Network, loss: Loss, target: Target) -> Trace:
    places = [component.place for component in config.layers]
    try:
        trace = network.describe()
    except LayerError as error:
        raise ZenError(error.what, places[error.index], error.hint) from error
    _check_width(trace, loss, target, config.layers[-1])
    y = leaf("y", (1, *target_shape(loss, target, trace.prediction)))
    loss.rows(trace.prediction, y)
    return trace


def _check_width(trace: Trace, loss: Loss, target: Target, last: Component) -> None:
    shape, widths = trace.prediction.shape[1:], loss.widths(target)
    if shape and len(shape) == 1 and shape[0] in widths:
        return
    wanted = f"{target.classes} classes" if target.classes else f"{target.columns} target columns"
    what = f"the network gives rows of shape {list(shape)}, {loss.name} on {wanted} needs {widths[0]}"
    raise ZenError(what, last.place, "write `output`, whose width follows from the target")


def target_shape(loss: Loss, target: Target, prediction: Tensor) -> tuple[int, ...]:
    """The shape of a row of encoded targets."""
    sample = np.zeros(1, np.intp) if target.classes else np.zeros((1, target.columns))
    shape: tuple[int, ...] = loss.encode(sample, target, prediction.shape[-1]).shape[1:]
    return shape
