"""The nets that are timed, with the same data, first weights and batches for everyone who trains them."""

import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np


class Net(NamedTuple):
    """A chain of layers as `widths[0]` inputs, then numbers (a linear layer of that width) and activations."""

    inputs: int
    layers: tuple[int | str, ...]
    loss: str
    optimizer: str
    options: dict[str, Any]
    batch: int
    rows: int

    @property
    def outputs(self) -> int:
        return [layer for layer in self.layers if isinstance(layer, int)][-1]


ADAM: dict[str, Any] = {"lr": 1e-3}
NETS = {
    "xor": Net(2, (8, 4, "sigmoid", 2, "softmax"), "mse", "rmsprop", {"lr": 0.02, "alpha": 0.9}, 4, 4),
    "digits": Net(64, (64, "relu", 10), "cross_entropy", "adam", ADAM, 32, 1440),
    "mnist": Net(784, (128, "relu", 10), "cross_entropy", "adam", ADAM, 128, 12_800),
    "deep": Net(
        784, (1000, "relu", 500, "relu", 100, "relu", 10), "cross_entropy", "momentum",
        {"lr": 0.01, "momentum": 0.9}, 128, 12_800,
    ),
    "wide": Net(4096, (4096, "relu", 4096, "relu", 1000), "cross_entropy", "adam", ADAM, 256, 512),
}


def data(net: Net) -> tuple[np.ndarray, np.ndarray]:
    """Features (rows, inputs) float32 and the target: labels (rows,) int64, or one-hot (rows, outputs) for mse."""
    rng = np.random.default_rng(0)
    features = rng.standard_normal((net.rows, net.inputs), dtype=np.float32)
    labels = rng.integers(net.outputs, size=net.rows)
    return features, np.eye(net.outputs, dtype=np.float32)[labels] if net.loss == "mse" else labels


def first_weights(net: Net) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weight (in, out) and bias (out,) of each linear layer, float32, Glorot uniform and zero."""
    rng = np.random.default_rng(1)
    widths = [net.inputs, *(layer for layer in net.layers if isinstance(layer, int))]
    pairs = []
    for before, after in itertools.pairwise(widths):
        limit = (6 / (before + after)) ** 0.5
        weight = rng.uniform(-limit, limit, (before, after)).astype(np.float32)
        pairs.append((weight, np.zeros(after, np.float32)))
    return pairs


def batches(net: Net) -> Iterator[np.ndarray]:
    """The row numbers of one batch after the other, shuffled once and repeated for ever."""
    order = np.random.default_rng(2).permutation(net.rows)
    return itertools.cycle(np.split(order, net.rows // net.batch))
