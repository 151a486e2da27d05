"""Normalisation of each row by itself: the same in training and inference, whatever the batch."""

from typing import ClassVar

from zen_cli.compiler.normal import normalize
from zen_cli.compiler.tensor import Tensor, apply
from zen_cli.errors import ZenError
from zen_cli.nn.initializers import Constant, Zeros
from zen_cli.nn.layers.base import Build, Layer, layers
from zen_cli.nn.layers.sliding import as_before, channels_at_the_end
from zen_cli.registry import option


@layers.register("layer_norm")
class LayerNorm(Layer):
    """y = (x - mean) / sqrt(variance + eps) weight + bias, mean and variance over the last axis.

    weight (units,) begins at 1, bias (units,) at 0; the variance divides by the number of units.
    Source: Ba, Kiros, Hinton 2016, arXiv:1607.06450.

    >>> from zen_cli.nn.worked import forward
    >>> forward(LayerNorm(), [[1, 3]])
    [[-0.999995, 0.999995]]
    """

    example: ClassVar[str] = "layer_norm"
    eps: float = option(1e-5, help="added to the variance", above=0)
    scale: bool = option(True, help="whether to multiply by a weight")
    shift: bool = option(True, help="whether to add a bias")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        return scaled(normalize(x, (-1,), self.eps), build, self.scale, self.shift)


@layers.register("rms_norm")
class RMSNorm(Layer):
    """y = x / sqrt(mean of x^2 + eps) weight, the mean over the last axis: layer_norm without the shift.

    weight (units,) begins at 1.
    Source: Zhang and Sennrich 2019, arXiv:1910.07467, equation 4.

    >>> from zen_cli.nn.worked import forward
    >>> forward(RMSNorm(), [[1, 7]])
    [[0.2, 1.4]]
    """

    example: ClassVar[str] = "rms_norm"
    eps: float = option(1e-6, help="added to the mean square", above=0)
    scale: bool = option(True, help="whether to multiply by a weight")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        return scaled(normalize(x, (-1,), self.eps, centered=False), build, self.scale, False)


@layers.register("group_norm", main="groups")
class GroupNorm(Layer):
    """y = (x - mean) / sqrt(variance + eps) weight + bias, mean and variance over a group of channels and all places.

    x (batch, units), (batch, time, units) or (batch, channels, height, width), the units in `groups` groups of
    neighbours; weight (units,) begins at 1, bias (units,) at 0. With one group for each unit it is instance norm.
    Source: Wu and He 2018, arXiv:1803.08494.

    >>> from zen_cli.nn.worked import forward
    >>> forward(GroupNorm(2), [[1, 3, 2, 2]])
    [[-0.999995, 0.999995, 0.0, 0.0]]
    """

    example: ClassVar[str] = "group_norm: 2"
    groups: int = option(help="how many groups", low=1)
    eps: float = option(1e-5, help="added to the variance", above=0)
    scale: bool = option(True, help="whether to multiply by a weight")
    shift: bool = option(True, help="whether to add a bias")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        z = channels_at_the_end(x)
        if z.shape[-1] % self.groups:
            raise ZenError(f"{z.shape[-1]} channels cannot be cut into {self.groups} groups")
        grouped = apply("reshape", z, shape=(*z.shape[:-1], self.groups, z.shape[-1] // self.groups))
        y = normalize(grouped, (*range(-grouped.rank + 1, -2), -1), self.eps)
        return as_before(scaled(apply("reshape", y, shape=z.shape), build, self.scale, self.shift))


def scaled(x: Tensor, build: Build, scale: bool, shift: bool) -> Tensor:
    """x weight + bias, with a weight and a bias for each unit."""
    shape, fans = x.shape[-1:], (x.shape[-1], x.shape[-1])
    ones = Constant(1.0)  # type: ignore[call-arg]
    y = x * build.parameter("weight", shape, ones, fans) if scale else x
    return y + build.parameter("bias", shape, Zeros(), fans) if shift else y
