"""The two programs of a network: a training step, and inference. Each is compiled for one batch size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from zen_cli.compiler.gradient import gradient, label
from zen_cli.compiler.plan import Assignment
from zen_cli.compiler.primitives import reduce_sum
from zen_cli.compiler.program import Program, Section
from zen_cli.compiler.tensor import Shape, Tensor, leaf
from zen_cli.errors import ZenError
from zen_cli.nn.losses import Loss
from zen_cli.nn.network import Network
from zen_cli.nn.optimizers import Optimizer
from zen_cli.nn.optimizers.limits import FACTOR, NO_CLIP, Clip, clipping, within_norms
from zen_cli.nn.optimizers.step import looking_ahead, updates
from zen_cli.nn.state import State

Array = np.ndarray[Any, Any]
Noise = Callable[[Array], None]


class Batch(NamedTuple):
    """What comes in: rows, the shape of a target row, whether targets are labels, whether replicas share rows."""

    rows: int
    target_shape: Shape
    labels: bool = False
    shared: bool = False


class TrainingStep:
    """`run(t, lr)` trains on the rows in `x` and `y`, and leaves their mean loss in `loss`."""

    def __init__(
        self, network: Network, loss: Loss, optimizer: Optimizer, state: State, batch: Batch, *,
        clip: Clip = NO_CLIP, noise: Noise | None = None, constants: Mapping[str, Array] | None = None,
    ) -> None:  # fmt: skip
        x, y = _inputs(network, batch)
        trace = network.trace(x, training=True)
        value = mean_loss(loss, trace.prediction, y)
        pairs = zip(trace.tensors, trace.parameters, strict=True)
        trained = [tensor for tensor, parameter in pairs if not parameter.treatment.freeze]
        learned = [
            Assignment(leaf(f"gradient.{tensor.options['name']}", tensor.shape), g)
            for tensor, g in zip(trained, gradient(value, trained), strict=True)
        ]
        leaves = {**state.leaves(), **_input_arrays(network, batch, state), **_given(constants, state)}
        leaves |= {name: np.zeros(state.lead, state.dtype) for name in ("loss", FACTOR)}
        clipped, bound = clipping(clip, state.parameters, state.size)
        learning = Section([Assignment(leaf("loss", ()), value), *reversed(learned)])
        sections = [learning, *clipped, *updates(state.segments, bound), *within_norms(state.parameters)]
        if ahead := looking_ahead(state.segments):
            sections = [*ahead, *sections]
            leaves |= state.views("optimizer.ahead")
        arguments = ("t", "lr")
        self.program = Program(
            sections, leaves, replicas=state.replicas, dtype=state.dtype, arguments=arguments, noise=noise
        )
        self.x, self.y, self.loss, self.run = leaves["x"], leaves["y"], leaves["loss"], self.program.run


class Inference:
    """`run()` leaves the prediction for the rows in `x` in `prediction`, and their mean loss in `loss`.

    `each`: and the loss of each row in `losses`.
    """

    def __init__(
        self, network: Network, loss: Loss, state: State, batch: Batch, *,
        constants: Mapping[str, Array] | None = None, with_loss: bool = True, each: bool = False,
    ) -> None:  # fmt: skip
        x, y = _inputs(network, batch)
        prediction = network.trace(x, training=False).prediction
        linked = loss.link(prediction)
        label(linked, "prediction")
        leaves = {**state.leaves(), **_input_arrays(network, batch, state), **_given(constants, state)}
        leaves["prediction"] = np.zeros((*state.lead, *linked.shape), state.dtype)
        leaves["loss"] = np.zeros(state.lead, state.dtype)
        wanted = [Assignment(leaf("prediction", linked.shape), linked)]
        if with_loss:
            wanted.append(Assignment(leaf("loss", ()), mean_loss(loss, prediction, y)))
        if each:
            rows = loss.rows(prediction, y)
            leaves["losses"] = self.losses = np.zeros((*state.lead, *rows.shape), state.dtype)
            wanted.append(Assignment(leaf("losses", rows.shape), rows))
        self.program = Program([Section(wanted)], leaves, replicas=state.replicas, dtype=state.dtype)
        self.x, self.y, self.loss, self.run = leaves["x"], leaves["y"], leaves["loss"], self.program.run
        self.prediction = leaves["prediction"]


def mean_loss(loss: Loss, prediction: Tensor, target: Tensor) -> Tensor:
    """The mean over the batch of the loss of each row.

    Raises:
        ZenError: the target would be stretched over the prediction: (n,) and (n, 1) make (n, n).
    """
    if target.shape != (prediction.shape[:-1] if target.options["index"] else prediction.shape):
        raise ZenError(f"a target of shape {target.shape} does not fit a prediction of shape {prediction.shape}")
    rows = loss.rows(prediction, target)
    value = reduce_sum(rows) * (1.0 / rows.size)
    label(value, f"loss {loss.name}")
    return value


def _inputs(network: Network, batch: Batch) -> tuple[Tensor, Tensor]:
    x = network.input(batch.rows, stacked=not batch.shared)
    return x, leaf("y", (batch.rows, *batch.target_shape), stacked=not batch.shared, index=batch.labels)


def _input_arrays(network: Network, batch: Batch, state: State) -> dict[str, Array]:
    lead = () if batch.shared else state.lead
    target_type = np.dtype(np.intp) if batch.labels else state.dtype
    input_type = np.dtype(np.intp) if network.symbols else state.dtype
    x = np.zeros((*lead, batch.rows, *network.input_shape), input_type)
    return {"x": x, "y": np.zeros((*lead, batch.rows, *batch.target_shape), target_type)}


def _given(constants: Mapping[str, Array] | None, state: State) -> dict[str, Array]:
    """The constants of the loss; where they are the same for all replicas, each gets its copy."""
    found = {}
    for name, value in (constants or {}).items():
        array = np.asarray(value, state.dtype)
        stacked = state.replicas is not None and array.ndim == 1
        found[name] = np.tile(array, (state.replicas or 1, 1)) if stacked else array
    return found
