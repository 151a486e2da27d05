"""What an instruction costs: floating-point operations, and bytes of the arrays that it reads and writes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from zen_cli.compiler.tensor import Tensor, ancestors
from zen_cli.compiler.views import is_view

FREE = ("leaf", "constant", "scalar", "outcome")
MOVES = ("reshape", "broadcast", "concat", "gather", "scatter", "one_hot", "patches", "random", "transpose", "slice")


class Cost(NamedTuple):
    """Numbers worked out, and numbers read and written."""

    operations: int = 0
    numbers: int = 0

    def plus(self, other: Cost, times: int = 1) -> Cost:
        return Cost(self.operations + times * other.operations, self.numbers + times * other.numbers)


def cost(tensor: Tensor) -> Cost:
    """Of one instruction. A multiplication with the addition that follows counts as two operations.

    >>> from zen_cli.compiler.tensor import leaf
    >>> cost(leaf("x", (4, 3)) @ leaf("w", (3, 2)))
    Cost(operations=48, numbers=26)
    """
    if tensor.primitive in FREE or is_view(tensor):
        return Cost()
    if tensor.primitive == "loop":
        return _rounds(tensor)
    form = OPERATIONS.get(tensor.primitive)
    operations = form(tensor) if form else 0 if tensor.primitive in MOVES else tensor.size
    return Cost(operations, tensor.size + sum(item.size for item in tensor.inputs))


def _rounds(tensor: Tensor) -> Cost:
    loop, total = tensor.options["loop"], Cost()
    for item in ancestors([*loop.following, *loop.kept]):
        total = total.plus(cost(item), loop.rounds)
    return total


def _taps(tensor: Tensor) -> int:
    return math.prod(tensor.options["window"].kernel)


OPERATIONS: dict[str, Callable[[Tensor], int]] = {
    "matmul": lambda y: 2 * y.size * y.inputs[0].shape[-1],
    "inner": lambda y: 2 * y.inputs[0].size,
    "sum": lambda y: y.inputs[0].size,
    "max": lambda y: y.inputs[0].size,
    "convolve": lambda y: 2 * y.size * math.prod(y.inputs[1].shape[:3]),
    "convolve_input": lambda y: 2 * y.inputs[0].size * math.prod(y.inputs[1].shape[:3]),
    "convolve_weight": lambda y: 2 * y.inputs[1].size * math.prod(y.shape[:3]),
    "max_pool": lambda y: y.size * _taps(y),
    "sum_pool": lambda y: y.size * _taps(y),
    "max_pool_input": lambda y: 2 * y.inputs[0].size * _taps(y),
    "sum_pool_input": lambda y: y.inputs[0].size * _taps(y),
}
"""By the name of the primitive; of what is not here and is no move, one for each number of the result."""
