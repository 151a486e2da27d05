"""Which rows train, which validate, which test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.dataset import Dataset
from zen_cli.data.draw import distinct, drawn, drawn_whole, folds_of, row_numbers, strata, whole_folds
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.config.sections import Split

Array = NDArray[Any]
NAMES = ("train", "validation", "test")


class Rows(NamedTuple):
    """Row numbers of each part, ascending: within a part the order of the source stays."""

    train: Array
    validation: Array
    test: Array


def existing(dataset: Dataset, section: Split) -> dict[str, bool]:
    """Which parts there are."""
    if dataset.keys.part is not None:
        counts = np.bincount(dataset.keys.part, minlength=3)
        return {name: bool(count) for name, count in zip(NAMES, counts, strict=True)}
    validation, test = section.validation or dataset.own_validation, section.test or dataset.own_test
    return {"train": True, "validation": bool(validation), "test": bool(test)}


def is_drawn(section: Split) -> bool:
    """Whether another seed gives other rows."""
    return bool((section.validation or section.test) and not section.order)


def split(dataset: Dataset, section: Split, rng: np.random.Generator, where: Place | None = None) -> Rows:
    """Draws test rows, then validation rows; the rest trains. Without either nothing is drawn.

    A share (float) takes `share * rows` rows, rounded, halves up; a count (int) as many as it says. With `stratify`
    each class gives the same share (the largest remainders round up), with `group` the rows of a group stay together,
    with `order` the last rows test and those before them validate. A split column says it of each row. What a source
    sets apart itself, files of its own or the test rows of idx files, is taken as it is.

    Raises:
        ZenError: a part that was asked for, or training, would get no row; there is one row; a class is in no
            training row; a split beside the source's own; stratify without classes.

    >>> from zen_cli.config.sections import Split
    >>> from zen_cli.data.dataset import Dataset, Schema
    >>> data = Dataset(np.zeros((10, 1)), None, Schema("array", ("x",), (1,)), "x")
    >>> [len(part) for part in split(data, Split(validation=0.2, test=2), np.random.default_rng(0))]
    [6, 2, 2]
    """
    _refuse_twice(dataset, section, where)
    parts = _stated(dataset) if dataset.keys.part is not None else _drawn(dataset, section, rng, where)
    if dataset.labels is not None:
        _refuse_unseen(parts, dataset.labels, dataset.schema.classes or (), rng, where)
    return parts


def fold_rows(
    dataset: Dataset, section: Split, count: int, rng: np.random.Generator, where: Place | None = None
) -> list[Rows]:
    """For each of `count` folds: its rows test, and the others train but for the share that validates.

    Classes have the same share in each fold, groups stay together. Test rows of the source's own are left out.

    Raises:
        ZenError: fewer rows or groups than folds; rows in order, or parts that a column states.
    """
    free = dataset.rows - dataset.own_test - dataset.own_validation
    groups = dataset.keys.group
    if section.order or dataset.keys.part is not None:
        how = "order" if section.order else "column"
        raise ZenError(f"rows split by {how} cannot be folded", where, f"remove data.split.{how}")
    most = free if groups is None else len(distinct(groups[:free]))
    if count > most:
        raise ZenError(f"{most} {'rows' if groups is None else 'groups'} cannot make {count} folds", where)
    if groups is None:
        tests = folds_of(strata(dataset.labels, free), count, rng)
    else:
        tests = whole_folds(groups[:free], count, rng)
    return [_fold(dataset, section, test, rng, where) for test in tests]


def _fold(dataset: Dataset, section: Split, test: Array, rng: np.random.Generator, where: Place | None) -> Rows:
    free = dataset.rows - dataset.own_test - dataset.own_validation
    others = np.setdiff1d(row_numbers(free), test)
    wanted = share_of(section.validation, len(others))
    if section.validation and not 0 < wanted < len(others):
        what = f"folds leave {len(others)} rows, of which {wanted} would validate"
        raise ZenError(what, where, "each part needs at least one row")
    validation, train = _draw_from(dataset, section, others, [wanted], rng)
    own = np.arange(free, free + dataset.own_validation)
    parts = Rows(train, own if dataset.own_validation else validation, test)
    if dataset.labels is not None:
        _refuse_unseen(parts, dataset.labels, dataset.schema.classes or (), rng, where)
    return parts


def _refuse_twice(dataset: Dataset, section: Split, where: Place | None) -> None:
    for name, own in (("test", dataset.own_test), ("validation", dataset.own_validation)):
        if own and getattr(section, name):
            raise ZenError(f"the data has {name} rows of its own", where, f"remove data.split.{name}")
    if section.stratify and dataset.labels is None:
        raise ZenError("the target is numbers, only classes can be stratified", where, "remove stratify")


def _stated(dataset: Dataset) -> Rows:
    part = dataset.keys.part
    parts = Rows(*(np.flatnonzero(part == number) for number in range(3)))
    if not len(parts.train):
        raise ZenError("the split column leaves no row for training", Place(dataset.origin), code=Exit.FILES)
    return parts


def _drawn(dataset: Dataset, section: Split, rng: np.random.Generator, where: Place | None) -> Rows:
    free = dataset.rows - dataset.own_test - dataset.own_validation
    test, validation = share_of(section.test, free), share_of(section.validation, free)
    _refuse_empty(free, section, validation, test, where)
    if not test and not validation:
        parts = Rows(row_numbers(free), np.arange(0), np.arange(0))
    elif section.order:
        parts = _last(dataset, section, free, validation, test)
    else:
        found = _draw_from(dataset, section, row_numbers(free), [test, validation], rng)
        parts = Rows(found[2], found[1], found[0])
        if not len(parts.train):
            raise ZenError("the groups are too large: no row is left for training", where, "smaller parts")
    end = free + dataset.own_validation
    if dataset.own_validation:
        parts = parts._replace(validation=np.arange(free, end))
    return parts._replace(test=np.arange(end, dataset.rows)) if dataset.own_test else parts


def _draw_from(
    dataset: Dataset, section: Split, rows: Array, counts: list[int], rng: np.random.Generator
) -> list[Array]:
    """So many of these rows for each part, and last the rest."""
    if not any(counts):
        return [rows[:0] for _ in counts] + [rows]
    if dataset.keys.group is not None:
        return [rows[part] for part in drawn_whole(dataset.keys.group[rows], counts, rng)]
    labels = dataset.labels[rows] if section.stratify and dataset.labels is not None else None
    return [rows[part] for part in drawn(strata(labels, len(rows)), counts, rng)]


def _last(dataset: Dataset, section: Split, free: int, validation: int, test: int) -> Rows:
    """The last rows test, those before them validate; by their order in the file, or by a column's."""
    order = row_numbers(free)
    if dataset.keys.order is not None:
        order = np.argsort(dataset.keys.order[:free], kind="stable")
    train = free - validation - test
    return Rows(np.sort(order[:train]), np.sort(order[train : free - test]), np.sort(order[free - test :]))


def share_of(part: float, rows: int) -> int:
    """A share of the rows, rounded, halves up; or a number as it is."""
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


def _refuse_unseen(
    parts: Rows, labels: Array, classes: tuple[str, ...], rng: np.random.Generator, where: Place | None
) -> None:
    seen = set(distinct(labels[parts.train]))
    for name, rows in (("validation", parts.validation), ("test", parts.test)):
        unseen = sorted(set(distinct(labels[rows])) - seen)
        if unseen:
            label = repr(classes[unseen[0]]) if classes else unseen[0]
            seed = getattr(rng.bit_generator.seed_seq, "entropy", None)
            what = f"class {label} is in the {name} rows and in no training row (split by seed {seed})"
            raise ZenError(what, where, "set data.split.stratify: true, or another seed", Exit.FILES)
