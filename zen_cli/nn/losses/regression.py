"""Losses on numbers: the mean over the outputs of a row; the mean over the batch is taken outside."""

from typing import ClassVar

from zen_cli.compiler.primitives import absolute, square, stop_gradient
from zen_cli.compiler.tensor import Tensor
from zen_cli.nn.layers.activations import rectify
from zen_cli.nn.losses.base import Loss, losses, mean_of_outputs
from zen_cli.registry import option


@losses.register("mse", "mean_squared_error")
class MeanSquaredError(Loss):
    """L = mean over outputs of (p - y)^2. On classes, y is one-hot (or 0 and 1 with one output).

    The gradient is 2 (p - y) / (batch outputs): both means are in it.
    Source: Legendre 1805; torch.nn.MSELoss.

    >>> from zen_cli.nn.worked import loss_of
    >>> loss_of(MeanSquaredError(), [[1, 2]], [[0, 4]])
    2.5
    """

    def rows(self, prediction: Tensor, target: Tensor) -> Tensor:
        return mean_of_outputs(square(prediction - target))


@losses.register("mae", "mean_absolute_error")
class MeanAbsoluteError(Loss):
    """L = mean over outputs of |p - y|; the slope at p = y is 0.

    Source: Boscovich 1757; torch.nn.L1Loss.

    >>> from zen_cli.nn.worked import loss_of
    >>> loss_of(MeanAbsoluteError(), [[1, 2]], [[0, 4]])
    1.5
    """

    def rows(self, prediction: Tensor, target: Tensor) -> Tensor:
        return mean_of_outputs(absolute(prediction - target))


@losses.register("huber", main="delta")
class Huber(Loss):
    """L = mean over outputs of d^2/2 where |d| <= delta, else delta (|d| - delta/2); d = p - y.

    Source: Huber 1964; torch.nn.HuberLoss.

    >>> from zen_cli.nn.worked import loss_of
    >>> loss_of(Huber(delta=1.0), [[1, 2]], [[0, 4]])  # of 0.5 and 1.5
    1.0
    """

    example: ClassVar[str] = "huber: 0.5"
    delta: float = option(1.0, help="where the parabola turns into a line, in units of the target", above=0)

    def rows(self, prediction: Tensor, target: Tensor) -> Tensor:
        distance = absolute(prediction - target)
        capped = stop_gradient(distance - rectify(distance - self.delta))  # L = c (|d| - c/2), dL/d|d| = c
        return mean_of_outputs(capped * (distance - 0.5 * capped))
