"""Rows that stay on disk: each comes once an epoch, in an order that is honest, and the numbers are the same."""

from __future__ import annotations

import io
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zen_cli.experiment import from_file
from zen_cli.training import part as parts
from zen_cli.training import stream_feed
from zen_cli.training.part import Lazy, Part
from zen_cli.training.rows import is_streamed
from zen_cli.training.stream_feed import _Window
from zen_cli.training.training import Training

NET = """
data: {source: {type: moons, samples: 200}, split: {validation: 40}, memory: 1KB}
model: [linear: 6, tanh, output]
optimizer: {type: adam, lr: 0.01}
trainer: {epochs: 3, batch_size: 8}
"""


def lazy(rows: int) -> Part:
    """The rows 0, 1, 2, ... as features, their doubles as targets."""
    numbers = np.arange(rows)
    features, targets = numbers[:, None].astype(np.float32), 2 * numbers[:, None].astype(np.float32)
    each = [Lazy(lambda chosen, a=a: a[chosen], numbers, (1,), a.dtype) for a in (features, targets, targets)]
    return Part(*each)


def epoch(window: _Window, size: int, seed: list[int] | None) -> list[int]:
    """The rows in the order in which batches of that size bring them."""
    window.begin(seed)
    found: list[int] = []
    for start in range(0, window.rows, size):
        count = min(size, window.rows - start)
        x, y = np.empty((count, 1), np.float32), np.empty((count, 1), np.float32)
        window.give(start, count, x, y)
        np.testing.assert_array_equal(y, 2 * x)
        np.testing.assert_array_equal(window.chosen(start, count), x[:, 0])
        found += x[:, 0].astype(int).tolist()
    return found


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 120), st.integers(1, 40), st.integers(1, 64), st.integers(0, 2000), st.integers(0, 2**63))
def test_every_row_comes_once(rows: int, size: int, block: int, memory: int, seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream_feed, "BLOCK", block)
        window = _Window(lazy(rows), min(size, rows), memory)
        found = epoch(window, min(size, rows), [seed])
        assert sorted(found) == list(range(rows))
        assert len(window.x) <= max(memory // 8, 3 * window.block)
        assert epoch(window, min(size, rows), [seed]) == found
        assert epoch(window, min(size, rows), None) == list(range(rows))


def test_rows_meet_anew_each_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_feed, "BLOCK", 10)
    window = _Window(lazy(995), 10, 400)
    assert window.size == 50
    orders = [epoch(window, 10, [seed]) for seed in range(40)]
    places = np.argsort(orders, axis=1)  # where each row comes
    assert abs(np.corrcoef(places[0], np.arange(995))[0, 1]) < 0.2
    assert np.abs(places.mean(0) / 994 - 0.5).max() < 0.25  # no row is always early or late
    meets = {tuple(sorted(order[i : i + 10])) for order in orders for i in range(0, 990, 10)}
    assert len(meets) == 40 * 99  # no two batches are alike
    last = {order[-1] for order in orders}
    assert len(last) > 30


def make(*sets: str, seeds: range | None = None) -> Training:
    return Training(from_file("-", sets=sets, stdin=io.BytesIO(NET.encode())), seeds)


def ended(training: Training) -> Any:
    *_, end = training.events(time.perf_counter)
    return end


def test_replicas_are_the_nets_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_feed, "BLOCK", 16)
    stack = make(seeds=range(3))
    ended(stack)
    for seed in range(3):
        alone = make(f"seed={seed}")
        ended(alone)
        weights = stack.state.vectors["parameters"][seed]
        np.testing.assert_array_equal(weights, alone.state.vectors["parameters"])


def test_without_shuffling_memory_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_feed, "BLOCK", 16)
    disk, memory = (make("trainer.shuffle=none", f"data.memory={size}") for size in ("1KB", "1GB"))
    assert is_streamed(disk.experiment) and not is_streamed(memory.experiment)
    one, other = ended(disk), ended(memory)
    assert (one.train, one.validation) == (other.train, other.validation)


def test_the_same_order_once_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_feed, "BLOCK", 16)
    training = make("trainer.shuffle=once")
    orders = []
    for _ in range(2):
        training.feed.draw()
        orders.append(training.feed.windows[0].seed)  # type: ignore[attr-defined]
    assert orders[0] == orders[1]
    other = make()
    seeds = []
    for _ in range(2):
        other.feed.draw()
        seeds.append(other.feed.windows[0].seed)  # type: ignore[attr-defined]
    assert seeds[0] != seeds[1]


def test_many_rows_are_measured_by_a_part_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "SAMPLE", 30)
    part = lazy(100)
    assert part.sampled().x[:].ravel().tolist() == list(range(0, 100, 4)) and part.sampled().rows == 25
    assert part.sampled().targets.ravel().tolist() == list(range(0, 200, 8))
    assert lazy(30).sampled().rows == 30
    assert part.some(7).x.ravel().tolist() == list(range(0, 98, 14))


def test_all_rows_in_one_batch_need_memory() -> None:
    assert not is_streamed(make("trainer.batch_size=full").experiment)
    assert len(make("trainer.batch_size=160").feed.segments) == 1
