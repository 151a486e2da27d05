"""Signals and sudden death: the cases S01 to S20, by number. S09 is in tests/cli/test_streams.py."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.helpers import environ, train, write, zen
from tests.faults.cases import case
from tests.faults.helpers import MOONS, content, moons, receipt, resume
from tests.faults.processes import ENDLESS, ZEN, Process, begun, kill, trained, wait
from zen_cli.runs.directory import RunDirectory
from zen_cli.runs.newest import newest_checkpoint

SLOW = """\
name: slow
data: {source: {type: moons, samples: 4000}}
model: [linear: 700, tanh, linear: 700, tanh, output]
trainer: {epochs: 1000, batch_size: 1000, checkpoint: {seconds: 0}}
"""


def slow(value: int) -> Any:
    return pytest.param(value, marks=pytest.mark.slow)


def endless() -> str:
    return write("endless.yaml", ENDLESS)


def line(child: Process, timeout: float = 60) -> str:
    """The next line on the child's standard error, which must come."""
    assert child.stderr is not None
    assert select.select([child.stderr], [], [], timeout)[0], "nothing is said"
    return child.stderr.readline().decode()


def saved(run: Path) -> int:
    """The number of the step at which the newest checkpoint was made."""
    checkpoint, warnings = newest_checkpoint(RunDirectory(run))
    assert not warnings
    return int(re.findall(r'"step": (\d+)', checkpoint.metadata["progress"])[0])


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGINT, id="S01"),
        pytest.param(signal.SIGTERM, id="S06"),
        pytest.param(signal.SIGHUP, id="S08", marks=pytest.mark.slow),
    ],
)
def test_a_signal(number: signal.Signals) -> None:
    """It is answered, the run is saved within the epoch, how to go on is said, and the process dies by the signal."""
    with begun(*ZEN, "train", endless(), "-q") as child:
        run = trained("endless")
        child.send_signal(number)
        out, err = child.communicate()
        assert child.returncode == -number
    answer, last = err.decode().splitlines()
    assert answer == f"zen: {number.name}: stopping after this step; again to stop at once"
    said = re.fullmatch(r"zen: saved in epoch (\d+), after step (\d+); zen resume (.*)", last)
    assert said and (out.decode(), said[3]) == (f"{run}\n", str(run))
    assert saved(run) == int(said[2])
    assert (receipt(run)["status"], receipt(run)["exit"]) == ("interrupted", -number)
    assert zen("evaluate", str(run)).code == 0


@case("S01")
def test_the_answer_does_not_wait_for_the_step() -> None:
    """While one long product of matrices runs, no handler of Python does."""
    hold = """
import sys, time
import numpy as np
from zen_cli.cli.signals import gently
a = np.ones((2000, 2000))
with gently(lambda: print("handled", file=sys.stderr, flush=True)):
    print("ready", file=sys.stderr, flush=True)
    a @ a @ a
    print("multiplied", file=sys.stderr, flush=True)
    time.sleep(60)
"""
    with begun(sys.executable, "-c", hold, env=environ(OPENBLAS_NUM_THREADS="1")) as child:
        assert line(child) == "ready\n"
        time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        said = [line(child) for _ in range(3)]
    if said[0] == "multiplied\n":
        pytest.skip("the product was over too soon")
    assert said == ["zen: SIGINT: stopping after this step; again to stop at once\n", "handled\n", "multiplied\n"]


@case("S02")
def test_a_second_signal_ends_it_at_once() -> None:
    with begun(*ZEN, "train", write("slow.yaml", SLOW), "-q") as child:
        run = trained("slow")
        child.send_signal(signal.SIGINT)
        assert "SIGINT" in line(child)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate()
    assert child.returncode == -signal.SIGINT
    assert saved(run) > 0


@pytest.mark.parametrize("number", [41, *(slow(each) for each in (23, 29, 35, 47))])
@case("S03")
def test_a_signal_while_a_checkpoint_is_written(number: int) -> None:
    config = moons()
    whole = content(train(config))
    command = [sys.executable, "-m", "tests.faults.driver", str(number), str(int(signal.SIGINT)), "train", config, "-q"]
    with begun(*command) as child:
        _, err = child.communicate()
        assert child.returncode == -signal.SIGINT, err
    run = sorted(Path("runs/moons").glob("2*"))[-1]
    assert saved(run) > 0
    assert content(resume(run)) == whole


@case("S06")
def test_the_terminal_is_left_as_it_was() -> None:
    import pty
    import termios

    main, other = pty.openpty()
    before = termios.tcgetattr(other)
    text = ENDLESS.replace("seconds: 0", "seconds: 5").replace("moons, samples: 200", "moons, samples: 20000")
    said = b""
    with begun(*ZEN, "train", write("endless.yaml", text), stderr=other, env=environ(TERM="xterm")) as child:
        end = time.monotonic() + 60
        while b"endless" not in said or said.count(b"\x1b[") < 8:
            assert time.monotonic() < end, said
            if select.select([main], [], [], 0.1)[0]:
                said += os.read(main, 65536)
        child.send_signal(signal.SIGTERM)
        while child.poll() is None:
            if select.select([main], [], [], 0.1)[0]:
                said += os.read(main, 65536)
        while select.select([main], [], [], 0)[0]:
            said += os.read(main, 65536)
    assert child.returncode == -signal.SIGTERM
    assert said.rfind(b"\x1b[?25h") >= said.rfind(b"\x1b[?25l")
    assert termios.tcgetattr(other) == before
    assert b"zen: saved in epoch" in said.splitlines()[-1]
    os.close(main), os.close(other)


@pytest.mark.slow
@case("S07")
def test_killed_after_a_signal() -> None:
    """Whoever sends SIGTERM and then SIGKILL finds the run saved where it was."""
    with begun(*ZEN, "train", endless(), "-q") as child:
        run = trained("endless")
        child.send_signal(signal.SIGTERM)
        assert "SIGTERM" in line(child)
        said = line(child)
        kill(child)
    assert "zen: saved in epoch" in said and f"after step {saved(run)};" in said


@case("S08")
def test_nohup_stays_deaf() -> None:
    def deaf() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with begun(*ZEN, "train", endless(), "-q", preexec_fn=deaf) as child:
        run = trained("endless")
        child.send_signal(signal.SIGHUP)
        count = (run / "metrics.jsonl").read_bytes().count(b"\n")
        wait(lambda: (run / "metrics.jsonl").read_bytes().count(b"\n") > count + 2, "it has stopped")
        child.send_signal(signal.SIGTERM)
        assert b"SIGHUP" not in child.communicate()[1]
        assert child.returncode == -signal.SIGTERM


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("for seed in 1 2 3; do {zen} train endless.yaml -q --seed $seed; done; echo on", id="S19"),
        pytest.param("{zen} train endless.yaml -q && echo on", id="S20", marks=pytest.mark.slow),
    ],
)
def test_the_shell_stops_too(script: str) -> None:
    endless()
    with begun("bash", "-c", script.format(zen=" ".join(ZEN))) as child:
        trained("endless")
        os.killpg(child.pid, signal.SIGINT)
        out, _ = child.communicate()
    assert child.returncode in (-signal.SIGINT, 130)
    assert b"on\n" not in out
    assert len(list(Path("runs/endless").glob("2*"))) == 1


@pytest.mark.parametrize("milliseconds", [40, 160, *(slow(each) for each in (1, 10, 20, 80, 120))])
def test_a_signal_at_any_time_ends_it_by_the_signal_without_a_traceback(milliseconds: int) -> None:
    """While it imports, reads, compiles or trains."""
    config = write("moons.yaml", MOONS.replace("epochs: 4", "epochs: 1000000"))
    start = f"""
import os, signal, sys
from zen_cli.__main__ import zen
signal.signal(signal.SIGALRM, lambda number, frame: os.kill(os.getpid(), signal.SIGINT))
signal.setitimer(signal.ITIMER_REAL, {milliseconds / 1000})
sys.argv = ["zen", "train", "{config}", "-q"]
zen()
"""
    with begun(sys.executable, "-c", start) as child:
        _, err = child.communicate()
        assert (child.returncode, b"Traceback" in err) == (-signal.SIGINT, False), err
