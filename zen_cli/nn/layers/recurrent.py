"""Layers that read a sequence step by step and carry a state along. Gates and weights as in torch, transposed."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from zen_cli.compiler.loop import carry
from zen_cli.compiler.primitives import concat, part, permute, tanh
from zen_cli.compiler.tensor import Tensor, apply, constant
from zen_cli.errors import ZenError
from zen_cli.nn.initializers import FanInUniform, Initializer, Zeros
from zen_cli.nn.layers.activations import rectify
from zen_cli.nn.layers.base import Build, Layer, layers
from zen_cli.nn.layers.embedding import require_steps
from zen_cli.registry import option, schema

MAJOR = (-2, -3, -1)  # (batch, time, units) with the time in front, and back


@schema
class Recurrent(Layer):
    """What all of them do; each says how its state goes on.

    Parameters, with `gates` for each unit: weight (inputs, gates units), recurrent_weight (units, gates units), bias
    and recurrent_bias (gates units,), begun at 0; those of the second direction begin with `backward_`. A step that
    only fills up a row leaves the state as it is.
    """

    gates: ClassVar[int]
    carried: ClassVar[tuple[str, ...]] = ("h",)  # the parts of the state; the first is what is given on
    bias_within: ClassVar[bool] = False  # whether a step needs recurrent_bias, instead of its sum with the other
    weighted: ClassVar[bool] = True
    units: int = option(help="numbers in the state", low=1)
    last: bool = option(False, help="only the state after the last step")
    bidirectional: bool = option(False, help="a second one reads from the end; both states side by side")
    init: Initializer | None = option(None, help="initializer of the weights; default uniform up to 1 / sqrt(units)")

    def step(self, inputs: Tensor, weight: Tensor, **others: Tensor) -> Sequence[Tensor]:
        """The state after a step: from its `inputs` x_t weight + bias (batch, gates units) and the state before it."""
        raise NotImplementedError

    def forward(self, x: Tensor, build: Build) -> Tensor:
        require_steps(x)
        if build.stepwise and self.bidirectional:
            raise ZenError("reads from the end the characters that are to be predicted", hint="one direction only")
        found = [self._direction(x, build, backward) for backward in (False, True)[: 1 + self.bidirectional]]
        return found[0] if len(found) == 1 else concat(found)

    def _direction(self, x: Tensor, build: Build, backward: bool) -> Tensor:
        (batch, time, inputs), units = x.shape, self.units
        weight, recurrent_weight, bias, recurrent_bias = self._parameters(inputs, build, "backward_" * backward)
        rows = apply("reshape", permute(x, MAJOR), shape=(time * batch, inputs))  # one product for all steps
        bias, fixed = (bias, {"bias": recurrent_bias}) if self.bias_within else (bias + recurrent_bias, {})
        projected = apply("reshape", rows @ weight + bias, shape=(time, batch, self.gates * units))
        sequences = {"inputs": projected}
        if build.mask is not None and build.mask.shape == (batch, time):
            sequences["mask"] = apply("reshape", build.mask.T, shape=(time, batch, 1))
        first = dict.fromkeys(self.carried, apply("broadcast", constant(0.0), shape=(batch, units)))
        fixed = {"weight": recurrent_weight, **fixed}
        states, *_ = carry(self._masked_step, first, sequences, fixed, backward=backward)
        if not self.last:
            return permute(states, MAJOR)
        end = 0 if backward else time - 1
        return apply("reshape", part(states, end, end + 1, -3), shape=(batch, units))

    def _parameters(self, inputs: int, build: Build, prefix: str) -> list[Tensor]:
        width = self.gates * self.units
        fans, init = (self.units, width), self.init or FanInUniform()
        weights = [("weight", inputs), ("recurrent_weight", self.units)]
        made = [build.parameter(f"{prefix}{name}", (rows, width), init, fans) for name, rows in weights]
        biases = [build.parameter(f"{prefix}{name}", (width,), Zeros(), fans) for name in ("bias", "recurrent_bias")]
        return [*made, *biases]

    def _masked_step(self, mask: Tensor | None = None, **values: Tensor) -> Sequence[Tensor]:
        following = self.step(**values)
        if mask is None:
            return following
        before = [values[name] for name in self.carried]
        return [old + mask * (new - old) for old, new in zip(before, following, strict=True)]


@layers.register("rnn", main="units")
class Rnn(Recurrent):
    """h_t = tanh(x_t weight + bias + h_t-1 recurrent_weight + recurrent_bias), from h_0 = 0; y_t = h_t.

    x (batch, time, inputs) -> y (batch, time, units); (batch, units) with `last`.
    Source: Elman 1990; torch.nn.RNN.

    >>> from zen_cli.nn.initializers import Constant
    >>> from zen_cli.nn.worked import forward
    >>> forward(Rnn(1, init=Constant(1.0)), [[[1], [0]]])  # tanh(1), tanh(tanh(1))
    [[[0.761594], [0.642015]]]
    """

    example: ClassVar[str] = "rnn: 16"
    gates: ClassVar[int] = 1
    activation: Literal["tanh", "relu"] = option("tanh", help="what the sum goes through")

    def step(self, inputs: Tensor, weight: Tensor, **state: Tensor) -> Sequence[Tensor]:
        total = inputs + state["h"] @ weight
        return [tanh(total) if self.activation == "tanh" else rectify(total)]


@layers.register("lstm", main="units")
class Lstm(Recurrent):
    """c_t = s(f) c_t-1 + s(i) tanh(g), h_t = s(o) tanh(c_t), from h_0 = c_0 = 0; y_t = h_t; s is the sigmoid.

    (i, f, g, o) = x_t weight + bias + h_t-1 recurrent_weight + recurrent_bias, units of each side by side.
    x (batch, time, inputs) -> y (batch, time, units); (batch, units) with `last`.
    Source: Hochreiter and Schmidhuber 1997; Gers, Schmidhuber, Cummins 2000 (f); torch.nn.LSTM.

    >>> from zen_cli.nn.initializers import Constant
    >>> from zen_cli.nn.worked import forward
    >>> forward(Lstm(1, init=Constant(1.0)), [[[1]]])  # sigmoid(1) tanh(sigmoid(1) tanh(1))
    [[[0.369606]]]
    """

    example: ClassVar[str] = "lstm: 16"
    gates: ClassVar[int] = 4
    carried: ClassVar[tuple[str, ...]] = ("h", "c")

    def step(self, inputs: Tensor, weight: Tensor, **state: Tensor) -> Sequence[Tensor]:
        units, total = self.units, inputs + state["h"] @ weight
        both = apply("sigmoid", part(total, 0, 2 * units))
        entering, kept = part(both, 0, units), part(both, units, 2 * units)
        leaving = apply("sigmoid", part(total, 3 * units, 4 * units))
        cell = kept * state["c"] + entering * tanh(part(total, 2 * units, 3 * units))
        return [leaving * tanh(cell), cell]


@layers.register("gru", main="units")
class Gru(Recurrent):
    """h_t = (1 - z) n + z h_t-1, n = tanh(a_n + r b_n), from h_0 = 0; y_t = h_t. r and z are sigmoids of a + b.

    a = x_t weight + bias, b = h_t-1 recurrent_weight + recurrent_bias, (r, z, n) side by side in each.
    x (batch, time, inputs) -> y (batch, time, units); (batch, units) with `last`.
    Source: Cho et al. 2014, arXiv:1406.1078, in the form of torch.nn.GRU: r is applied after the product.

    >>> from zen_cli.nn.initializers import Constant
    >>> from zen_cli.nn.worked import forward
    >>> forward(Gru(1, init=Constant(1.0)), [[[1]]])  # (1 - sigmoid(1)) tanh(1)
    [[[0.204824]]]
    """

    example: ClassVar[str] = "gru: 16"
    gates: ClassVar[int] = 3
    bias_within: ClassVar[bool] = True

    def step(self, inputs: Tensor, weight: Tensor, **others: Tensor) -> Sequence[Tensor]:
        units, h = self.units, others["h"]
        again = h @ weight + others["bias"]
        both = apply("sigmoid", part(inputs, 0, 2 * units) + part(again, 0, 2 * units))
        reset, update = part(both, 0, units), part(both, units, 2 * units)
        new = tanh(part(inputs, 2 * units, 3 * units) + reset * part(again, 2 * units, 3 * units))
        return [new + update * (h - new)]
