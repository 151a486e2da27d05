"""Layers that only look at their input in another shape."""

import math
from typing import ClassVar

from zen_cli.compiler.tensor import Tensor, apply
from zen_cli.errors import ZenError
from zen_cli.nn.layers.base import Build, Layer, layers
from zen_cli.registry import option


@layers.register("flatten")
class Flatten(Layer):
    """Each row as one line of numbers: (batch, a, b, ...) -> (batch, a b ...), the last axis fastest.

    Source: as numpy.ndarray.reshape.

    >>> from zen_cli.nn.worked import forward
    >>> forward(Flatten(), [[[1, 2], [3, 4]]])
    [[1.0, 2.0, 3.0, 4.0]]
    """

    def forward(self, x: Tensor, build: Build) -> Tensor:
        return apply("reshape", x, shape=(x.shape[0], math.prod(x.shape[1:])))


@layers.register("reshape", main="shape")
class Reshape(Layer):
    """Each row in another shape: (batch, ...) -> (batch, *shape), the last axis fastest; one size may be -1.

    Source: as numpy.ndarray.reshape.

    >>> from zen_cli.nn.worked import forward
    >>> forward(Reshape([-1, 2]), [[1, 2, 3, 4]])
    [[[1.0, 2.0], [3.0, 4.0]]]
    """

    example: ClassVar[str] = "reshape: [-1, 2]"
    shape: list[int] = option(help="the shape of one row; -1 for the size that follows from the others", low=-1)

    def forward(self, x: Tensor, build: Build) -> Tensor:
        size, known = math.prod(x.shape[1:]), math.prod(n for n in self.shape if n != -1)
        fits = known and size % known == 0 if self.shape.count(-1) == 1 else size == known
        if not fits or self.shape.count(-1) > 1 or 0 in self.shape:
            raise ZenError(f"cannot reshape rows of {size} numbers, shape {list(x.shape[1:])}, to {self.shape}")
        shape = tuple(size // known if n == -1 else n for n in self.shape)
        return apply("reshape", x, shape=(x.shape[0], *shape))
