"""Tensors that only look at another's numbers in another way: how they step through them, and whose they are.

Steps are counted in numbers, within one replica: what is computed lies close together, the last axis fastest.
"""

from __future__ import annotations

from itertools import accumulate
from operator import mul

from zen_cli.compiler.tensor import Shape, Tensor

Steps = tuple[int, ...]


def is_view(tensor: Tensor) -> bool:
    """Whether this only looks at its input in another way: a transpose, a slice, or a reshape that needs no copy."""
    if tensor.primitive == "reshape":
        return _reshaped(tensor) is not None
    return tensor.primitive in ("transpose", "slice")


def root(tensor: Tensor) -> Tensor:
    """The tensor whose storage this one is a view of."""
    while is_view(tensor):
        tensor = tensor.inputs[0]
    return tensor


def is_close(tensor: Tensor) -> bool:
    """Whether its numbers lie one after the other, so that they can be read as one line."""
    return not is_view(tensor) or len(_runs(tensor.shape, steps(tensor))) <= 1


def steps(tensor: Tensor) -> Steps:
    """How far apart two neighbours on each axis are.

    >>> from zen_cli.compiler.tensor import leaf
    >>> steps(leaf("x", (2, 3))), steps(leaf("x", (2, 3)).T)
    ((3, 1), (1, 3))
    """
    if tensor.primitive == "transpose":
        found = steps(tensor.inputs[0])
        return tuple(found[axis] for axis in whole(tensor.options["axes"], len(found)))
    if tensor.primitive == "slice":
        return steps(tensor.inputs[0])
    return (_reshaped(tensor) if tensor.primitive == "reshape" else None) or _close(tensor.shape)


def whole(axes: tuple[int, ...], rank: int) -> tuple[int, ...]:
    """A permutation of the last axes as one of all.

    >>> whole((-1, -2), 3)
    (-3, -1, -2)
    """
    return (*range(-rank, -len(axes)), *axes)


def _close(shape: Shape) -> Steps:
    return tuple(accumulate((1, *shape[:0:-1]), mul))[: len(shape)][::-1]


def _reshaped(tensor: Tensor) -> Steps | None:
    """The steps of a reshape, from the last axis on: each takes what it needs of the innermost run of numbers."""
    source = tensor.inputs[0]
    runs = _runs(source.shape, steps(source)) if is_view(source) else [(source.size, 1)]
    found: list[int] = []
    size, step = runs.pop() if runs else (1, 1)
    for n in reversed(tensor.shape):
        if size == 1 and runs and n > 1:
            size, step = runs.pop()
        if n == 0 or size % n:
            return None
        found.append(step)
        size, step = size // n, step * n
    return tuple(reversed(found))


def _runs(shape: Shape, found: Steps) -> list[tuple[int, int]]:
    """The fewest (size, step) that go through the same numbers in the same order."""
    runs: list[tuple[int, int]] = []
    for n, step in zip(shape, found, strict=True):
        if n == 1:
            continue
        if runs and runs[-1][1] == n * step:
            runs[-1] = (runs[-1][0] * n, step)
        else:
            runs.append((n, step))
    return runs
