"""SIGINT, SIGTERM and SIGHUP: a checkpoint, then death by that signal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.helpers import environ, write, zen

LONG = "name: long\ndata: {source: xor}\nmodel: [linear: 8, tanh, output]\ntrainer: {epochs: 100000000}\n"
SLOW = """\
name: slow
data: {source: {type: spiral, samples: 200000}}
model: [linear: 512, tanh, output]
trainer: {epochs: 1000, batch_size: 1}
"""


def begin(*command: str) -> subprocess.Popen[bytes]:
    """A process in a session of its own, in which no signal is ignored."""

    def heed() -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_DFL)

    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ(), preexec_fn=heed, start_new_session=True
    )


def train(config: str) -> subprocess.Popen[bytes]:
    return begin(sys.executable, "-m", "zen_cli", "train", config, "-q")


def wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it never began"
        time.sleep(0.01)


def trains(name: str, lines: int) -> Callable[[], bool]:
    """Whether the run's events have so many lines."""

    def begun() -> bool:
        found = list(Path("runs", name).glob("2*/metrics.jsonl"))
        return bool(found) and found[0].read_bytes().count(b"\n") >= lines

    return begun


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_first_signal_leaves_a_checkpoint(number: signal.Signals) -> None:
    child = train(write("long.yaml", LONG))
    wait(trains("long", 3))
    child.send_signal(number)
    out, err = child.communicate(timeout=30)
    assert child.returncode == -number
    assert err.decode().startswith(f"zen: {number.name}: stopping after this step")
    run = Path(out.decode().rstrip("\n"))
    receipt = json.loads((run / "run.json").read_text())
    assert (receipt["status"], receipt["exit"]) == ("interrupted", -number)
    assert zen("evaluate", str(run)).code == 0


def test_second_signal_ends_at_once() -> None:
    child = train(write("slow.yaml", SLOW))
    wait(trains("slow", 1))
    child.send_signal(signal.SIGINT)
    time.sleep(0.2)
    assert child.poll() is None
    child.send_signal(signal.SIGINT)
    begun = time.monotonic()
    out, _ = child.communicate(timeout=30)
    assert (child.returncode, out) == (-signal.SIGINT, b"")
    assert time.monotonic() - begun < 2


def test_shell_loop_stops() -> None:
    write("long.yaml", LONG)
    loop = f'for s in 1 2 3; do "{sys.executable}" -m zen_cli train long.yaml -q; done; echo end'
    child = begin("bash", "-c", loop)
    wait(trains("long", 3))
    os.killpg(child.pid, signal.SIGINT)
    out, _ = child.communicate(timeout=30)
    assert child.returncode in (-signal.SIGINT, 130)
    assert b"end" not in out
    assert len(list(Path("runs/long").glob("2*"))) == 1
