"""A network: a list of layers, and what they make of an input once its shape is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from zen_cli.compiler.gradient import label
from zen_cli.compiler.tensor import Shape, Tensor, apply, leaf
from zen_cli.errors import ZenError
from zen_cli.nn.initializers import GlorotUniform, Initializer, initializers
from zen_cli.nn.layers import Layer


class Parameter(NamedTuple):
    """A trained array: `model.<layer index>.<name>`, its shape, and how it is drawn."""

    name: str
    shape: Shape
    init: Initializer
    fans: tuple[int, int]


class LayerShape(NamedTuple):
    """What one layer gives: for tables and messages."""

    number: int
    layer: Layer
    shape: Shape  # of one row
    parameters: int


class Network(NamedTuple):
    """Layers in order; `input_shape` of one row; `outputs`: how many numbers a row the loss wants, if known."""

    layers: Sequence[Layer]
    input_shape: Shape
    outputs: int | None = None

    def trace(self, x: Tensor, training: bool) -> Trace:
        """Runs the layers on the symbolic x (batch, ...). A mistake of a layer is raised with its index in `layer`."""
        trace = Trace(training, self.outputs)
        label(x, "input")
        for index, layer in enumerate(self.layers):
            x = trace.layer(index, layer, x, _suiting(self.layers[index + 1 :]))
        trace.prediction = x
        return trace

    def describe(self) -> Trace:
        """The trace of a single row: shapes and parameters."""
        return self.trace(leaf("x", (1, *self.input_shape)), training=False)


def _suiting(following: Sequence[Layer]) -> Initializer:
    """The initializer for weights in front of `following`: as the first activation among them says."""
    for layer in following:
        if layer.follows_well is not None:
            return initializers[layer.follows_well]()
        if layer.name in ("linear", "output"):
            break
    return GlorotUniform()


class Trace:
    """What the layers asked for while they ran: the Build that they see."""

    def __init__(self, training: bool, outputs: int | None) -> None:
        self.training, self.outputs = training, outputs
        self.parameters: list[Parameter] = []
        self.shapes: list[LayerShape] = []
        self.prediction: Tensor
        self.tensors: list[Tensor] = []  # the leaves of the parameters
        self._index = 0
        self._suiting: Initializer = GlorotUniform()
        self._draws = 0

    def layer(self, index: int, layer: Layer, x: Tensor, suiting: Initializer) -> Tensor:
        self._index, self._suiting = index, suiting
        before = len(self.parameters)
        try:
            y = layer.forward(x, self)
        except ValueError as error:
            raise LayerError(index, str(error)) from error
        except ZenError as error:
            raise LayerError(index, error.what, error.hint) from error
        label(y, f"{index} {layer.name}")
        size = sum(tensor.size for tensor in self.tensors[before:])
        self.shapes.append(LayerShape(index, layer, y.shape[1:], size))
        return y

    def parameter(self, name: str, shape: Shape, init: Initializer | None, fans: tuple[int, int]) -> Tensor:
        spec = Parameter(f"model.{self._index}.{name}", shape, init or self._suiting, fans)
        tensor = leaf(spec.name, shape)
        self.parameters.append(spec)
        self.tensors.append(tensor)
        return tensor

    def random(self, shape: Shape) -> Tensor:
        self._draws += 1
        return apply("random", shape=shape, key=self._draws)


class LayerError(ZenError):
    """A layer that cannot be built on what it is given; `index` says which."""

    def __init__(self, index: int, what: str, hint: str | None = None) -> None:
        super().__init__(what, hint=hint)
        self.index = index
