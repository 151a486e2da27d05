"""A neural network as the textbooks write it in NumPy: objects with forward and backward, a new array a call.

It is here to be compared with, so it is written to be read and to be correct, and not to be fast.
"""

from typing import Any

import numpy as np

from tests.benchmarks.nets import Net, first_weights


class Linear:
    def __init__(self, weight: np.ndarray, bias: np.ndarray) -> None:
        self.parameters = [weight, bias]
        self.gradients = [np.zeros_like(weight), np.zeros_like(bias)]

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        weight, bias = self.parameters
        return x @ weight + bias

    def backward(self, d: np.ndarray) -> np.ndarray:
        self.gradients = [self.x.T @ d, d.sum(axis=0)]
        return d @ self.parameters[0].T


class Relu:
    parameters: list[np.ndarray] = []
    gradients: list[np.ndarray] = []

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.maximum(x, 0)

    def backward(self, d: np.ndarray) -> np.ndarray:
        return d * (self.x > 0)


class Sigmoid(Relu):
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = 1 / (1 + np.exp(-x))
        return self.y

    def backward(self, d: np.ndarray) -> np.ndarray:
        return d * self.y * (1 - self.y)


class Softmax(Relu):
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = softmax(x)
        return self.y

    def backward(self, d: np.ndarray) -> np.ndarray:
        return self.y * (d - (d * self.y).sum(axis=1, keepdims=True))


def softmax(x: np.ndarray) -> np.ndarray:
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def mse(prediction: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
    error = prediction - target
    return float(np.mean(error**2)), 2 / error.size * error


def cross_entropy(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    rows = np.arange(len(labels))
    gradient = softmax(scores)
    loss = -np.log(gradient[rows, labels]).mean()
    gradient[rows, labels] -= 1
    return float(loss), gradient / len(labels)


class Momentum:
    def __init__(self, lr: float, momentum: float) -> None:
        self.lr, self.momentum = lr, momentum
        self.velocity: list[Any] = []

    def step(self, parameters: list[np.ndarray], gradients: list[np.ndarray]) -> None:
        self.velocity = self.velocity or [0.0] * len(parameters)
        for i, (parameter, gradient) in enumerate(zip(parameters, gradients, strict=True)):
            self.velocity[i] = self.momentum * self.velocity[i] + gradient
            parameter -= self.lr * self.velocity[i]


class RMSprop:
    def __init__(self, lr: float, alpha: float, eps: float = 1e-8) -> None:
        self.lr, self.alpha, self.eps = lr, alpha, eps
        self.square: list[Any] = []

    def step(self, parameters: list[np.ndarray], gradients: list[np.ndarray]) -> None:
        self.square = self.square or [0.0] * len(parameters)
        for i, (parameter, gradient) in enumerate(zip(parameters, gradients, strict=True)):
            self.square[i] = self.alpha * self.square[i] + (1 - self.alpha) * gradient**2
            parameter -= self.lr * gradient / (np.sqrt(self.square[i]) + self.eps)


class Adam:
    def __init__(self, lr: float, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8) -> None:
        self.lr, self.betas, self.eps = lr, betas, eps
        self.mean: list[Any] = []
        self.square: list[Any] = []
        self.t = 0

    def step(self, parameters: list[np.ndarray], gradients: list[np.ndarray]) -> None:
        self.mean, self.square = (slot or [0.0] * len(parameters) for slot in (self.mean, self.square))
        self.t += 1
        b1, b2 = self.betas
        for i, (parameter, gradient) in enumerate(zip(parameters, gradients, strict=True)):
            self.mean[i] = b1 * self.mean[i] + (1 - b1) * gradient
            self.square[i] = b2 * self.square[i] + (1 - b2) * gradient**2
            mean = self.mean[i] / (1 - b1**self.t)
            square = self.square[i] / (1 - b2**self.t)
            parameter -= self.lr * mean / (np.sqrt(square) + self.eps)


ACTIVATIONS = {"relu": Relu, "sigmoid": Sigmoid, "softmax": Softmax}
OPTIMIZERS: dict[str, Any] = {"momentum": Momentum, "rmsprop": RMSprop, "adam": Adam}
LOSSES = {"mse": mse, "cross_entropy": cross_entropy}


class Network:
    def __init__(self, net: Net) -> None:
        weights = iter(first_weights(net))
        self.layers: list[Any] = [
            Linear(*next(weights)) if isinstance(layer, int) else ACTIVATIONS[layer]() for layer in net.layers
        ]
        self.loss = LOSSES[net.loss]
        self.optimizer = OPTIMIZERS[net.optimizer](**net.options)

    def train(self, x: np.ndarray, target: np.ndarray) -> float:
        """One step on one mini-batch; the loss before it."""
        for layer in self.layers:
            x = layer.forward(x)
        loss, d = self.loss(x, target)
        for layer in reversed(self.layers):
            d = layer.backward(d)
        parameters = [parameter for layer in self.layers for parameter in layer.parameters]
        gradients = [gradient for layer in self.layers for gradient in layer.gradients]
        self.optimizer.step(parameters, gradients)
        return loss
