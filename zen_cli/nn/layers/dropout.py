"""Dropout."""

from typing import ClassVar

from zen_cli.compiler.primitives import greater
from zen_cli.compiler.tensor import Tensor
from zen_cli.nn.layers.base import Build, Layer, layers
from zen_cli.registry import option


@layers.register("dropout", main="rate")
class Dropout(Layer):
    """y = x m / (1 - rate), m = 0 with probability `rate`, else 1: in training only; else y = x.

    Every replica draws its own masks from its own noise stream.
    Source: Srivastava et al. 2014; the scaled form is the one of torch and Keras.

    >>> from zen_cli.nn.worked import forward
    >>> forward(Dropout(0.5), [[1, 2]])  # not in training
    [[1.0, 2.0]]
    """

    example: ClassVar[str] = "dropout: 0.5"
    rate: float = option(0.5, help="share of units set to zero", low=0, below=1)

    def forward(self, x: Tensor, build: Build) -> Tensor:
        return dropped(x, self.rate, build)


def dropped(x: Tensor, rate: float, build: Build) -> Tensor:
    """x with a share of its numbers set to zero, in training."""
    if not build.training or rate == 0:
        return x
    kept = greater(build.random(x.shape), rate)
    return x * kept * (1.0 / (1.0 - rate))
