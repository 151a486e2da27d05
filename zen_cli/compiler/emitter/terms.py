"""What forms are made of: copies and products, and what they need of the code that is being written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from zen_cli.compiler.tensor import Tensor

Array = np.ndarray[Any, Any]


class Names(Protocol):
    """What a form needs of the code that is being written."""

    replicas: int | None
    looped: bool  # whether arrays are parts of longer ones, other parts in each round

    def bound(self, value: Any, prefix: str) -> str:
        """The name under which `value` is at hand in the program."""

    def ones(self, *shape: int) -> Array:
        """An array of ones."""


Form = Callable[[Names, Tensor, Array, list[Array]], str]


def copied(names: Names, out: Array, source: str) -> str:
    return f"{names.bound(np.copyto, 'copyto')}({names.bound(out, 'a')}, {source})"


def dot(names: Names, a: Array, b: Array, out: Array) -> str:
    """`a @ b` into `out`: a bound method for two matrices, `matmul` for stacks, and for parts, which `dot` copies."""
    if a.ndim <= 2 and b.ndim <= 2 and is_whole(a) and is_whole(b) and out.flags.c_contiguous:
        return f"{names.bound(a.dot, 'dot')}({names.bound(b, 'a')}, {names.bound(out, 'a')})"
    said = ", ".join(names.bound(array, "a") for array in (a, b, out))
    return f"{names.bound(np.matmul, 'matmul')}({said})"


def is_whole(array: Array) -> bool:
    return array.flags.c_contiguous or array.flags.f_contiguous


def suits_blas(array: Array) -> bool:
    """Whether the rows or the columns of its matrices lie one behind the other, which a product needs to be fast."""
    if array.flags.c_contiguous:
        return True
    size, (rows, columns), (down, along) = array.itemsize, array.shape[-2:], array.strides[-2:]
    return (along == size and down >= columns * size) or (down == size and along >= rows * size)
