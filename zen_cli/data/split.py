"""Which rows train, which validate, which test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.config.sections import Split

Array = NDArray[Any]


class Rows(NamedTuple):
    """Row numbers of each part, ascending: within a part the order of the source stays."""

    train: Array
    validation: Array
    test: Array


def split(
    rows: int, section: Split, rng: np.random.Generator, *, labels: Array | None = None,
    classes: tuple[str, ...] = (), own_test: int = 0, where: Place | None = None,
) -> Rows:
    """Draws test rows, then validation rows; the rest trains. Without either nothing is drawn.

    A share (float) takes `share * rows` rows, rounded, halves up; a count (int) as many as it says. With
    `stratify` each class gives the same share (the largest remainders round up). The last `own_test` rows,
    which a source sets apart itself, are the test rows.

    Raises:
        ZenError: a part that was asked for, or training, would get no row; there is one row; a class is in no
            training row; a test split beside the source's own; stratify without classes.

    >>> from types import SimpleNamespace
    >>> section = SimpleNamespace(validation=0.2, test=2, stratify=False)
    >>> [len(part) for part in split(10, section, np.random.default_rng(0))]
    [6, 2, 2]
    """
    if own_test and section.test:
        raise ZenError("the data has test rows of its own", where, "remove data.split.test")
    if section.stratify and labels is None:
        raise ZenError("the target is numbers, only classes can be stratified", where, "remove stratify")
    free = rows - own_test
    test, validation = _count(section.test, free), _count(section.validation, free)
    _refuse_empty(free, section, validation, test, where)
    if test or validation:
        groups = _groups(labels[:free]) if section.stratify and labels is not None else [np.arange(free)]
        parts = _draw(groups, validation, test, rng)
    else:
        parts = Rows(np.arange(free), np.arange(0), np.arange(0))
    if own_test:
        parts = parts._replace(test=np.arange(free, rows))
    if labels is not None:
        _refuse_unseen(parts, labels, classes, rng, where)
    return parts


def _count(part: float, rows: int) -> int:
    return int(part * rows + 0.5) if isinstance(part, float) else part


def _refuse_empty(rows: int, section: Split, validation: int, test: int, where: Place | None) -> None:
    train = rows - validation - test
    missing = (section.validation and not validation) or (section.test and not test)
    if train > 0 and not missing:
        return
    if rows == 1:
        raise ZenError("1 row cannot be split", where, "remove data.split", Exit.FILES)
    sides = [f"{max(train, 0)} training"]
    sides += [f"{count} validation" for count in (validation,) if section.validation]
    sides += [f"{count} test" for count in (test,) if section.test]
    what = f"the split of {rows} rows gives {', '.join(sides)} rows"
    raise ZenError(what, where, "each part needs at least one row")


def _groups(labels: Array) -> list[Array]:
    return [np.flatnonzero(labels == label) for label in _distinct(labels)]


def _distinct(labels: Array) -> list[int]:
    """The labels that occur, ascending. `np.unique` would import numpy.ma, which costs 12 ms at every start."""
    return sorted(set(labels.tolist()))


def _draw(groups: list[Array], validation: int, test: int, rng: np.random.Generator) -> Rows:
    orders = [rng.permutation(group) for group in groups]
    tests = _apportion(test, [len(order) for order in orders])
    rest = [order[count:] for order, count in zip(orders, tests, strict=True)]
    validations = _apportion(validation, [len(order) for order in rest])
    return Rows(
        _joined(order[count:] for order, count in zip(rest, validations, strict=True)),
        _joined(order[:count] for order, count in zip(rest, validations, strict=True)),
        _joined(order[:count] for order, count in zip(orders, tests, strict=True)),
    )


def _joined(parts: Any) -> Array:
    joined: Array = np.sort(np.concatenate(list(parts)))
    return joined


def _apportion(total: int, sizes: list[int]) -> list[int]:
    """`total` in the proportions of `sizes`, in whole numbers that add up: the largest remainders round up.

    >>> _apportion(10, [50, 30, 21])
    [5, 3, 2]
    """
    counts = [total * size // sum(sizes) for size in sizes]
    by_remainder = sorted(range(len(sizes)), key=lambda i: -(total * sizes[i] % sum(sizes)))
    for i in by_remainder[: total - sum(counts)]:
        counts[i] += 1
    return counts


def _refuse_unseen(
    parts: Rows, labels: Array, classes: tuple[str, ...], rng: np.random.Generator, where: Place | None
) -> None:
    seen = set(_distinct(labels[parts.train]))
    for name, rows in (("validation", parts.validation), ("test", parts.test)):
        unseen = sorted(set(_distinct(labels[rows])) - seen)
        if unseen:
            label = repr(classes[unseen[0]]) if classes else unseen[0]
            seed = getattr(rng.bit_generator.seed_seq, "entropy", None)
            what = f"class {label} is in the {name} rows and in no training row (split by seed {seed})"
            raise ZenError(what, where, "set data.split.stratify: true, or another seed", Exit.FILES)
