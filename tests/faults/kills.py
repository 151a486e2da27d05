"""`python -m tests.faults.kills WAY NUMBER`: trainings that are killed, and what is left of them.

WAY: `instants`, so many kills at random times; `calls`, at every NUMBER-th call that writes; `torn`, in the middle of
every NUMBER-th write. It prints its figures and fails if a run lost what had been saved, or came to other bits.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from itertools import count
from pathlib import Path
from typing import Any

from tests.faults.faulty import tearing, watched
from tests.faults.helpers import content, moons
from zen_cli.cli.main import main
from zen_cli.errors import ZenError
from zen_cli.runs.directory import RunDirectory
from zen_cli.runs.newest import newest_checkpoint, steps_of

Fate = Callable[[], AbstractContextManager[Any]]
TRAINER = "{epochs: 6, batch_size: 8, checkpoint: {epochs: 1}}"
UNTOUCHED: Fate = nullcontext


def begin(arguments: list[str], fate: Fate = UNTOUCHED) -> int:
    """The command in a fork, which needs to import nothing any more; gives its process."""
    child = os.fork()
    if child:
        return child
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1), os.dup2(nowhere, 2)
    code: Any = 1
    try:
        with fate():
            main(arguments)
    except SystemExit as end:
        code = end.code
    finally:
        os._exit(code)


def ended(child: int) -> int:
    """The exit code; negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Kills:
    """One config, trained once as it should be, and again and again with kills."""

    def __init__(self) -> None:
        self.config = moons(trainer=TRAINER)
        self.kills = self.runs = 0
        self.went_back: list[Path] = []
        self.different: list[Path] = []
        self.command = ["train", self.config, "-q"]
        assert ended(begin(self.command)) == 0  # the first one compiles what Python keeps
        began = time.monotonic()
        assert ended(begin(self.command)) == 0
        self.seconds = time.monotonic() - began
        self.whole = content(newest())

    def at_instants(self, number: int) -> None:
        rng = random.Random(number)
        while self.kills < number:
            self.one_run(lambda arguments: self._killed_after(arguments, rng.uniform(0, self.seconds * 1.2)))

    def at_calls(self, every: int, fate: Callable[[int], Fate]) -> None:
        """A kill in each of many runs, each time at a later call."""
        for number in count(1, every):
            codes = iter([fate(number)])
            kills = self.kills
            self.one_run(lambda arguments, codes=codes: ended(begin(arguments, next(codes, UNTOUCHED))))
            if kills == self.kills:
                return

    def one_run(self, attempt: Callable[[list[str]], int]) -> None:
        """Trains, and goes on whenever it was killed, until it is done."""
        before, step, arguments = newest(), -1, self.command
        while (code := attempt(arguments)) != 0:
            self.kills += code == -signal.SIGKILL
            run = newest()
            found = saved(run) if run != before else -1
            self.went_back += [run] if found < step else []
            step = max(found, step)
            assert code in (-signal.SIGKILL, 3), code  # 3: it was killed before anything could go on
            arguments = ["resume", str(run), "-q"] if run != before and code != 3 else self.command
        self.runs += 1
        self.different += [newest()] if content(newest()) != self.whole else []

    def _killed_after(self, arguments: list[str], seconds: float) -> int:
        child = begin(arguments)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        return ended(child)


def newest() -> Path:
    return max(Path("runs/moons").glob("2*"), default=Path(), key=lambda run: run.stat().st_ctime_ns)


def saved(run: Path) -> int:
    """The step of the newest checkpoint, -1 if there is none."""
    try:
        return steps_of(newest_checkpoint(RunDirectory(run))[0].path) or 0
    except ZenError:
        return -1


def at_call(number: int) -> Fate:
    numbers = count(1)
    return lambda: watched(Path("runs"), lambda path: die() if next(numbers) == number else None)


def in_write(number: int) -> Fate:
    return lambda: tearing(Path("runs"), number, die)


def figures(way: str, number: int) -> Kills:
    found = Kills()
    if way == "instants":
        found.at_instants(number)
    else:
        found.at_calls(number, {"calls": at_call, "torn": in_write}[way])
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        it = figures(sys.argv[1], int(sys.argv[2]))
        lost = f"{len(it.went_back)} lost what was saved, {len(it.different)} came to other bits"
        sys.stdout.write(f"{it.kills} kills in {it.runs} runs: {lost}\n")
        sys.exit(bool(it.went_back or it.different))
