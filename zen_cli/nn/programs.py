"""The two programs of a network: a training step, and inference. Each is compiled for one batch size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np

from zen_cli.compiler.gradient import label
from zen_cli.compiler.plan import Assignment
from zen_cli.compiler.program import Program, Section
from zen_cli.compiler.tensor import Shape, Tensor, leaf
from zen_cli.nn.layers import Law
from zen_cli.nn.learning import learning, mean_loss
from zen_cli.nn.losses import Loss
from zen_cli.nn.network import Network
from zen_cli.nn.optimizers import Optimizer
from zen_cli.nn.optimizers.limits import FACTOR, NO_CLIP, Clip
from zen_cli.nn.optimizers.step import following, looking_ahead
from zen_cli.nn.state import State

Array = np.ndarray[Any, Any]


class Noise(Protocol):
    """Fills an array with what is drawn. What `again` gives has it drawn once more from where `again` was called."""

    def __call__(self, array: Array, law: Law = "uniform") -> None: ...

    def again(self) -> Callable[[], None]: ...


class Batch(NamedTuple):
    """What comes in: rows, the shape of a target row, whether targets are labels, whether replicas share rows."""

    rows: int
    target_shape: Shape
    labels: bool = False
    shared: bool = False


class TrainingStep:
    """`run(t, lr)` trains on the rows in `x` and `y`, and leaves their mean loss in `loss`.

    Without an optimizer it only leaves the gradients. A rule that asks for gradients itself needs a SplitStep.
    """

    def __init__(
        self, network: Network, loss: Loss, optimizer: Optimizer | None, state: State, batch: Batch, *,
        clip: Clip = NO_CLIP, noise: Noise | None = None, constants: Mapping[str, Array] | None = None,
    ) -> None:  # fmt: skip
        x, y = _inputs(network, batch)
        leaves = {**state.leaves(), **_input_arrays(network, batch, state), **_given(constants, state)}
        leaves |= {name: np.zeros(state.lead, state.dtype) for name in ("loss", FACTOR)}
        ahead = looking_ahead(state.segments)
        leaves |= state.views("optimizer.ahead") if ahead else {}
        sections = [Section(learning(network, loss, x, y, optimizer.uphill if optimizer else 0.0))]
        if optimizer is not None:
            sections = [*ahead, *sections, *following(optimizer, state, clip)]
        self.program = Program(
            sections, leaves, replicas=state.replicas, dtype=state.dtype, arguments=("t", "lr"), noise=noise
        )
        self.rows, self.run = batch.rows, self.program.run
        self.x, self.y, self.loss = leaves["x"], leaves["y"], leaves["loss"]


class Inference:
    """`run()` leaves the prediction for the rows in `x` in `prediction`, and their mean loss in `loss`.

    `each`: and the loss of each row in `losses`. `weights`: the vector of the state that the network is to have.
    """

    def __init__(
        self, network: Network, loss: Loss, state: State, batch: Batch, *,
        constants: Mapping[str, Array] | None = None, with_loss: bool = True, each: bool = False,
        weights: str = "parameters",
    ) -> None:  # fmt: skip
        x, y = _inputs(network, batch)
        prediction = network.trace(x, training=False).prediction
        linked = loss.link(prediction)
        label(linked, "prediction")
        leaves = {**state.leaves(), **state.predicts(weights)}
        leaves |= {**_input_arrays(network, batch, state), **_given(constants, state)}
        leaves["prediction"] = np.zeros((*state.lead, *linked.shape), state.dtype)
        leaves["loss"] = np.zeros(state.lead, state.dtype)
        wanted = [Assignment(leaf("prediction", linked.shape), linked)]
        if with_loss:
            wanted.append(Assignment(leaf("loss", ()), mean_loss(loss, prediction, y, network.filled)))
        if each:
            rows = loss.rows(prediction, y)
            leaves["losses"] = self.losses = np.zeros((*state.lead, *rows.shape), state.dtype)
            wanted.append(Assignment(leaf("losses", rows.shape), rows))
        self.program = Program([Section(wanted)], leaves, replicas=state.replicas, dtype=state.dtype)
        self.x, self.y, self.loss, self.run = leaves["x"], leaves["y"], leaves["loss"], self.program.run
        self.prediction = leaves["prediction"]


def _inputs(network: Network, batch: Batch) -> tuple[Tensor, Tensor]:
    x = network.input(batch.rows, stacked=not batch.shared)
    return x, leaf("y", (batch.rows, *batch.target_shape), stacked=not batch.shared, index=batch.labels)


def _input_arrays(network: Network, batch: Batch, state: State) -> dict[str, Array]:
    lead = () if batch.shared else state.lead
    target_type = np.dtype(np.intp) if batch.labels else state.dtype
    x = np.zeros((*lead, batch.rows, *network.input_shape), network.dtype(state.dtype))
    return {"x": x, "y": np.zeros((*lead, batch.rows, *batch.target_shape), target_type)}


def _given(constants: Mapping[str, Array] | None, state: State) -> dict[str, Array]:
    """The constants of the loss; where they are the same for all replicas, each gets its copy."""
    found = {}
    for name, value in (constants or {}).items():
        array = np.asarray(value, state.dtype)
        stacked = state.replicas is not None and array.ndim == 1
        found[name] = np.tile(array, (state.replicas or 1, 1)) if stacked else array
    return found
