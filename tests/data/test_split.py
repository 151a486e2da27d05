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
from zen_cli.data.split import Rows, split
from zen_cli.errors import Exit, ZenError


def draw(rows: int, seed: int = 0, labels: Any = None, own_test: int = 0, **options: Any) -> Rows:
    labels = None if labels is None else np.array(labels)
    rng = np.random.default_rng(seed)
    return split(rows, Split(**options), rng, labels=labels, classes=("a", "b", "c"), own_test=own_test, where=CONFIG)


@settings(max_examples=50, deadline=None)
@given(st.integers(3, 60), st.one_of(st.integers(0, 9), st.floats(0, 0.4)), st.booleans(), st.integers(0, 3))
def test_parts_hold_each_row_once(rows: int, validation: Any, stratify: bool, own_test: int) -> None:
    labels = np.zeros(rows, np.int64) if stratify else None
    section = Split(validation=validation, test=0, stratify=stratify)
    try:
        parts = split(rows, section, np.random.default_rng(0), labels=labels, own_test=min(own_test, rows - 2))
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
