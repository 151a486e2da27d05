"""Disks that are full, broken or read-only, at every call that writes: what was saved stays, and is never claimed."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tests.cli.helpers import train, zen
from tests.faults.cases import case
from tests.faults.faulty import failing
from tests.faults.helpers import content, moons, resume
from zen_cli.errors import ZenError
from zen_cli.runs.directory import RunDirectory
from zen_cli.runs.newest import newest_checkpoint

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)


def runs() -> list[Path]:
    return sorted(Path("runs/moons").glob("2*"))


def saved_epoch(run: Path) -> int:
    """The epoch of the newest checkpoint, -1 if there is none."""
    try:
        return int(newest_checkpoint(RunDirectory(run))[0].metadata["epoch"])
    except ZenError:
        return -1


def survives(config: str, first: int, error: int, lasting: bool, whole: dict[str, object]) -> bool:
    """Trains while a call fails, and goes on once it no longer does; False if there are not so many calls."""
    before = runs()
    with failing(Path("runs"), first, error, lasting) as faults:
        result = zen("train", config, "-q")
    if not faults.failed:
        return False
    if all(path.endswith("/runs/moons") or "/.latest-" in path for path in faults.files):
        return True  # the folder is there already; where there are no links, `latest` is a text
    assert result.code == 7, (first, result)
    assert result.out == "" and "zen: saved" not in result.err
    assert result.err.count("\n") <= 2
    assert os.strerror(error).lower() in result.err.lower()
    assert "zen: error: runs/moons" in result.err
    made = [run for run in runs() if run not in before]
    for run in made:
        assert not list(run.glob(".*.tmp")) or lasting
        again = zen("resume", str(run), "-q")
        if again.code == 3:  # not even its config was written
            assert "ended before it began" in again.err or "no run in this folder" in again.err
            assert saved_epoch(run) == -1
        else:
            assert again.code == 0, again.err
            assert content(run) == whole, first
    return True


def sweep(error: int, lasting: bool, every: int, start: int = 1) -> int:
    config = moons()
    whole = content(train(config))
    first = start
    while survives(config, first, error, lasting, whole):
        first += every
    return first


@pytest.mark.parametrize("error", ERRORS, ids=errno.errorcode.get)
@case("E01", "E03")
def test_a_call_that_fails(error: int) -> None:
    """Every 37th of them, other ones for each error; the last of these, and all that come after it."""
    number = ERRORS.index(error)
    assert sweep(error, number == 2, 37, 1 + number * 12) > 60


@pytest.mark.slow
@pytest.mark.parametrize("start", [1, 5])
@case("E01", "E03")
def test_every_call_fails_once(start: int) -> None:
    assert sweep(ERRORS[start % 3], start == 5, 8, start) > 60


@case("E01")
def test_going_on_fails_at_a_call_and_then_goes_on() -> None:
    config = moons()
    whole = content(train(config, "--set", "trainer.epochs=8"))
    run = train(config)
    first = 1
    while True:
        with failing(run, first, errno.ENOSPC) as faults:
            result = zen("resume", str(run), "-q", "--set", "trainer.epochs=8")
        if not faults.failed:
            break
        assert result.code == 7 and "no space left" in result.err.lower()
        assert saved_epoch(run) >= 4
        first += 29
    assert first > 40
    resume(run)
    assert content(run) == whole
