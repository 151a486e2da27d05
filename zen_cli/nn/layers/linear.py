"""Fully connected layers."""

from typing import ClassVar

from zen_cli.compiler.tensor import Tensor, apply
from zen_cli.errors import ZenError
from zen_cli.nn.initializers import Initializer, Zeros
from zen_cli.nn.layers.base import Build, Layer, layers
from zen_cli.registry import option


@layers.register("linear", "dense", main="units")
class Linear(Layer):
    """y = x W + b: every output is a weighted sum of every input.

    x (batch, inputs) -> y (batch, units); weight (inputs, units), bias (units,). On more axes it works on the last.
    Source: Rosenblatt 1958; Goodfellow, Bengio, Courville 2016, chapter 6.

    >>> from zen_cli.nn.initializers import Constant
    >>> from zen_cli.nn.worked import forward
    >>> forward(Linear(1, init=Constant(2.0)), [[3, 4], [5, 6]])
    [[14.0], [22.0]]
    """

    example: ClassVar[str] = "linear: 64"
    weighted: ClassVar[bool] = True
    units: int = option(help="number of outputs", low=1)
    bias: bool = option(True, help="whether to add b")
    init: Initializer | None = option(None, help="initializer of the weight; default by the layer that follows")
    bias_init: Initializer | None = option(None, help="initializer of the bias; default zeros")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        return affine(x, self.units, build, self.init, self.bias_init, self.bias)


@layers.register("output")
class Output(Layer):
    """y = x W + b as the last layer, as wide as the target and the loss ask for: scores, not probabilities.

    One unit a class for cross_entropy, one for a two-class binary_cross_entropy, one a target column else.
    Source: as `linear`.

    >>> from zen_cli.nn.initializers import Constant
    >>> from zen_cli.nn.worked import forward
    >>> forward(Output(init=Constant(2.0)), [[3, 4]], outputs=1)
    [[14.0]]
    """

    example: ClassVar[str] = "output"
    weighted: ClassVar[bool] = True
    init: Initializer | None = option(None, help="initializer of the weight; default glorot_uniform")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        if build.outputs is None:
            raise ZenError("the width of 'output' follows from the target, and there is none", hint="use linear: N")
        return affine(x, build.outputs, build, self.init)


def affine(
    x: Tensor, units: int, build: Build, init: Initializer | None = None, bias_init: Initializer | None = None,
    bias: bool = True,
) -> Tensor:
    """x W + b with `weight` and `bias` of the layer being built."""
    if x.rank < 2:
        raise ZenError(f"a linear layer needs (batch, inputs), found shape {x.shape}")
    fans = (x.shape[-1], units)
    rows = x if x.rank == 2 else apply("reshape", x, shape=(x.size // x.shape[-1], x.shape[-1]))  # one product of all
    y = rows @ build.parameter("weight", (x.shape[-1], units), init, fans)
    if bias:
        y = y + build.parameter("bias", (units,), bias_init or Zeros(), fans)
    return y if x.rank == 2 else apply("reshape", y, shape=(*x.shape[:-1], units))
