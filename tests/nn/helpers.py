"""Nets with data, ready to be stepped; derivatives by the program and by differences."""

import math
from typing import Any, NamedTuple

import numpy as np

from tests.nn.catalogue import from_text
from zen_cli.compiler.gradient import gradient
from zen_cli.compiler.plan import Assignment
from zen_cli.compiler.primitives import reduce_sum
from zen_cli.compiler.program import Program, Section
from zen_cli.compiler.tensor import Tensor, apply, leaf
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import Target, losses
from zen_cli.nn.network import Network, Trace
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.optimizers.limits import NO_CLIP
from zen_cli.nn.programs import Batch, Inference, TrainingStep
from zen_cli.nn.split_step import SplitStep
from zen_cli.nn.state import State

COLUMNS = Target(0, 3)


class Noise:
    """Random numbers, each replica's from its own stream; `rewind` has them come again."""

    def __init__(self, seeds: tuple[int, ...], stacked: bool) -> None:
        self.seeds, self.stacked = seeds, stacked
        self.rewind()

    def rewind(self) -> None:
        self.streams = [np.random.default_rng([seed, 1]) for seed in self.seeds]

    def __call__(self, array: np.ndarray, law: str = "uniform") -> None:
        for rng, part in zip(self.streams, array if self.stacked else [array], strict=True):
            (rng.random if law == "uniform" else rng.standard_normal)(out=part, dtype=array.dtype)

    def again(self):
        places = [rng.bit_generator.state for rng in self.streams]

        def rewind():
            for rng, place in zip(self.streams, places, strict=True):
                rng.bit_generator.state = place

        return rewind


class Net:
    """A network, its state and its two programs. Each seed gives a replica its weights, noise and rows.

    With `rows_seed` all replicas share the rows of that seed.
    """

    def __init__(
        self, layers: list[Any], loss: Any, optimizer: Any = None, *, inputs: tuple[int, ...] = (4,), rows: int = 5,
        target: Target = COLUMNS, seeds: tuple[int, ...] = (0,), stacked: bool = False, rows_seed: int | None = None,
        dtype: str = "float64", clip: Any = NO_CLIP, symbols: int = 0,
    ) -> None:  # fmt: skip
        self.optimizer = optimizer = optimizer or optimizers["sgd"]()
        self.network = Network(layers, inputs, loss.widths(target)[0], symbols)
        trace = self.network.describe()
        self.state = State(trace.parameters, optimizer, len(seeds) if stacked else None, dtype, memories=trace.memories)
        self.state.draw([np.random.default_rng([seed, 0]) for seed in seeds])
        sources, shared = (seeds, False) if rows_seed is None else ((rows_seed,), True)
        shape, width = (rows, *inputs), trace.prediction.shape[-1]
        drawn = [data(loss, target, shape, width, seed, symbols) for seed in sources]
        y = drawn[0][2]
        each = [loss.constants(values, target) for _, values, _ in drawn]
        own = stacked and not shared
        constants = {name: np.stack([one[name] for one in each]) if own else each[0][name] for name in each[0]}
        batch = Batch(rows, y.shape[1:], y.dtype.kind == "i", shared)
        self.noise = Noise(seeds, stacked)
        self.step: Any = TrainingStep(
            self.network, loss, None if optimizer.evaluates else optimizer, self.state, batch, clip=clip,
            noise=self.noise, constants=constants,
        )  # fmt: skip
        if optimizer.evaluates:
            self.step = SplitStep([self.step], optimizer, self.state, clip, self.noise)
        self.inference = Inference(self.network, loss, self.state, batch, constants=constants)
        for program in (self.step, self.inference):
            program.x[...] = [x for x, _, _ in drawn] if own else drawn[0][0]
            program.y[...] = [y for _, _, y in drawn] if own else y
        self.parameters, self.gradients = self.state.vectors["parameters"], self.state.vectors["gradients"]
        self.t = 0

    def train(self, steps: int, lr: Any = 0.05) -> None:
        for _ in range(steps):
            self.t += 1
            self.step.run(self.t, lr)
        self.inference.run()

    def loss_here(self) -> float:
        """The training loss at the weights as they are, with the same noise every time; `gradients` follow."""
        self.noise.rewind()
        self.step.run(1, 0.0)
        return float(self.step.loss)


def data(
    loss: Any, target: Target, shape: tuple[int, ...], width: int, seed: int, symbols: int = 0
) -> tuple[Any, Any, Any]:  # fmt: skip
    """Features, targets, and the targets as the loss wants them. Targets of several columns are shares."""
    rng = np.random.default_rng([seed, 2])
    x = rng.integers(symbols, size=shape) if symbols else rng.standard_normal(shape)
    if target.classes:
        values = rng.integers(target.classes, size=shape[0])
    else:
        values = rng.random((shape[0], target.columns))
        values = values / values.sum(1, keepdims=True) if target.columns > 1 else values
    return x, values, loss.encode(values, target, width)


def fits(loss: Any, target: Target) -> bool:
    """Whether a list of class weights has as many numbers as the target has classes, and shares are of several."""
    if loss.name == "cross_entropy" and target == Target(0, 1):
        return False
    weights = getattr(loss, "class_weights", None)
    return not isinstance(weights, list) or len(weights) == (target.classes or target.columns)


def slopes(net: Net, rng: np.random.Generator) -> tuple[float, float]:
    """The derivative of the loss along a random direction of all weights: by the program, by central differences."""
    net.parameters += 0.3 * rng.standard_normal(net.parameters.shape)
    start = net.parameters.copy()
    direction = rng.standard_normal(start.shape)
    net.loss_here()
    analytic = float(net.gradients @ direction)
    h = 1e-6
    losses = []
    for side in (1.0, -1.0):
        net.parameters[...] = start + side * h * direction
        losses.append(net.loss_here())
    net.parameters[...] = start
    return analytic, (losses[0] - losses[1]) / (2 * h)


def assert_slope(net: Net, label: str, seeds: range = range(2)) -> None:
    for seed in seeds:
        analytic, numeric = slopes(net, np.random.default_rng(seed))
        assert math.isclose(analytic, numeric, rel_tol=1e-6, abs_tol=1e-8), f"{label}: {analytic} is not {numeric}"


def value_and_product(function: Any, x: Any, vector: Any, **given: np.ndarray) -> tuple[Any, Any]:
    """The value of a function of symbolic rows, and its derivative along `vector` (one number: along ones)."""
    x = np.asarray(x)
    symbol = leaf("x", x.shape)
    y = function(symbol)
    vector = np.broadcast_to(np.asarray(vector, x.dtype), y.shape)
    weighted = apply("reshape", y * leaf("vector", y.shape), shape=(y.size,))
    (g,) = gradient(reduce_sum(weighted), [symbol])
    leaves = {"x": x, "value": np.empty(y.shape, x.dtype), "g": np.empty_like(x), "vector": vector, **given}
    targets = [Assignment(leaf("value", y.shape), y), Assignment(leaf("g", x.shape), g)]
    Program([Section(targets)], leaves, dtype=x.dtype).run()
    return leaves["value"], leaves["g"]


def activation(text: str, x: Any, vector: Any = 1.0) -> tuple[Any, Any]:
    """The layer's value at x, and its derivative along `vector`."""
    layer = from_text(layers, text)
    return value_and_product(lambda symbol: layer.forward(symbol, Trace(False, None)), x, vector)


def loss_rows(text: str, scores: Any, target: Any, front: str | None = None, **given: np.ndarray) -> tuple[Any, Any]:
    """The loss of each row of scores (which go through the layer `front`), and the gradient of their mean."""
    loss, target = from_text(losses, text), np.asarray(target)
    y = leaf("y", target.shape, index=target.ndim == 1)

    def rows(symbol: Tensor) -> Tensor:
        ahead = symbol if front is None else from_text(layers, front).forward(symbol, Trace(False, None))
        return loss.rows(ahead, y)

    return value_and_product(rows, scores, 1.0 / len(target), y=target, **given)


class Slopes(NamedTuple):
    """What layers make of x, and the derivative along `vector` by x and by each weight."""

    value: Any
    weights: dict[str, Any]
    x: Any
    gradients: dict[str, Any]


def through(
    texts: list[str], x: Any, vector: Any = 1.0, weights: dict[str, Any] | None = None, training: bool = False,
    **options: Any,
) -> Slopes:  # fmt: skip
    """The layers on x in float64, with weights drawn from seed 0 unless they are given; `options` of the network."""
    x = np.asarray(x, np.intp if options.get("symbols") else np.float64)
    network = Network([from_text(layers, text) for text in texts], x.shape[1:], **options)
    symbol = network.input(len(x))
    trace = network.trace(symbol, training)
    y = trace.prediction
    state = State(trace.parameters, None, None, "float64", memories=trace.memories)
    state.draw([np.random.default_rng(0)])
    views = state.views("parameters")
    for name, value in (weights or {}).items():
        views[name][...] = value
    weighted = apply("reshape", y * leaf("vector", y.shape), shape=(y.size,))
    wanted = {} if options.get("symbols") else {"gradient x": symbol}
    wanted |= {f"gradient.{name}": tensor for name, tensor in zip(views, trace.tensors, strict=True)}
    found = gradient(reduce_sum(weighted), list(wanted.values()))
    leaves = {**state.leaves(), "x": x, "value": np.empty(y.shape), "gradient x": np.zeros(x.shape)}
    leaves["vector"] = np.broadcast_to(np.asarray(vector, np.float64), y.shape)
    targets = [Assignment(leaf("value", y.shape), y)]
    targets += [Assignment(leaf(name, g.shape), g) for name, g in zip(wanted, found, strict=True)]
    Program([Section(targets)], leaves, dtype="float64").run()
    return Slopes(leaves["value"], views, leaves["gradient x"], state.views("gradients"))


def assert_like_torch(about: dict[str, Any], arrays: dict[str, Any]) -> None:
    """That layers on torch's weights give torch's value and gradients, to 1e-11: cases of tests/golden/make_*.py."""
    weights = {key.removeprefix("weight."): value for key, value in arrays.items() if key.startswith("weight.")}
    options = {name: about[name] for name in ("symbols", "filled", "training") if name in about}
    found = through(about["layers"], arrays["x"], arrays["vector"], weights, **options)
    assert found.weights.keys() == weights.keys()
    np.testing.assert_allclose(found.value, arrays["value"], rtol=1e-11, atol=1e-11)
    wanted = {key.removeprefix("gradient."): value for key, value in arrays.items() if key.startswith("gradient.")}
    for name, value in wanted.items():
        ours = found.x if name == "x" else found.gradients[name]
        np.testing.assert_allclose(ours, value, rtol=1e-11, atol=1e-11, err_msg=name)
