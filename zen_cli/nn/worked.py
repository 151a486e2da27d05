"""Worked numbers: what a layer, a loss or an optimizer makes of a few numbers, in float64, for docstrings and tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from zen_cli.compiler.program import Program
from zen_cli.nn.initializers import Zeros
from zen_cli.nn.layers import Layer
from zen_cli.nn.losses import Loss, Target, losses
from zen_cli.nn.network import Network, Parameter
from zen_cli.nn.optimizers import Optimizer
from zen_cli.nn.optimizers.driver import Moving
from zen_cli.nn.optimizers.step import looking_ahead, updates
from zen_cli.nn.programs import Batch, Inference
from zen_cli.nn.schedulers import Horizon, Scheduler, factors
from zen_cli.nn.state import State

Rows = Sequence[Any]
Array = np.ndarray[Any, Any]


def forward(layer: Layer, rows: Rows, outputs: int | None = None, symbols: int = 0, digits: int = 6) -> list[Any]:
    """The layer's result for `rows` in inference, rounded; weights are drawn from seed 0.

    `outputs`: how wide the last layer is to be, for layers that ask; `symbols`: how many the rows are made of.

    >>> from zen_cli.nn.layers.activations import Relu
    >>> forward(Relu(), [[-1, 2]])
    [[0.0, 2.0]]
    """
    x = np.asarray(rows, np.float64)
    network = Network([layer], x.shape[1:], outputs, symbols)
    inference = _inference(network, losses["mse"](), x, Batch(len(x), (1,)), with_loss=False)
    inference.run()
    return _rounded(inference.prediction, digits)


def loss_of(loss: Loss, prediction: Rows, target: Rows, digits: int = 6) -> float:
    """The mean over the rows of the loss, rounded. `target`: a list of labels, or a row for each prediction.

    >>> from zen_cli.nn.losses.regression import MeanSquaredError
    >>> loss_of(MeanSquaredError(), [[1, 2]], [[0, 2]])
    0.5
    """
    x, y = np.asarray(prediction, np.float64), np.asarray(target)
    batch = Batch(len(x), y.shape[1:], labels=y.ndim == 1)
    constants = loss.constants(y, Target(0, x.shape[-1]))
    inference = _inference(Network([], x.shape[1:]), loss, x, batch, constants=constants)
    inference.y[...] = y
    inference.run()
    return round(float(inference.loss), digits)


def steps(optimizer: Optimizer, start: Any, gradients: Rows, digits: int = 6) -> list[Any]:
    """Where the weights at `start` (a number or a list) are after each step of `gradients`, rounded.

    >>> from zen_cli.nn.optimizers.sgd import Sgd
    >>> steps(Sgd(lr=0.1), 1.0, [1, -1, 2])
    [0.9, 1.0, 0.8]
    """
    return _rounded(walk(optimizer, start, gradients), digits)


def rates(scheduler: Scheduler, steps: int, digits: int = 6) -> list[float]:
    """The rate of each of so many steps, rounded, where lr is 1 and all of them are an epoch."""
    factor = factors(scheduler, Horizon(steps, steps))
    return _rounded([factor(t) for t in range(steps)], digits)


def descend(rule: Moving, start: Rows, function: Callable[[Array], tuple[float, Rows]], digits: int = 6) -> list[Any]:
    """Where a rule that asks for gradients is after each move of its first step on a function."""
    p, visited = np.array(start, np.float64), list[Array]()
    moves = rule.moves(p, {slot: np.zeros(rule.slot_shape(slot, p.shape)) for slot in rule.slots()}, 1.0)
    next(moves)
    while True:
        loss, gradient = function(p)
        try:
            moves.send((loss, np.asarray(gradient, np.float64)))
        except StopIteration:
            return _rounded([*visited, p], digits)
        visited.append(p.copy())


def walk(optimizer: Optimizer, start: Any, gradients: Rows, factors: Sequence[float] | None = None) -> Array:
    """The weights after each step, (steps, *shape of start), as they are. `factors` of each step's rate."""
    weight = Parameter("model.0.weight", np.shape(start), Zeros(), (1, 1))
    state = State([weight], optimizer, None, "float64", [optimizer])
    parameters, visited = state.vectors["parameters"], []
    parameters[:] = np.ravel(start)
    sections = [*looking_ahead(state.segments), *updates(state.segments)]
    run = Program(sections, state.leaves(), dtype="float64", arguments=("t", "lr")).run
    for t, gradient in enumerate(gradients, start=1):
        state.vectors["gradients"][:] = np.ravel(gradient)
        run(t, optimizer.lr / optimizer.share * (factors[t - 1] if factors is not None else 1.0))
        visited.append(parameters.reshape(np.shape(start)).copy())
    return np.array(visited)


def _inference(network: Network, loss: Loss, x: Array, batch: Batch, **options: Any) -> Inference:
    trace = network.describe()
    state = State(trace.parameters, None, None, "float64", memories=trace.memories)
    state.draw([np.random.default_rng(0)])
    inference = Inference(network, loss, state, batch, **options)
    inference.x[...] = x
    return inference


def _rounded(numbers: Any, digits: int) -> list[Any]:
    return (np.round(numbers, digits) + 0.0).tolist()  # type: ignore[no-any-return]  # + 0.0: no -0.0
