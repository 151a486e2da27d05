"""What surrounds a run: disks, locks, memory, time zones, cores. The cases E04 to E35 and K33, by number."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.helpers import DIGITS, XOR, done, environ, process, train, write, zen
from tests.faults.cases import case
from tests.faults.faulty import failing
from tests.faults.helpers import MOONS, content, moons, receipt, resume, stopped
from tests.faults.processes import ENDLESS, ZEN, begun, in_mounts, trained, wait
from zen_cli.runs.directory import RunDirectory
from zen_cli.runs.lock import host_name

# --- disks ----------------------------------------------------------------------------------------------


@case("E02")
def test_a_disk_that_is_full_for_events_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checkpoint is written first, and has the epoch that could not be listed."""
    config, original, count = moons(trainer="{epochs: 4, batch_size: 8}"), os.write, 0
    whole = content(train(config))

    def write_(descriptor: int, data: bytes) -> int:
        nonlocal count
        if os.readlink(f"/proc/self/fd/{descriptor}").endswith("metrics.jsonl"):
            count += 1
            if count > 3:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return original(descriptor, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write_)
        result = zen("train", config, "-q")
    run = sorted(Path("runs/moons").glob("2*"))[-1]
    assert (result.code, "metrics.jsonl: cannot write: No space left" in result.err) == (7, True)
    assert receipt(run)["exit"] == 7
    assert content(resume(run)) == whole


@case("E04")
def test_a_root_that_is_not_writable() -> None:
    with failing(Path("runs"), 1, errno.EACCES, lasting=True):
        result = zen("train", XOR)
    assert (result.code, result.out) == (7, "")
    assert result.err.startswith("zen: error: runs/xor: cannot write: Permission denied\nhint: make the folder ")
    assert "chmod" in result.err and "--out" in result.err


@case("E05")
def test_a_file_system_that_is_read_only() -> None:
    found = in_mounts(f"""
        mkdir root && mount -t tmpfs tmpfs root && mount -o remount,ro root
        $ZEN train {XOR} --out root
    """)
    assert (found.returncode, found.stdout) == (7, "")
    assert found.stderr.startswith("zen: error: root/xor: cannot write: Read-only file system\nhint: ")
    assert "epoch" not in found.stderr


@pytest.mark.slow
@pytest.mark.parametrize("kilobytes", [24, 48])
@case("E01")
def test_a_disk_that_is_really_full(kilobytes: int) -> None:
    """What was saved before loads; once there is room the run goes on to the same end."""
    config = moons()
    whole = content(train(config))
    found = in_mounts(f"""
        mkdir root && mount -t tmpfs -o size={kilobytes}k tmpfs root
        $ZEN train {config} -q --out root; echo "train $?"
        mount -o remount,size=10m root
        $ZEN resume root/moons -q; echo "resume $?"
        cp -r root kept
    """)
    codes = {word: int(code) for word, code in re.findall(r"(?m)^(train|resume) (\d+)$", found.stdout)}
    assert codes["train"] in (0, 7) and "Traceback" not in found.stderr
    if codes["resume"] == 0:
        (run,) = Path("kept/moons").glob("2*")
        assert content(run) == whole
    else:
        assert re.search("ended before it began|no run in this folder|no such run", found.stderr)


@case("K33")
def test_a_run_directory_that_is_read_only() -> None:
    run = stopped(moons(), 13)
    found = in_mounts(f"""
        mount --bind {run} {run} && mount -o remount,bind,ro {run}
        $ZEN describe {run} > /dev/null || echo "describe $?"
        $ZEN compare {run} {run} > /dev/null || echo "compare $?"
        $ZEN resume {run}; echo "resume $?"
    """)
    assert found.stdout == "resume 7\n", found.stderr
    assert f"zen: error: {run}/.lock: cannot write: Read-only file system\nhint: " in found.stderr
    assert resume(run) == run


# --- several processes ----------------------------------------------------------------------------------


@case("E09")
def test_a_run_directory_is_made_once() -> None:
    config = write("moons.yaml", MOONS)
    runs = [train(config, "--set", "trainer.epochs=1") for _ in range(3)]
    assert len(set(runs)) == 3


@case("E10")
def test_64_starts_in_the_same_second() -> None:
    make = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from zen_cli.runs.directory import RunDirectory
for _ in range(64):
    if not os.fork():
        sys.stdin.read()  # they all begin when it is closed
        path = RunDirectory.create(Path("runs"), "xor", "1a2b3c", datetime(2025, 1, 31, tzinfo=UTC)).path
        os.write(1, f"{path}\\n".encode())
        os._exit(0)
os.close(0)
assert {os.wait()[1] for _ in range(64)} == {0}
"""
    with begun(sys.executable, "-c", make, stdin=subprocess.PIPE) as child:
        out, _ = child.communicate()
        assert child.returncode == 0
    made = out.decode().splitlines()
    assert len(made) == len(set(made)) == 64
    assert str(Path("runs/xor") / os.readlink("runs/xor/latest")) in made


@case("E11", "E13")
def test_a_second_process_on_a_run_that_is_alive() -> None:
    with begun(*ZEN, "train", write("endless.yaml", ENDLESS), "-q") as child:
        run = trained("endless")
        result = zen("resume", str(run))
        assert (result.code, result.out) == (7, "")
        wanted = f"zen: error: {run}: in use by process {child.pid} on {host_name()}\nhint: "
        assert result.err.startswith(wanted)
        lines = (run / "metrics.jsonl").read_bytes().count(b"\n")
        wait(lambda: (run / "metrics.jsonl").read_bytes().count(b"\n") > lines + 2, "the first one was harmed")
        child.send_signal(signal.SIGINT)
        _, err = child.communicate()
        assert child.returncode == -signal.SIGINT and b"zen: saved in epoch" in err
    assert zen("evaluate", str(run)).code == 0


# --- memory ---------------------------------------------------------------------------------------------


@case("E14")
def test_no_memory_in_the_middle_of_an_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    from zen_cli.nn import programs

    config = moons()
    whole = content(train(config))
    original = programs.TrainingStep.__init__

    def short(self: Any, *arguments: Any, **options: Any) -> None:
        original(self, *arguments, **options)
        run = self.run

        def step(t: int, lr: float) -> None:
            if t == 13:
                raise MemoryError
            run(t, lr)

        self.run = step

    with monkeypatch.context() as patch:
        patch.setattr(programs.TrainingStep, "__init__", short)
        result = zen("train", config, "-q")
    run = sorted(Path("runs/moons").glob("2*"))[-1]
    assert (result.code, result.out) == (7, "")
    assert result.err.splitlines()[0] == "zen: error: out of memory"
    assert f"zen resume {run}" in result.err
    assert (receipt(run)["status"], receipt(run)["exit"]) == ("failed", 7)
    assert content(resume(run)) == whole


@pytest.mark.slow
@pytest.mark.parametrize("megabytes", [250, 450, 700])
@case("E14")
def test_a_limit_on_memory(megabytes: int) -> None:
    """Whatever the limit: it trains, or is refused before it begins, or is told in one line."""
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

    text = MOONS.replace("linear: 6, tanh", "linear: 3000, linear: 3000, tanh").replace("epochs: 4", "epochs: 1")
    command = [*ZEN, "train", write("wide.yaml", text), "-q"]
    found = subprocess.run(command, capture_output=True, text=True, env=environ(), preexec_fn=limit)
    assert found.returncode in (0, 2, 7), found.stderr
    assert found.stderr.count("\n") <= 2 and "Traceback" not in found.stderr


# --- time, cores, streams -------------------------------------------------------------------------------


@case("E20")
def test_times_are_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Pacific/Kiritimati")
        time.tzset()
        run = train(write("moons.yaml", MOONS))
    time.tzset()
    now = time.strftime("%Y%m%dT%H", time.gmtime())
    assert run.name.startswith((now, time.strftime("%Y%m%dT%H", time.gmtime(time.time() - 60))))
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", receipt(run)[name]) for name in ("started", "ended"))


def on(*prefix: str, **environment: str) -> dict[str, bytes]:
    """The checkpoints of digits, trained by a process."""
    command = [*prefix, *ZEN, "train", DIGITS, "--set", "trainer.epochs=1", "-q"]
    found = subprocess.run(command, capture_output=True, text=True, env=environ(**environment), check=True)
    run = Path(found.stdout.strip())
    return {name: (run / name).read_bytes() for name in ("last.safetensors", "best.safetensors")}


@pytest.mark.slow
@pytest.mark.parametrize("count", ["2", "16"])
@case("E34")
def test_any_number_of_blas_threads_gives_the_same_bytes(count: str) -> None:
    assert on(OPENBLAS_NUM_THREADS=count, OMP_NUM_THREADS=count) == on()


@case("E34")
def test_one_core_gives_the_same_bytes() -> None:
    if not hasattr(os, "sched_getaffinity"):
        pytest.skip("processes cannot be bound to a core here")
    core = str(min(os.sched_getaffinity(0)))
    assert on("taskset", "-c", core) == on(OPENBLAS_NUM_THREADS="2")


@case("E34")
def test_telling_does_not_move_the_numbers() -> None:
    config = moons()
    whole = content(train(config))
    for flags in ((), ("--jsonl", "-q"), ("--json",), ("--progress", "plain"), ("--progress", "none")):
        done("train", config, *flags)
        assert content(Path("runs/moons/latest").resolve()) == whole


@case("E35")
def test_a_loss_that_is_not_finite() -> None:
    result = zen("train", moons(optimizer="{type: sgd, lr: 1e30}", model="[linear: 6, relu, output]"), "-q")
    run = Path("runs/moons/latest").resolve()
    assert (result.code, result.out) == (4, f"{Path('runs/moons') / run.name}\n")
    assert re.search(r"in epoch \d, step \d", result.err)
    for name in ("last", "best"):
        path = run / f"{name}.safetensors"
        if path.exists():
            from zen_cli.runs.checkpoint import load

            assert all(np.isfinite(array).all() for array in load(path).tensors.values())
    assert receipt(run)["status"] == "diverged"
    assert "NaN" not in (run / "metrics.jsonl").read_text()
    assert process("resume", str(run), "-q").code == 4
    assert RunDirectory(run).receipt.exists()
