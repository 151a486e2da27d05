"""Normalisation over the batch: what the rows of a batch have in common is taken out, and remembered for inference."""

from typing import ClassVar

from zen_cli.compiler.normal import mean, normalize
from zen_cli.compiler.primitives import sqrt, square
from zen_cli.compiler.tensor import Tensor, apply
from zen_cli.nn.layers.base import Build, Layer, layers
from zen_cli.nn.layers.layer_norm import scaled
from zen_cli.nn.layers.sliding import as_before, channels_at_the_end
from zen_cli.registry import option


@layers.register("batch_norm", main="momentum")
class BatchNorm(Layer):
    """y = (x - mean) / sqrt(variance + eps) weight + bias, mean and variance of each channel over batch and places.

    x (batch, units), (batch, time, units) or (batch, channels, height, width); weight (units,) begins at 1, bias
    (units,) at 0. Training takes the mean and variance of the batch, and moves the remembered `mean` and `variance`
    (units,), which inference takes, to them: m <- (1 - momentum) m + momentum of the batch. As in torch, momentum is
    the share of what is new (Keras' 0.99 is 0.01 here), and the variance divides by the count, but is remembered
    divided by the count less 1.
    Source: Ioffe and Szegedy 2015, arXiv:1502.03167, algorithms 1 and 2; the conventions are torch's BatchNorm2d.

    >>> from zen_cli.nn.worked import forward
    >>> forward(BatchNorm(), [[1, 3]])  # not in training: mean 0 and variance 1 are remembered at first
    [[0.999995, 2.999985]]
    """

    example: ClassVar[str] = "batch_norm"
    momentum: float = option(0.1, "how much of what is remembered is replaced in each step", low=0, high=1)
    eps: float = option(1e-5, "added to the variance", above=0)
    scale: bool = option(True, "whether to multiply by a weight")
    shift: bool = option(True, "whether to add a bias")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        z = channels_at_the_end(x)
        known = [build.state("mean", z.shape[-1:], 0.0), build.state("variance", z.shape[-1:], 1.0)]
        if build.training:
            axes = tuple(range(-z.rank, -1))
            self._remember(z, axes, known, build)
            y = normalize(z, axes, self.eps)
        else:
            y = (z - known[0]) * (1.0 / sqrt(known[1] + self.eps))
        return as_before(scaled(y, build, self.scale, self.shift))

    def _remember(self, z: Tensor, axes: tuple[int, ...], known: list[Tensor], build: Build) -> None:
        count, average = z.size // z.shape[-1], mean(z, axes)
        spread = mean(square(z - average), axes) * (count / max(count - 1, 1))
        for name, old, new in zip(("mean", "variance"), known, (average, spread), strict=True):
            new = apply("reshape", new, shape=old.shape)
            build.remember(name, old * (1.0 - self.momentum) + new * self.momentum)
