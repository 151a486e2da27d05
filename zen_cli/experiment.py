"""Config -> objects: the one place where names meet registries, and where shapes are inferred, once."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from zen_cli.compiler.tensor import Tensor, leaf
from zen_cli.config.component import Component
from zen_cli.config.load import load
from zen_cli.config.sections import Config, Trainer
from zen_cli.data.dataset import Dataset
from zen_cli.data.load import load as load_data
from zen_cli.data.room import ANY, Room
from zen_cli.data.split import existing
from zen_cli.errors import ZenError
from zen_cli.metrics import Metric
from zen_cli.metrics.suiting import suiting
from zen_cli.nn.layers import Layer
from zen_cli.nn.layers.treatment import Treatment
from zen_cli.nn.losses import PROBABILITIES, Loss, Target, losses
from zen_cli.nn.network import Network, Trace
from zen_cli.nn.optimizers import Optimizer, optimizers
from zen_cli.nn.state import State
from zen_cli.parts import Parts, look_up

if TYPE_CHECKING:
    from zen_cli.nn.schedulers import Scheduler
    from zen_cli.problems import Problem

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
    problem: Problem | None = None  # where it stands in place of data, model and loss
    scheduler: Scheduler | None = None  # None: the rate stays as it is

    @property
    def trainer(self) -> Trainer:
        return self.config.trainer

    @property
    def parameters(self) -> int:
        """How many numbers are trained."""
        return sum(math.prod(parameter.shape) for parameter in self.trace.parameters)

    @property
    def splits(self) -> dict[str, bool]:
        """Which parts of the rows there are."""
        return existing(self.dataset, self.config.data.split)

    @property
    def unbounded(self) -> bool:
        """Whether the network can give any number: its last layer is linear."""
        return any(map(_is_linear, self.network.layers[-1:]))

    @property
    def width(self) -> int:
        """How many numbers the network gives for a target."""
        return self.trace.prediction.shape[-1]

    @property
    def activations(self) -> int:
        """About how many numbers a row makes on its way through the network."""
        return self.trace.activations

    @property
    def several_answers(self) -> bool:
        """Whether each target column is a question of yes and no."""
        return not self.target.classes and self.loss.task == "classes"

    def new_state(self, replicas: int | None = None, average: float | None = None) -> State:
        """Room for all that training changes, for one net or several; weights are not drawn yet."""
        trace, dtype = self.trace, self.trainer.dtype
        return State(trace.parameters, self.optimizer, replicas, dtype, memories=trace.memories, average=average)

    @property
    def gives_probabilities(self) -> bool:
        """Whether what a user reads of a row are probabilities, not scores or numbers."""
        return self.loss.link(self.trace.prediction).primitive in PROBABILITIES

    def measuring(
        self, written: Sequence[Component] | str, found: Sequence[Metric | None] | None
    ) -> Experiment:
        """With the metrics `found` for those that are `written`, which have to suit the target."""
        shape = self.trace.prediction.shape[1:]
        chosen = suiting(written, found, self.dataset.targets, self.target, shape, self.gives_probabilities)
        return self._replace(metrics=chosen)


def _is_linear(layer: Layer) -> bool:
    """Whether a layer is linear, or ends in one that is."""
    return layer.name in ("linear", "output") or any(map(_is_linear, layer.ends()))


def from_file(
    *sources: str, sets: Sequence[str] = (), unsets: Sequence[str] = (), stdin: Any = None,
    room: Room = ANY, untrusted: bool = False,
) -> Experiment:  # fmt: skip
    """The experiment that config files (or `-`) describe, the later over the earlier.

    `stdin` is standard input as bytes, for a config or for the data; `room` what may be taken of memory and disk;
    `untrusted`: only files below the config's folder may be named.

    Raises:
        ZenError: with every mistake in them.
    """
    config = load(*sources, sets=sets, unsets=unsets, stdin=stdin, untrusted=untrusted)
    if "-" in sources and config.data.source == "-":
        where = config.where("data", "source")
        raise ZenError("standard input is the config, it cannot be the data too", where, "name a file for one of them")
    return from_config(config, stdin=stdin, room=room)


def from_config(
    config: Config, dataset: Dataset | None = None, stdin: Any = None, room: Room = ANY
) -> Experiment:
    """Looks up every name, reads the data (unless it is given) and infers every shape."""
    parts = look_up(config)
    config.problems.check()
    if parts.problem is not None:
        return _posed(config, parts, parts.problem, dataset)
    dataset = dataset or _data(config, parts.loss, stdin, room)
    if dataset.targets is None:
        where = config.where("data", "target")
        raise ZenError("training needs a target column", where, f"columns: {', '.join(dataset.schema.features)}")
    schema = dataset.schema
    target = Target(len(schema.classes or ()), len(schema.target) or 1, schema.steps)
    loss = parts.loss or losses["cross_entropy" if target.classes else "mse"]()
    shape = tuple(config.input or schema.shape)
    if math.prod(shape) != math.prod(schema.shape):
        what = f"input {list(shape)} does not hold the data's rows of shape {list(schema.shape)}"
        raise ZenError(what, config.where("model", "input"))
    chain = [layer for layer in parts.layers if layer]
    width, stepwise = loss.widths(target)[0], schema.steps > 0
    network = Network(chain, shape, width, len(schema.symbols), schema.filled, stepwise)
    trace = _traced(config, network, loss, target, dataset.origin)
    _check_weights(config, loss, target)
    optimizer = parts.optimizer or optimizers["adam"]()
    _check_optimizer(config, optimizer, trace)
    if config.data.augment:
        from zen_cli.data.augment import check  # not at the top: few configs augment, all of them start

        check(config.data.augment, network.input_shape, bool(network.symbols), config.where("data", "augment"))
    made = Experiment(config, dataset, target, network, loss, optimizer, (), trace, scheduler=parts.scheduler)
    return made.measuring(config.metrics, parts.metrics)


def _posed(config: Config, parts: Parts, problem: Problem, dataset: Dataset | None) -> Experiment:
    """A built-in problem; of its trainer holds what the config does not state."""
    config.trainer = copy.copy(config.trainer)
    for name, value in problem.trainer.items():
        if not config.writes("trainer", name):
            setattr(config.trainer, name, value)
    network = problem.network()
    return Experiment(
        config, dataset or problem.dataset(), problem.target(), network, problem.loss(),
        parts.optimizer or optimizers["adam"](), problem.metrics(), network.describe(), problem, parts.scheduler,
    )  # fmt: skip


def _data(config: Config, loss: Loss | None, stdin: Any, room: Room) -> Dataset:
    named = "source validation test target features drop columns delimiter encoding scale split text series"
    places = {option: config.where("data", option) for option in named.split()}
    places |= {f"columns.{name}": config.where("data", "columns", name) for name in config.data.columns}
    several = isinstance(config.data.target, list) and len(config.data.target) > 1
    task = "labels" if several and loss and loss.labels else loss.task if loss else None
    return load_data(config.data, config.where("data"), task=task, stdin=stdin, places=places, room=room)


def _check_weights(config: Config, loss: Loss, target: Target) -> None:
    """Has the loss compute its constants once, so that what it refuses is told with its place."""
    try:
        loss.constants(np.zeros(1, np.int64), target)
    except ZenError as error:
        written = config.loss.options.entries if config.loss else {}
        place = written["class_weights"].value.place if "class_weights" in written else config.where("loss")
        raise ZenError(error.what, place, error.hint) from error


def _check_optimizer(config: Config, optimizer: Optimizer, trace: Trace) -> None:
    """Every group holds some weights; a rule that asks for gradients itself gets those of the loss alone."""
    if optimizer.evaluates:
        treated = any(parameter.treatment._replace(freeze=False) != Treatment() for parameter in trace.parameters)
        unsuited = {
            "groups": optimizer.groups, "a trainer.clip": config.trainer.clip, "penalties": treated,
            "data.augment": config.data.augment,
        }  # fmt: skip
        for what in (what for what, there in unsuited.items() if there):
            raise ZenError(f"{optimizer.name} cannot have {what}", config.where("optimizer"))
    for group in optimizer.groups:
        if not any(map(group.holds, trace.parameters)):
            known = sorted({parameter.layer for parameter in trace.parameters})
            names = sorted({parameter.name.rpartition(".")[2] for parameter in trace.parameters})
            hint = f"layers with weights: {', '.join(map(str, known))}; what they are called: {', '.join(names)}"
            raise ZenError("a group holds no weights", config.where("optimizer", "groups"), hint)


def _traced(config: Config, network: Network, loss: Loss, target: Target, origin: str) -> Trace:
    trace = network.describe()
    _check_width(trace, loss, target, config.layers[-1], origin)
    y = leaf("y", (1, *target_shape(loss, target, trace.prediction)))
    if target.steps and loss.name != "cross_entropy":
        what = f"each next character is a class, '{loss.name}' is no loss for that"
        raise ZenError(what, config.where("loss"), "use loss: cross_entropy")
    if not target.steps:
        loss.rows(trace.prediction, y)
    return trace


def _check_width(trace: Trace, loss: Loss, target: Target, last: Component, origin: str) -> None:
    shape, widths = trace.prediction.shape[1:], loss.widths(target)
    steps = (target.steps,) if target.steps else ()
    if shape[:-1] == steps and shape[-1:] and shape[-1] in widths:
        return
    many = f"{target.classes} classes" if target.classes else f"{target.columns} target columns"
    many = f"{target.steps} next characters a row" if target.steps else many
    wanted = f"the {many} of {origin}" if origin else many
    given = f"{shape[0]} numbers a row" if len(shape) == 1 else f"rows of shape {list(shape)}"
    needed = " or ".join(str([*steps, width]) if steps else str(width) for width in widths)
    hint = "put `flatten` or `over_time` before it" if len(shape) > 1 else "its width follows from the target: `output`"
    if steps:
        hint = "each step needs an answer: end with `output` behind a layer that gives all steps"
    raise ZenError(f"the network gives {given}, {loss.name} on {wanted} needs {needed}", last.place, hint)


def sample_of(target: Target) -> np.ndarray[Any, Any]:
    """The targets of a row as data gives them."""
    steps = (target.steps,) if target.steps else ()
    return np.zeros((1, *steps), np.int64) if target.classes else np.zeros((1, target.columns))


def target_shape(loss: Loss, target: Target, prediction: Tensor) -> tuple[int, ...]:
    """The shape of a row of encoded targets."""
    sample = sample_of(target)
    shape: tuple[int, ...] = loss.encode(sample, target, prediction.shape[-1]).shape[1:]
    return shape
