"""Networks of convolutions that are timed, in zen and in PyTorch, from the same weights on the same batches."""

import itertools
from typing import Any, NamedTuple

import numpy as np

from tests.benchmarks.peers import Step
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import Target, losses
from zen_cli.nn.network import Network
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.programs import Batch, TrainingStep
from zen_cli.nn.state import State

Layer = int | str | tuple[int, int]  # a linear layer of that width; an activation or pool; channels and kernel
CLASSES, LR = 10, 1e-3


class ImageNet(NamedTuple):
    """A chain of layers on grey images of that side; convolutions keep the size, pools halve it."""

    side: int
    layers: tuple[Layer, ...]
    batch: int
    rows: int


IMAGE_NETS = {
    "cnn on 8x8": ImageNet(8, ((16, 3), "relu", "pool", (32, 3), "relu", "pool", CLASSES), 32, 1440),
    "2c2d on 28x28": ImageNet(28, ((32, 5), "relu", "pool", (64, 5), "relu", "pool", 1024, "relu", CLASSES), 128, 1280),
}


def data(net: ImageNet) -> tuple[np.ndarray, np.ndarray]:
    """Images (rows, 1, side, side) float32 and labels (rows,)."""
    rng = np.random.default_rng(0)
    return rng.random((net.rows, 1, net.side, net.side), np.float32), rng.integers(CLASSES, size=net.rows)


def batches(net: ImageNet) -> Any:
    order = np.random.default_rng(2).permutation(net.rows)
    return itertools.cycle(np.split(order, net.rows // net.batch))


def chain(net: ImageNet) -> list[Any]:
    found: list[Any] = []
    for layer in net.layers:
        if isinstance(layer, tuple):
            found.append(layers["conv2d"](layer[0], kernel=layer[1], padding="same"))
        elif isinstance(layer, int):
            flat = any(each.name == "flatten" for each in found)
            found += [*([] if flat else [layers["flatten"]()]), layers["linear"](layer)]
        else:
            found.append(layers["max_pool"](2) if layer == "pool" else layers[layer]())
    return found


def compiled(net: ImageNet) -> tuple[TrainingStep, State]:
    network, adam = Network(chain(net), (1, net.side, net.side), CLASSES), optimizers["adam"](lr=LR)
    state = State(network.describe().parameters, adam, None, np.float32)
    state.draw([np.random.default_rng(1)])
    return TrainingStep(network, losses["cross_entropy"](), adam, state, Batch(net.batch, (CLASSES,))), state


def zen_step(net: ImageNet) -> Step:
    """One step on the next mini-batch, loss included."""
    step, _ = compiled(net)
    x, labels = data(net)
    y = losses["cross_entropy"]().encode(labels, Target(CLASSES), CLASSES).astype(np.float32)
    numbers, count = batches(net), itertools.count(1)

    def train() -> float:
        rows = next(numbers)
        x.take(rows, 0, step.x, "clip")
        y.take(rows, 0, step.y, "clip")
        step.run(next(count), LR)
        return float(step.loss)

    return train


def torch_step(net: ImageNet, fused: bool) -> Step:
    import torch

    torch.set_num_threads(1)
    model = _torch_model(net)
    optimizer = torch.optim.Adam(model.parameters(), lr=LR, fused=fused)
    x, y = (torch.from_numpy(array) for array in data(net))
    order = itertools.cycle([torch.from_numpy(rows) for rows in itertools.islice(batches(net), net.rows // net.batch)])

    def train() -> float:
        rows = next(order)
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        return float(loss.item())

    return train


def _torch_model(net: ImageNet) -> Any:
    """The same layers with the same weights, which lie as torch has them: outputs first."""
    import torch

    _, state = compiled(net)
    views = iter(state.views("parameters").values())
    found: list[Any] = []
    for layer in chain(net):
        if layer.name in ("conv2d", "linear"):
            weight, bias = next(views), next(views)
            found.append(_with(torch, layer, weight, bias))
        else:
            made = {"relu": torch.nn.ReLU, "flatten": torch.nn.Flatten, "max_pool": lambda: torch.nn.MaxPool2d(2)}
            found.append(made[layer.name]())
    return torch.nn.Sequential(*found)


def _with(torch: Any, layer: Any, weight: np.ndarray, bias: np.ndarray) -> Any:
    if layer.name == "conv2d":
        weight = weight.transpose(3, 2, 0, 1)
        made = torch.nn.Conv2d(weight.shape[1], weight.shape[0], layer.kernel, padding="same")
    else:
        weight = weight.T
        made = torch.nn.Linear(weight.shape[1], weight.shape[0])
    with torch.no_grad():
        made.weight.copy_(torch.from_numpy(np.ascontiguousarray(weight)))
        made.bias.copy_(torch.from_numpy(bias))
    return made
