"""The order of rows in an epoch and the size of batches."""

from __future__ import annotations

import numpy as np

from zen_cli.data.batches import batch_size, order

ROWS = np.array([1, 4, 5, 8, 9, 12, 20])


def test_each_epoch_has_an_order_of_its_own() -> None:
    rng = np.random.default_rng(0)
    first, second = order(ROWS, "epoch", rng), order(ROWS, "epoch", rng)
    assert sorted(first) == sorted(second) == ROWS.tolist() and not np.array_equal(first, second)


def test_one_order_for_all_epochs_does_not_depend_on_what_was_drawn() -> None:
    rng = np.random.default_rng(0)
    first = order(ROWS, "once", rng)
    rng.normal(size=9)
    np.testing.assert_array_equal(order(ROWS, "once", rng), first)
    assert not np.array_equal(first, ROWS) and not np.array_equal(order(ROWS, "once", np.random.default_rng(1)), first)


def test_streams_of_one_seed_differ() -> None:
    streams = [np.random.default_rng(seed) for seed in np.random.SeedSequence(0).spawn(2)]
    assert not np.array_equal(*(order(ROWS, "once", stream) for stream in streams))


def test_no_shuffling_draws_nothing() -> None:
    rng = np.random.default_rng(0)
    state = rng.bit_generator.state
    assert order(ROWS, "none", rng) is ROWS and rng.bit_generator.state == state


def test_more_rows_a_batch_than_there_are_is_one_batch_and_a_warning() -> None:
    size, warning = batch_size(32, 7)
    assert size == 7 and warning is not None and "32" in warning and "7" in warning
