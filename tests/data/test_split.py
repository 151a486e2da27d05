"""Splits: seeded, complete, without overlap, in proportion; and those that cannot be."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.helpers import CONFIG, refused
from zen_cli.config.sections import Split
from zen_cli.data.dataset import Dataset, Keys, Schema
from zen_cli.data.split import Rows, fold_rows, split
from zen_cli.errors import Exit, ZenError


def dataset(rows: int, labels: Any = None, **more: Any) -> Dataset:
    keys = Keys(**{name: np.array(more.pop(name)) for name in Keys._fields if name in more})
    schema = Schema("array", ("x",), (1,), classes=("a", "b", "c") if labels is not None else None)
    return Dataset(np.zeros((rows, 1)), None if labels is None else np.array(labels), schema, "x", keys=keys, **more)


OWN = ("own_test", "own_validation", *Keys._fields)


def draw(rows: int, seed: int = 0, labels: Any = None, **options: Any) -> Rows:
    own = {name: options.pop(name) for name in OWN if name in options and not isinstance(options[name], str)}
    rng = np.random.default_rng(seed)
    return split(dataset(rows, labels, **own), Split(**options), rng, CONFIG)


@settings(max_examples=50, deadline=None)
@given(st.integers(3, 60), st.one_of(st.integers(0, 9), st.floats(0, 0.4)), st.booleans(), st.integers(0, 3))
def test_parts_hold_each_row_once(rows: int, validation: Any, stratify: bool, own_test: int) -> None:
    labels = np.zeros(rows, np.int64) if stratify else None
    try:
        parts = draw(rows, labels=labels, validation=validation, stratify=stratify, own_test=min(own_test, rows - 2))
    except ZenError as error:
        assert "training" in str(error) or "cannot be split" in str(error)
        return
    assert sorted(np.concatenate(parts).tolist()) == list(range(rows))
    assert all((np.diff(part) > 0).all() for part in parts)


def test_shares_and_counts() -> None:
    assert [len(part) for part in draw(150, validation=0.2, test=10)] == [110, 30, 10]
    assert [len(part) for part in draw(5, validation=0.5)] == [2, 3, 0]
    assert draw(4).train.tolist() == [0, 1, 2, 3]


def test_the_seed_decides() -> None:
    first, same, other = (draw(50, seed, validation=0.2, test=0.2) for seed in (0, 0, 1))
    assert all(map(np.array_equal, first, same)) and not np.array_equal(first.test, other.test)


def test_stratified_parts_keep_proportions() -> None:
    labels = np.repeat([0, 1, 2], [50, 30, 21])
    parts = draw(101, labels=labels, validation=20, test=0.1, stratify=True)
    assert [np.bincount(labels[part]).tolist() for part in parts] == [[35, 21, 15], [10, 6, 4], [5, 3, 2]]


def test_the_sources_own_test_rows() -> None:
    parts = draw(10, own_test=3, validation=2)
    assert parts.test.tolist() == [7, 8, 9] and len(parts.validation) == 2 and len(parts.train) == 5


NO_ROWS: list[tuple[str, dict[str, Any], Exit, str]] = [
    ("D04 one row", {"rows": 1, "validation": 0.2}, Exit.FILES, r"1 row cannot be split"),
    ("C47 no validation", {"rows": 150, "validation": 0.001}, Exit.USAGE, "150 rows gives 150 training, 0 validation"),
    ("C47 no test", {"rows": 9, "validation": 2, "test": 0.01}, Exit.USAGE, "7 training, 2 validation, 0 test"),
    ("C47 no training", {"rows": 4, "validation": 0.9}, Exit.USAGE, "4 rows gives 0 training, 4 validation"),
    ("C47 too many", {"rows": 150, "validation": 200}, Exit.USAGE, "0 training, 200 validation"),
    ("own test", {"rows": 9, "test": 2, "own_test": 2}, Exit.USAGE, "test rows of its own"),
    ("own validation", {"rows": 9, "validation": 2, "own_validation": 2}, Exit.USAGE, "validation rows of its own"),
    ("large groups", {"rows": 9, "test": 2, "group": [0] * 9}, Exit.USAGE, "no row is left for training"),
    ("no classes", {"rows": 9, "test": 2, "stratify": True}, Exit.USAGE, "only classes can be stratified"),
    ("D31 own test", {"rows": 3, "labels": [0, 0, 2], "own_test": 1}, Exit.FILES, r"class 'c' is in the test rows"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), [c[1:] for c in NO_ROWS], ids=[c[0] for c in NO_ROWS])
def test_splits_that_cannot_be(arguments: dict[str, Any], code: Exit, message: str) -> None:
    error = refused(lambda: draw(**arguments), code)
    assert re.search(message, str(error)) and str(error).startswith("c.yaml:3:1"), error


def test_a_class_that_is_in_validation_only_is_named_with_the_seed() -> None:
    def attempt(seed: int) -> Any:
        return draw(3, seed, labels=[0, 0, 1], validation=1)

    for seed in range(20):
        if 2 not in np.random.default_rng(seed).permutation(3)[:1]:
            assert len(attempt(seed).validation) == 1
            continue
        error = refused(lambda seed=seed: attempt(seed))
        assert error.what == f"class 'b' is in the validation rows and in no training row (split by seed {seed})"


def test_the_sources_own_validation_rows() -> None:
    parts = draw(10, own_test=3, own_validation=2)
    assert [part.tolist() for part in parts] == [[0, 1, 2, 3, 4], [5, 6], [7, 8, 9]]


def test_groups_stay_together() -> None:
    groups = np.repeat([3, 1, 0, 2, 5, 4], [4, 5, 1, 6, 3, 2])
    for seed in range(10):
        parts = draw(21, seed, group=groups, validation=0.2, test=3)
        assert sorted(np.concatenate(parts).tolist()) == list(range(21))
        assert not any(set(groups[a]) & set(groups[b]) for a, b in ((parts[0], parts[1]), (parts[0], parts[2])))
        assert len(parts.test) >= 3 and len(parts.validation) >= 4


def test_the_last_rows_test() -> None:
    parts = draw(6, order="rows", validation=1, test=2)
    assert [part.tolist() for part in parts] == [[0, 1, 2], [3], [4, 5]]
    times = np.array([5.0, 1.0, 4.0, 0.0, 3.0, 2.0])
    parts = split(dataset(6, order=times), Split(order="when", validation=1, test=2), np.random.default_rng(0))
    assert [part.tolist() for part in parts] == [[1, 3, 5], [4], [0, 2]]


def test_a_column_says_the_part_of_each_row() -> None:
    parts = split(dataset(4, part=[2, 0, 1, 0]), Split(column="part"), np.random.default_rng(0))
    assert [part.tolist() for part in parts] == [[1, 3], [2], [0]]
    assert "no row for training" in refused(lambda: draw(2, part=[1, 2])).what


@pytest.mark.parametrize("count", [2, 3, 5])
def test_each_row_is_tested_once_over_the_folds(count: int) -> None:
    labels = np.repeat([0, 1, 2], [10, 7, 6])
    folds = fold_rows(dataset(23, labels), Split(validation=0.25), count, np.random.default_rng(0))
    assert sorted(np.concatenate([rows.test for rows in folds]).tolist()) == list(range(23))
    for rows in folds:
        assert sorted(np.concatenate(rows).tolist()) == list(range(23))
        assert len(rows.test) in (23 // count, 23 // count + 1)
        assert len(rows.validation) == int((23 - len(rows.test)) * 0.25 + 0.5)
        counts = np.bincount(labels[rows.test], minlength=3)
        assert all(abs(found - whole / count) < 1 for found, whole in zip(counts, (10, 7, 6), strict=True))


def test_folds_of_groups() -> None:
    groups = np.repeat(np.arange(7), [1, 2, 3, 4, 5, 6, 7])
    folds = fold_rows(dataset(28, group=groups), Split(group="g"), 3, np.random.default_rng(1))
    assert sorted(len(rows.test) for rows in folds) == [9, 9, 10]
    assert not any(set(groups[rows.test]) & set(groups[rows.train]) for rows in folds)


@pytest.mark.parametrize(
    ("section", "more", "message"),
    [
        ({"order": "rows"}, {}, "by order cannot be folded"), ({"column": "p"}, {"part": [0] * 4}, "by column"),
        ({}, {}, "4 rows cannot make 5 folds"), ({"group": "g"}, {"group": [0, 0, 1, 1]}, "2 groups cannot make 5"),
    ],
)  # fmt: skip
def test_folds_that_cannot_be(section: dict[str, Any], more: dict[str, Any], message: str) -> None:
    rng = np.random.default_rng(0)
    error = refused(lambda: fold_rows(dataset(4, **more), Split(**section), 5, rng, CONFIG), Exit.USAGE)
    assert message in error.what


@pytest.mark.parametrize(
    "options", [{"stratify": True, "group": "g"}, {"order": "rows", "column": "p"}, {"column": "p", "test": 0.1}]
)
def test_ways_to_split_that_exclude_each_other(options: dict[str, Any]) -> None:
    refused(lambda: Split(**options), Exit.USAGE)
