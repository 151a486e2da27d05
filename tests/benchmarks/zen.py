"""zen's own step for the nets that are timed: the compiled program, fed as the training loop feeds it."""

import numpy as np

from tests.benchmarks.nets import NETS, Net, batches, data, first_weights
from tests.benchmarks.peers import Step
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import Target, losses
from zen_cli.nn.network import Network
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.programs import Batch, TrainingStep
from zen_cli.nn.state import State


def compiled(net: Net, replicas: int | None = None) -> tuple[TrainingStep, State]:
    """The step of a net with the weights that its peers start from."""
    chain = [layers["linear"](units=layer) if isinstance(layer, int) else layers[layer]() for layer in net.layers]
    network = Network(chain, (net.inputs,), net.outputs)
    optimizer = optimizers[net.optimizer](**net.options)
    trace = network.describe()
    state = State(trace.parameters, optimizer, replicas, np.float32, memories=trace.memories)
    views = list(state.views("parameters").values())
    for place, start in zip(views, (array for pair in first_weights(net) for array in pair), strict=True):
        place[...] = start
    y = encoded(net)
    batch = Batch(net.batch, y.shape[1:], labels=y.dtype.kind == "i", shared=True)
    return TrainingStep(network, losses[net.loss](), optimizer, state, batch), state


def encoded(net: Net) -> np.ndarray:
    """The targets as the loss takes them: one-hot, or labels where there are many classes."""
    _, targets = data(net)
    y = targets if targets.ndim == 2 else losses[net.loss]().encode(targets, Target(net.outputs), net.outputs)
    return y if y.dtype.kind == "i" else y.astype(np.float32)


def zen_step(name: str) -> Step:
    """One step on the next mini-batch, loss included."""
    net = NETS[name]
    step, _ = compiled(net)
    (x, _), y = data(net), encoded(net)
    lr = net.options["lr"]
    run, take_x, take_y, into_x, into_y, value = step.run, x.take, y.take, step.x, step.y, step.loss
    if net.batch == net.rows:
        into_x[...], into_y[...] = x, y
        return _counted(lambda t: run(t, lr))
    numbers = batches(net)

    def train(t: int) -> None:
        indices = next(numbers)
        take_x(indices, 0, into_x, "clip")
        take_y(indices, 0, into_y, "clip")
        run(t, lr)
        value.item()

    return _counted(train)


def _counted(train) -> Step:
    t = 0

    def step() -> None:
        nonlocal t
        t += 1
        train(t)

    return step
