"""Drawing rows: in proportion, group by group, in folds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
MANY = 1 << 20


def strata(labels: Array | None, rows: int) -> list[Array]:
    """The rows of each label; all rows together without labels."""
    if labels is None:
        return [row_numbers(rows)]
    return [np.flatnonzero(labels[:rows] == label) for label in distinct(labels[:rows])]


def row_numbers(rows: int) -> Array:
    """0, 1, ...: of many rows in half the memory, for the same draws."""
    return np.arange(rows, dtype=np.intp if rows < MANY or rows >> 31 else np.int32)


def distinct(labels: Array) -> list[int]:
    """The labels that occur, ascending. `np.unique` would import numpy.ma, which costs 12 ms at every start."""
    return sorted(set(labels.tolist()))


def drawn(groups: Sequence[Array], counts: Sequence[int], rng: np.random.Generator) -> list[Array]:
    """So many rows for each part, from every group in proportion, and last the rest; ascending."""
    rest = [rng.permutation(group) for group in groups]
    parts = []
    for count in counts:
        taken = apportioned(count, [len(order) for order in rest])
        parts.append(_joined([order[:number] for order, number in zip(rest, taken, strict=True)]))
        rest = [order[number:] for order, number in zip(rest, taken, strict=True)]
    return [*parts, _joined(rest)]


def drawn_whole(groups: Array, counts: Sequence[int], rng: np.random.Generator) -> list[Array]:
    """At least so many rows for each part and last the rest, where the rows of a group stay together.

    The groups come in a random order; a part takes them until it has enough.
    """
    order = [int(group) for group in rng.permutation(distinct(groups))]
    sizes = np.bincount(groups)
    parts = []
    for count in counts:
        taken: list[int] = []
        while order and sum(sizes[group] for group in taken) < count:
            taken.append(order.pop(0))
        parts.append(np.flatnonzero(np.isin(groups, taken)))
    return [*parts, np.flatnonzero(np.isin(groups, order))]


def folds_of(groups: Sequence[Array], count: int, rng: np.random.Generator) -> list[Array]:
    """The rows of each fold: of every group as many as of another, in all as many or one less; ascending.

    >>> [fold.tolist() for fold in folds_of([np.arange(3), np.array([3, 4])], 2, np.random.default_rng(0))]
    [[1, 2, 3], [0, 4]]
    """
    dealt = np.concatenate([rng.permutation(group) for group in groups])
    return [np.sort(dealt[fold::count]) for fold in range(count)]


def whole_folds(groups: Array, count: int, rng: np.random.Generator) -> list[Array]:
    """Folds of whole groups: the largest groups go first, each to the fold that has the fewest rows."""
    sizes = np.bincount(groups)
    order = sorted(map(int, rng.permutation(distinct(groups))), key=lambda group: -sizes[group])
    rows, members = [0] * count, [[] for _ in range(count)]  # type: ignore[var-annotated]
    for group in order:
        fold = rows.index(min(rows))
        rows[fold] += sizes[group]
        members[fold].append(group)
    return [np.flatnonzero(np.isin(groups, found)) for found in members]


def apportioned(total: int, sizes: Sequence[int]) -> list[int]:
    """`total` in the proportions of `sizes`, in whole numbers that add up: the largest remainders round up.

    >>> apportioned(10, [50, 30, 21])
    [5, 3, 2]
    """
    counts = [total * size // max(1, sum(sizes)) for size in sizes]
    by_remainder = sorted(range(len(sizes)), key=lambda i: -(total * sizes[i] % sum(sizes)))
    for i in by_remainder[: total - sum(counts)]:
        counts[i] += 1
    return counts


def _joined(parts: list[Array]) -> Array:
    joined: Array = np.sort(np.concatenate(parts))
    return joined
