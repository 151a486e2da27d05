"""Sudden death at any instant: what had been saved is there, no lock is in the way, and the same bits come out."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.helpers import environ, train
from tests.faults.cases import case
from tests.faults.helpers import content, moons, resume
from tests.faults.kills import newest, saved
from tests.faults.processes import ZEN

SLOW = pytest.mark.slow
Record = Callable[[str, object], None]


@pytest.mark.parametrize(
    ("way", "number"),
    [
        pytest.param("instants", 3, id="S14 E12"),
        pytest.param("instants", 15, id="S14 E12 more", marks=SLOW),
        pytest.param("calls", 83, id="S15"),
        pytest.param("calls", 12, id="S15 more", marks=SLOW),
        pytest.param("torn", 61, id="S15 within a write"),
        pytest.param("torn", 12, id="S15 within more writes", marks=SLOW),
    ],
)
def test_killed(way: str, number: int, record_property: Record) -> None:
    command = [sys.executable, "-m", "tests.faults.kills", way, str(number)]
    found = subprocess.run(command, capture_output=True, text=True, env=environ(OPENBLAS_NUM_THREADS="1"))
    told = re.fullmatch(r"(\d+) kills in \d+ runs: 0 lost what was saved, 0 came to other bits\n", found.stdout)
    assert told and found.returncode == 0, found
    assert int(told[1]) > 2
    record_property("kills survived", int(told[1]))


CALLS = ("write", "fsync", "rename", "link", "symlink", "mkdir", "unlink", "flock", "openat")
INJECTED = {"signal=KILL": -signal.SIGKILL, "error=ENOSPC": 7, "error=EIO": 7, "error=EACCES": 7}


def calls_of(config: str) -> list[tuple[str, int]]:
    """Each call of the system that touches the runs, and its number among all of its kind."""
    assert strace("-o", "calls.txt", "-e", f"trace={','.join(CALLS)}", "-y", config=config) == 0
    numbers, found = dict.fromkeys(CALLS, 0), []
    for line in Path("calls.txt").read_text().splitlines():
        name = line.partition("(")[0]
        if name in numbers:
            numbers[name] += 1
            touches = "/runs/" in line or '"runs' in line
            reads = "O_RDONLY" in line or "O_PATH" in line
            found += [(name, numbers[name])] if touches and not reads else []
    return found


def strace(*options: str, config: str) -> int:
    """The exit code of a training whose calls are watched, or changed; negative for a signal."""
    command = ["strace", "-qq", *options, *ZEN, "train", config, "-q"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.run(command, env=environ(OPENBLAS_NUM_THREADS="1"), **quiet).returncode  # type: ignore[call-overload, no-any-return]


def survived(start: int, every: int) -> int:
    """How many calls were made to kill or fail, each time the next way, with all that is promised kept."""
    config = moons()
    whole, calls, ways = content(train(config)), calls_of(config), list(INJECTED)
    for place in range(start, len(calls), every):
        (name, number), way = calls[place], ways[(start + place // every) % len(ways)]
        inject = ("-e", f"trace={name}", "-e", f"inject={name}:{way}:when={number}")
        before, code = newest(), strace("-o", os.devnull, *inject, config=config)
        bearable = name in ("mkdir", "unlink", "symlink", "flock") and code == 0
        assert code == INJECTED[way] or bearable, (name, number, way, code)
        if newest() != before and (newest() / "run.json").exists():
            assert saved(resume(newest())) > 0
            assert content(newest()) == whole, (name, number, way)
    return len(range(start, len(calls), every))


@SLOW
@pytest.mark.skipif(not shutil.which("strace"), reason="there is no strace here")
@pytest.mark.parametrize("start", [0, 22])
@case("S15 E01 E03")
def test_a_call_of_the_system_that_kills_or_fails(start: int, record_property: Record) -> None:
    record_property("faults of the system survived", survived(start, 44))
