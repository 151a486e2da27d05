"""Trainings as processes: begun, watched, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.helpers import environ

ENDLESS = """\
name: endless
data: {source: {type: moons, samples: 200}, split: {validation: 20}}
model: [linear: 16, tanh, dropout: 0.2, output]
optimizer: {type: adam, lr: 0.003}
trainer: {epochs: 1000000, batch_size: 8, checkpoint: {seconds: 0}}
"""
ZEN = (sys.executable, "-m", "zen_cli")
Process = subprocess.Popen[bytes]


def begin(*command: str, **options: object) -> Process:
    """A process in a session of its own, in which no signal is ignored."""
    settings = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environ(), "preexec_fn": heed}
    settings |= {"start_new_session": True, "bufsize": 0, **options}  # select sees what readline has not taken
    return subprocess.Popen(command, **settings)  # type: ignore[call-overload, no-any-return]


@contextmanager
def begun(*command: str, **options: object) -> Iterator[Process]:
    """Killed in the end."""
    child = begin(*command, **options)
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def heed() -> None:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_DFL)


def wait(condition: Callable[[], bool], what: str = "it never began") -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.005)


def trained(name: str, epochs: int = 1) -> Path:
    """Waits until a run of this name has ended so many epochs, and has been saved; gives its directory."""
    found: list[Path] = []

    def ready() -> bool:
        found[:] = sorted(Path("runs", name).glob("2*"))
        metrics = found[-1] / "metrics.jsonl" if found else Path("none")
        return metrics.exists() and metrics.read_bytes().count(b"\n") > epochs and bool(list(found[-1].glob("last.*")))

    wait(ready)
    return found[-1]


def in_mounts(script: str) -> subprocess.CompletedProcess[str]:
    """A shell script that may mount file systems, in a world of its own; the test is skipped where that is not allowed.

    `$ZEN` is the command.
    """
    for unshare in (("unshare", "-m"), ("unshare", "-rm")):
        try:
            tried = subprocess.run([*unshare, "sh", "-c", "mount -t tmpfs tmpfs /mnt"], capture_output=True)
        except FileNotFoundError:
            break
        if tried.returncode == 0:
            command = [*unshare, "bash", "-c", f'ZEN="{" ".join(ZEN)}"\n{script}']
            return subprocess.run(command, capture_output=True, text=True, env=environ(), stdin=subprocess.DEVNULL)
    pytest.skip("file systems cannot be mounted here")


def kill(child: Process) -> None:
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
