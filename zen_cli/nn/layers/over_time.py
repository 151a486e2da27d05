"""A sequence as one row."""

from typing import ClassVar, Literal

from zen_cli.compiler.primitives import pad, part, reduce_sum
from zen_cli.compiler.tensor import Tensor, apply
from zen_cli.nn.layers.base import Build, Layer, layers
from zen_cli.nn.layers.embedding import require_steps
from zen_cli.registry import option


@layers.register("over_time", main="how")
class OverTime(Layer):
    """y = mean over t of x_t: a sequence as one row; or the largest of each unit, the last step, or the first.

    x (batch, time, units) -> y (batch, units). Steps that only fill up a row do not count.
    Source: Collobert et al. 2011 (the largest); Kim 2014, arXiv:1408.5882.

    >>> from zen_cli.nn.worked import forward
    >>> forward(OverTime("mean"), [[[1, 5], [3, 4]]]), forward(OverTime("max"), [[[1, 5], [3, 4]]])
    ([[2.0, 4.5]], [[3.0, 5.0]])
    """

    example: ClassVar[str] = "over_time: mean"
    how: Literal["mean", "max", "last", "first"] = option("mean", help="what is taken of the steps")

    def forward(self, x: Tensor, build: Build) -> Tensor:
        require_steps(x)
        batch, time, units = x.shape
        if self.how == "first":
            return _step(x, 0)
        mask = build.mask if build.mask is not None and build.mask.shape == (batch, time) else None
        if mask is None:
            return _whole(x, self.how)
        steps = apply("reshape", mask, shape=(batch, time, 1))
        if self.how == "max":
            return _whole(x + (steps - 1.0) * 1e9, "max")
        if self.how == "mean":
            return reduce_sum(x * steps, (-2,)) / reduce_sum(mask, (-1,), keep=True)
        following = pad(part(steps, 1, time, -2), 0, 1, -2)
        return reduce_sum(x * (steps - following), (-2,))  # 1 at the last step that counts, else 0


def _whole(x: Tensor, how: str) -> Tensor:
    if how == "last":
        return _step(x, x.shape[1] - 1)
    if how == "max":
        return apply("max", x, axes=(-2,), keep=False)
    return reduce_sum(x, (-2,)) * (1.0 / x.shape[1])


def _step(x: Tensor, at: int) -> Tensor:
    return apply("reshape", part(x, at, at + 1, -2), shape=(x.shape[0], x.shape[2]))
