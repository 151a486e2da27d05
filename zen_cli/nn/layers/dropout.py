"""Noise in training: numbers set to zero, or moved by chance. In inference none of it is there.

Every replica draws from its own noise stream.
"""

from typing import ClassVar

from zen_cli.compiler.layout import channels_first, lies_last
from zen_cli.compiler.primitives import greater
from zen_cli.compiler.tensor import Tensor
from zen_cli.nn.layers.base import Build, Law, Layer, layers
from zen_cli.nn.layers.sliding import as_before, channels_at_the_end
from zen_cli.registry import option


@layers.register("dropout", main="rate")
class Dropout(Layer):
    """y = x m / (1 - rate), m = 0 with probability `rate`, else 1: in training only; else y = x.

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
    return x * greater(_drawn(x, build), rate) * (1.0 / (1.0 - rate))


@layers.register("spatial_dropout", main="rate")
class SpatialDropout(Layer):
    """y = x m / (1 - rate), m = 0 with probability `rate`, else 1, for whole channels: in training only; else y = x.

    x (batch, channels, height, width) or (batch, time, channels): neighbours are too alike for one to be missed.
    Source: Tompson et al. 2014, arXiv:1411.4280, section 3.2; torch's Dropout2d.

    >>> from zen_cli.nn.worked import forward
    >>> forward(SpatialDropout(0.5), [[[1, 2]]])  # not in training
    [[[1.0, 2.0]]]
    """

    example: ClassVar[str] = "spatial_dropout: 0.2"
    rate: float = option(0.5, help="share of channels set to zero", low=0, below=1)

    def forward(self, x: Tensor, build: Build) -> Tensor:
        z = channels_at_the_end(x)
        if not build.training or self.rate == 0:
            return x
        drawn = build.random((z.shape[0], *[1] * (z.rank - 2), z.shape[-1]))
        return as_before(z * greater(drawn, self.rate) * (1.0 / (1.0 - self.rate)))


@layers.register("gaussian_noise", main="std")
class GaussianNoise(Layer):
    """y = x + std n, n ~ N(0, 1) for each number: in training only; else y = x.

    Source: Bishop 1995, "Training with noise is equivalent to Tikhonov regularization".

    >>> from zen_cli.nn.worked import forward
    >>> forward(GaussianNoise(0.1), [[1, 2]])  # not in training
    [[1.0, 2.0]]
    """

    example: ClassVar[str] = "gaussian_noise: 0.1"
    std: float = option(0.1, help="standard deviation of the noise", low=0)

    def forward(self, x: Tensor, build: Build) -> Tensor:
        return x + self.std * _drawn(x, build, "normal") if build.training and self.std else x


def _drawn(x: Tensor, build: Build, law: Law = "uniform") -> Tensor:
    """A random number for each number of x, in the order in which they lie."""
    if not lies_last(x):
        return build.random(x.shape, law)
    batch, channels, height, width = x.shape
    return channels_first(build.random((batch, height, width, channels), law))
