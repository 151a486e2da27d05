"""A network: a list of layers, and what they make of an input once its shape is known."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from zen_cli.compiler.gradient import label
from zen_cli.compiler.primitives import PRIMITIVES, greater
from zen_cli.compiler.tensor import Shape, Tensor, ancestors, apply, leaf
from zen_cli.compiler.views import is_view
from zen_cli.errors import ZenError
from zen_cli.nn.initializers import GlorotUniform, Initializer, initializers
from zen_cli.nn.layers import Law, Layer
from zen_cli.nn.layers.treatment import Treatment

Path = tuple[int, ...]  # the index of a layer, then that of one within it, and so on


class Parameter(NamedTuple):
    """A trained array: `model.<layer index>.<name>`, its shape, and how it is drawn."""

    name: str
    shape: Shape
    init: Initializer
    fans: tuple[int, int]
    treatment: Treatment = Treatment()

    @property
    def layer(self) -> int:
        """The layer of the model that it is in."""
        return int(self.name.split(".")[1])


class Memory(NamedTuple):
    """An array that a layer changes while it trains, without a gradient: `state.<layer index>.<name>`."""

    name: str
    shape: Shape
    start: float


class LayerShape(NamedTuple):
    """What one layer gives: for tables and messages."""

    path: Path
    layer: Layer
    shape: Shape  # of one row
    parameters: int  # its own: what is in its inner layers is theirs


class Network(NamedTuple):
    """Layers in order; `input_shape` of one row; `outputs`: how many numbers a row the loss wants, if known.

    `symbols`: the input is whole numbers below that, not floats; `filled`: symbol 0 only fills rows up; `stepwise`:
    each step is asked what comes next.
    """

    layers: Sequence[Layer]
    input_shape: Shape
    outputs: int | None = None
    symbols: int = 0
    filled: bool = False
    stepwise: bool = False

    def dtype(self, dtype: Any) -> Any:
        """What x is made of in a program of that type: symbols are whole numbers."""
        return np.intp if self.symbols else dtype

    def input(self, rows: int, stacked: bool = True) -> Tensor:
        """The symbolic x (rows, ...)."""
        return leaf("x", (rows, *self.input_shape), stacked=stacked, index=bool(self.symbols))

    def trace(self, x: Tensor, training: bool, weights: Mapping[str, Tensor] | None = None) -> Trace:
        """Runs the layers on the symbolic x (batch, ...). A mistake is raised as the LayerError of its layer.

        `weights` are what stands for parameters, by name; the others are leaves.
        """
        mask = greater(x, 0.0) if self.filled else None
        trace = Trace(training, self.outputs, self.symbols, self.stepwise, mask)
        trace.weights = weights or {}
        label(x, "input")
        trace.prediction = trace.layers(self.layers, x)
        return trace

    def describe(self) -> Trace:
        """The trace of a single row: shapes and parameters."""
        return self.trace(self.input(1), training=False)


def _suiting(following: Iterable[Layer]) -> Initializer:
    """The initializer for weights in front of `following`: as the first activation among them says."""
    found = _decisive(following)
    name = found.follows_well if found else None
    return initializers[name]() if name else GlorotUniform()


def _decisive(following: Iterable[Layer]) -> Layer | None:
    """The first layer that is an activation or has weights, within composites too."""
    for layer in following:
        if layer.follows_well is not None or layer.weighted:
            return layer
        if found := _decisive(layer.inner()):
            return found
    return None


class Trace:
    """What the layers asked for while they ran: the Build that they see."""

    def __init__(
        self, training: bool, outputs: int | None = None, symbols: int = 0, stepwise: bool = False,
        mask: Tensor | None = None,
    ) -> None:  # fmt: skip
        self.training, self.outputs, self.symbols = training, outputs, symbols
        self.stepwise, self.mask = stepwise, mask
        self.parameters: list[Parameter] = []
        self.shapes: list[LayerShape] = []
        self.prediction: Tensor
        self.tensors: list[Tensor] = []  # the leaves of the parameters, or what is given for them
        self.weights: Mapping[str, Tensor] = {}  # what is given
        self.memories: list[Memory] = []
        self.remembered: dict[str, Tensor] = {}  # what is in each at the end
        self._path: Path = ()  # of the layer that is being built
        self._owner: Path = ()  # under which its parameters are named
        self._following: list[Layer] = []
        self._treatment = Treatment()
        self._shared: dict[str, tuple[Path, Sequence[Layer]]] = {}
        self._draws = 0

    @property
    def activations(self) -> int:
        """About how many numbers a row makes on its way: what its layers give, or what products and loops leave."""
        shown = sum(math.prod(layer.shape) for layer in self.shapes)
        return max(shown, sum(map(_left_by, ancestors([self.prediction]))))

    def layers(self, found: Sequence[Layer], x: Tensor, *below: int) -> Tensor:
        path, owner, following = self._path, self._owner, self._following
        for index, layer in enumerate(found):
            self._path, self._owner = (*path, *below, index), (*owner, *below, index)
            self._following = [*found[index + 1 :], *following]
            x = self._layer(layer, x)
        self._path, self._owner, self._following = path, owner, following
        return x

    def shared(self, name: str, found: Sequence[Layer], x: Tensor) -> Tensor:
        if not found and name not in self._shared:
            raise ZenError(f"no layers are shared as '{name}' before this", hint="give it the layers here")
        owner = self._owner
        self._owner, known = self._shared.setdefault(name, (owner, found))
        if found and found is not known:
            raise ZenError(f"other layers are shared as '{name}' already", hint=f"`shared: {name}` uses them again")
        y = self.layers(known, x)
        self._owner = owner
        return y

    def _layer(self, layer: Layer, x: Tensor) -> Tensor:
        path, parameters, place, around = self._path, len(self.parameters), len(self.shapes), self._treatment
        self._treatment = layer.treatment(around)
        try:
            if x.options.get("index") and not layer.takes_symbols and not layer.inner():
                raise ZenError("takes numbers, found symbols", hint="make vectors of them first: embedding: 32")
            y = layer.forward(x, self)
            if layer.treated and len(self.parameters) == parameters:
                raise ZenError(f"a layer without weights has no {' or '.join(layer.treated)}", hint="leave it out")
        except LayerError as error:
            if error.where is not None or layer.place is None:
                raise
            raise LayerError(error.path, layer, error.what, error.hint) from error  # one that no config names
        except ValueError as error:
            raise LayerError(path, layer, str(error), self._given(path)) from error
        except ZenError as error:
            raise LayerError(path, layer, error.what, error.hint or self._given(path)) from error
        self._treatment = around
        label(y, f"{'.'.join(map(str, path))} {layer.name}")
        size = sum(tensor.size for tensor in self.tensors[parameters:])
        inner = sum(shape.parameters for shape in self.shapes[place:])
        self.shapes.insert(place, LayerShape(path, layer, y.shape[1:], size - inner))
        return y

    def _given(self, path: Path) -> str | None:
        """What the layer before gives, and where that is written."""
        before = next((each for each in self.shapes if each.path == (*path[:-1], path[-1] - 1)), None)
        if before is None or before.layer.place is None:
            return None
        return f"{before.layer.place}: {before.layer.name} gives rows of shape {list(before.shape)}"

    def parameter(self, name: str, shape: Shape, init: Initializer | None, fans: tuple[int, int]) -> Tensor:
        full = self._named("model", name)
        made = zip(self.parameters, self.tensors, strict=True)
        known = next((tensor for parameter, tensor in made if parameter.name == full), None)
        assert known is None or self._owner != self._path, f"{full} is asked for twice"
        if known is not None and known.shape != shape:
            raise ZenError(f"{full} has the shape {known.shape}, used again here it would need {shape}")
        if known is None:
            self.parameters.append(Parameter(full, shape, init or _suiting(self._following), fans, self._treatment))
            self.tensors.append(known := self.weights.get(full) or leaf(full, shape))
        return known

    def state(self, name: str, shape: Shape, start: float) -> Tensor:
        full = self._named("state", name)
        if full not in self.remembered:
            self.memories.append(Memory(full, shape, start))
            self.remembered[full] = leaf(full, shape)
        return self.remembered[full]

    def remember(self, name: str, value: Tensor) -> None:
        label(value, ".".join(map(str, self._path)) + " state")
        self.remembered[self._named("state", name)] = value

    def _named(self, kind: str, name: str) -> str:
        return f"{kind}.{'.'.join(map(str, self._owner))}.{name}"

    def random(self, shape: Shape, law: Law = "uniform") -> Tensor:
        self._draws += 1
        return apply("random", shape=shape, key=self._draws, law=law)


def _left_by(tensor: Tensor) -> int:
    if tensor.primitive == "loop":
        loop = tensor.options["loop"]
        return int(loop.rounds * sum(item.size for item in ancestors([*loop.following, *loop.kept]) if item.inputs))
    small = not tensor.inputs or PRIMITIVES[tensor.primitive].elementwise or is_view(tensor)
    return 0 if small or tensor.primitive == "broadcast" else tensor.size


class LayerError(ZenError):
    """A layer that cannot be built on what it is given; `path` and `layer` say which."""

    def __init__(self, path: Path, layer: Layer, what: str, hint: str | None = None) -> None:
        super().__init__(what, layer.place, hint)
        self.path, self.layer = path, layer
