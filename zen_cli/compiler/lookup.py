"""Rows of a table by their numbers, and what flows back into the table."""

from __future__ import annotations

from zen_cli.compiler.primitives import define
from zen_cli.compiler.tensor import Shape, Tensor, apply

FEW = 128  # rows of a table up to which a product with one-hot rows is the fastest way back


def gather(table: Tensor, index: Tensor) -> Tensor:
    """table (rows, units), index (...) of whole numbers -> (..., units)."""
    return apply("gather", table, index)


def _gathered(table: Shape, index: Shape) -> Shape:
    if len(table) != 2:
        raise ValueError(f"a table has two axes, found shape {table}")
    return (*index, table[1])


def _gather_derivative(g: Tensor, y: Tensor, table: Tensor, index: Tensor) -> tuple[Tensor, None]:
    """Each row gets the sum of what its copies get."""
    rows, units = table.shape
    index = apply("reshape", index, shape=(index.size,))
    g = apply("reshape", g, shape=(index.size, units))
    if rows <= FEW:
        return apply("one_hot", index, classes=rows).T @ g, None
    return apply("scatter", g, index, rows=rows), None


define("gather", _gather_derivative, _gathered)
define("scatter", lambda g, y, x, index, rows: (gather(g, index), None), lambda x, index, rows: (rows, x[1]))
