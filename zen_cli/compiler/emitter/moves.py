"""How what only moves numbers is said in NumPy: copies into other shapes and places, rows by their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from zen_cli.compiler.emitter.terms import Array, Form, Names, copied, dot
from zen_cli.compiler.primitives import spans
from zen_cli.compiler.tensor import Tensor

SMALL = 4096  # elements up to which a broadcast is cheaper as a product with ones


def broadcast(names: Names, tensor: Tensor, out: Array, inputs: list[Array]) -> str:
    """A row or a column stretched over a small matrix is a product with ones; anything else is copied."""
    (x,), (item,) = inputs, tensor.inputs
    if out.ndim == 2 and tensor.rank == 2 and item.size > 1 and tensor.size <= SMALL:
        if item.shape[-1] == tensor.shape[1]:
            return dot(names, names.ones(tensor.shape[0], 1), x.reshape(1, -1), out)
        return dot(names, x.reshape(-1, 1), names.ones(1, tensor.shape[1]), out)
    return copied(names, out, names.bound(x, "a"))


def reshape(names: Names, tensor: Tensor, out: Array, inputs: list[Array]) -> str:
    """Only where it is no view: a transposed array in a new shape."""
    return copied(names, out.reshape(inputs[0].shape), names.bound(inputs[0], "a"))


def along(axis: int, start: int, stop: int) -> tuple[Any, ...]:
    """The index that takes a part of an axis, counted from the end."""
    return (..., slice(start, stop), *[slice(None)] * (-1 - axis))


def place_of(tensor: Tensor, part: Tensor, out: Array) -> Array:
    """Where a part of a concatenation lies in it."""
    start, stop = next((start, stop) for start, stop, item in spans(tensor) if item is part)
    place: Array = out[along(tensor.options["axis"], start, stop)]
    return place


def concat(names: Names, tensor: Tensor, out: Array, inputs: list[Array]) -> str:
    """Each part is copied to its place, if it was not computed there; between them come zeros."""
    arrays, said = iter(inputs), []
    for start, stop, item in spans(tensor):
        place = out[along(tensor.options["axis"], start, stop)]
        if item is None:
            said.append(f"{names.bound(place.fill, 'fill')}(0)")
        elif not np.may_share_memory(place, array := next(arrays)):
            said.append(copied(names, place, names.bound(array, "a")))
    return "; ".join(said)


def one_hot(names: Names, tensor: Tensor, out: Array, inputs: list[Array]) -> str:
    table = np.eye(tensor.options["classes"], dtype=out.dtype)
    return f"{names.bound(table.take, 'take')}({names.bound(inputs[0], 'a')}, 0, {names.bound(out, 'a')}, 'clip')"


def gather(names: Names, tensor: Tensor, out: Array, inputs: list[Array]) -> str:
    table, index = inputs
    if table.ndim == 2:
        return _taken(names, table, index, out)
    indices = index if index.ndim > tensor.inputs[1].rank else [index] * len(table)
    return "; ".join(_taken(names, *of_one) for of_one in zip(table, indices, out, strict=True))


def _taken(names: Names, table: Array, index: Array, out: Array) -> str:
    return f"{names.bound(table.take, 'take')}({names.bound(index, 'a')}, 0, {names.bound(out, 'a')}, 'clip')"


def scatter(names: Names, tensor: Tensor, out: Array, inputs: list[Array]) -> str:
    rows, index = inputs
    each = [(rows, index, out)]
    if rows.ndim > 2:
        each = list(zip(rows, index if index.ndim > 1 else [index] * len(rows), out, strict=True))
    function = names.bound(add_rows, "add_rows")
    return "; ".join(f"{function}({', '.join(names.bound(array, 'a') for array in of_one)})" for of_one in each)


def add_rows(rows: Array, index: Array, out: Array) -> None:
    """Adds each row into the row of `out` with its number, in order: sorted, which is twice as fast as `np.add.at`."""
    order = index.argsort(kind="stable")
    ordered = index[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    out.fill(0)
    out[ordered[starts]] = np.add.reduceat(rows[order], starts, 0)


MOVES: dict[str, Form] = {
    "broadcast": broadcast, "reshape": reshape, "concat": concat, "one_hot": one_hot, "gather": gather,
    "scatter": scatter,
}
