"""What was stopped before its end is kept, found again whoever asks, and goes on to the same numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compare.conftest import Usual
from tests.compare.race_helpers import new, run
from tests.compare.test_phases import same
from tests.jobs.test_stopping import after
from zen_cli.compare.held import Held
from zen_cli.compare.protocol import Protocol
from zen_cli.compare.runner import TUNING, Runner
from zen_cli.compare.store import Store
from zen_cli.jobs.nets import Net


def stopped(it: Protocol, cache: Path) -> list[Net]:
    """Has the tuning of adam stopped after four steps; its nets."""
    runner = Runner(it, Store(cache, it), 1)
    entry = runner.entries["adam"]
    nets = [Net(seed, *each) for each in entry.settings for seed in it.tune_seeds]
    stack = runner._stack("adam", nets, TUNING)
    assert not stack.run(after(3)) and stack.step == 4
    runner.held.keep(entry, stack, TUNING)
    return nets


def test_goes_on_where_it_was_stopped_to_the_same_numbers(usual: Usual, tmp_path: Path) -> None:
    it = usual.protocol
    nets = stopped(it, tmp_path / "a")
    runner = Runner(it, Store(tmp_path / "a", it), 2)
    assert runner._stack("adam", nets, TUNING).step == 4
    judged, phases = run(it, tmp_path / "a", jobs=2)
    assert new(phases) == [18, 18, 18] and same(judged) == same(usual.judged)
    assert not list((tmp_path / "a" / "partial").iterdir()), "what is finished is held no more"


def test_is_found_whatever_else_is_asked_and_not_where_all_is_to_be_fresh(usual: Usual, tmp_path: Path) -> None:
    it = usual.protocol
    nets = stopped(it, tmp_path / "a")
    entry = it.entries[0]
    more = [*nets, Net(99, 0.1)]
    assert Held(Store(tmp_path / "a", it)).groups(entry, more, TUNING) == [nets]
    assert Held(Store(tmp_path / "a", it)).groups(entry, nets[1:], TUNING) == []
    assert Held(Store(tmp_path / "a", it, fresh=True)).groups(entry, more, TUNING) == []
    assert Held(Store(tmp_path / "b", it)).groups(entry, more, TUNING) == []


@pytest.mark.parametrize("damage", [b"no checkpoint", None])
def test_what_is_damaged_begins_anew(usual: Usual, tmp_path: Path, damage: bytes | None) -> None:
    nets = stopped(usual.protocol, tmp_path)
    (path,) = (tmp_path / "partial").iterdir()
    path.write_bytes(path.read_bytes()[:-9] if damage is None else damage)
    runner = Runner(usual.protocol, Store(tmp_path, usual.protocol), 1)
    assert runner._stack("adam", nets, TUNING).step == 0
    assert not runner.held.groups(runner.entries["adam"], nets, TUNING)
