"""Checkpoints that are missing, damaged, of another run or another time: the cases K01 to K33, by number."""

from __future__ import annotations

import contextlib
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.cli.helpers import done, train, zen
from tests.faults.cases import case
from tests.faults.helpers import content, events, moons, receipt, resume, stopped
from zen_cli.errors import ZenError
from zen_cli.runs.checkpoint import FORMAT, load, save
from zen_cli.runs.directory import RunDirectory
from zen_cli.runs.safetensors import Metadata, Tensors, decode

Change = Callable[[Tensors, Metadata], None]


def rewrite(path: Path, change: Change) -> None:
    """A sound checkpoint with another content."""
    found = load(path)
    tensors, metadata = {name: array.copy() for name, array in found.tensors.items()}, dict(found.metadata)
    change(tensors, metadata)
    save(path, tensors, metadata)


def refused(*arguments: str, code: int = 3) -> str:
    """What is said by a command that is refused; nothing is printed, and nothing but the lock is written."""
    files = [path for path in Path("runs").glob("*/2*/*") if path.name != ".lock"]
    before = {path: path.read_bytes() for path in files}
    result = zen(*arguments)
    assert (result.code, result.out) == (code, ""), result.err
    assert result.err.startswith("zen: error: ")
    assert {path: path.read_bytes() for path in before} == before
    return result.err


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a run was stopped in its third epoch."""
    folder = tmp_path_factory.mktemp("kept")
    with contextlib.chdir(folder):
        stopped(moons(), 13)
    return folder


@pytest.fixture
def run(kept: Path) -> RunDirectory:
    """A copy of it, with all three checkpoints."""
    shutil.copytree(kept, ".", symlinks=True, dirs_exist_ok=True)
    found = RunDirectory(next(Path("runs/moons").glob("2*")))
    assert found.last.exists() and found.previous.exists() and found.best.exists()
    return found


@case("K01")
def test_a_checkpoint_that_is_not_there(run: RunDirectory) -> None:
    said = refused("resume", str(run.path / "first.safetensors"))
    assert "first.safetensors: checkpoint not found" in said
    for path in (run.last, run.previous, run.best):
        assert str(path) in said


@case("K02")
def test_an_empty_checkpoint(run: RunDirectory) -> None:
    run.last.write_bytes(b"")
    said = refused("resume", str(run.last))
    assert "last.safetensors: damaged: the file is empty" in said
    assert f"hint: sound checkpoints there: {run.best}, {run.previous}" in said


def accepted(data: bytes, folder: Path) -> bool:
    path = folder / "tried.safetensors"
    path.write_bytes(data)
    try:
        load(path)
    except ZenError as error:
        assert error.code == 3
        return False
    return True


EVERY = pytest.mark.parametrize("every", [41, pytest.param(5, marks=pytest.mark.slow)])


@EVERY
@case("K03")
def test_cut_off_at_a_byte(run: RunDirectory, tmp_path: Path, every: int) -> None:
    whole = run.last.read_bytes()
    assert [length for length in range(0, len(whole), every) if accepted(whole[:length], tmp_path)] == []
    assert accepted(whole, tmp_path)


@EVERY
@case("K04")
def test_one_bit_flipped_at_a_byte(run: RunDirectory, tmp_path: Path, every: int) -> None:
    whole = bytearray(run.last.read_bytes())
    taken = []
    for place in range(0, len(whole), every):
        whole[place] ^= 1 << place % 8
        taken += [place] if accepted(whole, tmp_path) else []
        whole[place] ^= 1 << place % 8
    assert taken == []


@case("K05")
def test_bytes_behind_the_last_tensor(run: RunDirectory, tmp_path: Path) -> None:
    for more in (b"\0", b"{}", run.last.read_bytes()):
        assert not accepted(run.last.read_bytes() + more, tmp_path)


class Canary:
    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("touch canary",)


@pytest.mark.parametrize("name", ["a.pt", "a.joblib", "a.pkl", "a.keras", "last.safetensors"])
@case("K06")
def test_formats_that_can_run_code(run: RunDirectory, name: str) -> None:
    archive = b"PK\x03\x04" + bytes(30)
    (run.path / name).write_bytes(archive if name.endswith("keras") else pickle.dumps(Canary()))
    said = refused("resume", str(run.path / name))
    assert "format not supported: this is a " in said
    assert not Path("canary").exists()


@case("K11")
def test_another_dtype(run: RunDirectory) -> None:
    def widen(tensors: Tensors, metadata: Metadata) -> None:
        tensors["model.0.weight"] = tensors["model.0.weight"].astype(np.float64)

    rewrite(run.last, widen)
    said = refused("resume", str(run.path))
    assert f"model.0.weight is float64, the config asks for float32 ({run.resolved}:" in said


@case("K12")
def test_tensors_that_are_missing_or_too_many(run: RunDirectory) -> None:
    def swap(tensors: Tensors, metadata: Metadata) -> None:
        tensors["model.9.weight"] = tensors.pop("model.0.weight")

    rewrite(run.last, swap)
    said = refused("resume", str(run.path))
    assert "tensors are missing: model.0.weight" in said
    assert "tensors are unexpected: model.9.weight" in said


@case("K13")
def test_another_shape(run: RunDirectory) -> None:
    def turn(tensors: Tensors, metadata: Metadata) -> None:
        tensors["model.0.weight"] = tensors["model.0.weight"].T.copy()

    rewrite(run.last, turn)
    said = refused("resume", str(run.path))
    assert f"model.0.weight has the shape (6, 2), the config asks for (2, 6) ({run.resolved}:" in said


@pytest.mark.parametrize("name", ["model.0.weight", "optimizer.square"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
@case("K14")
def test_numbers_that_are_not_finite(run: RunDirectory, name: str, value: float) -> None:
    rewrite(run.last, lambda tensors, metadata: tensors[name].put(3, value))
    said = refused("resume", str(run.path))
    assert f"last.safetensors: holds numbers that are not finite: {name}" in said
    assert "linear" in done("describe", str(run.path)).out


@case("K14")
def test_one_lost_net_of_several_does_not_stop_the_others() -> None:
    path = stopped(moons(), 13, seeds=range(3))
    rewrite(RunDirectory(path).last, lambda tensors, metadata: tensors["model.0.weight"][1].fill(np.nan))
    done("resume", str(path), "-q")


@case("K15")
def test_a_checkpoint_of_another_config(run: RunDirectory) -> None:
    other = stopped(moons(optimizer="{type: adam, lr: 0.02}"), 13)
    shutil.copy(RunDirectory(other).last, run.last)
    said = refused("resume", str(run.path))
    assert "optimizer.lr: 0.02 -> 0.01" in said


@case("K16")
def test_a_newer_format(run: RunDirectory) -> None:
    raw = run.last.read_bytes()
    run.last.write_bytes(raw.replace(b'"zen_format":"%d"' % FORMAT, b'"zen_format":"%d"' % (FORMAT + 1)))
    said = refused("resume", str(run.last))
    assert f"written in format {FORMAT + 1} by a newer version of zen; this one reads up to {FORMAT}" in said
    assert "hint: upgrade: pip install" in said


@case("K18")
def test_no_state_of_the_optimizer(run: RunDirectory) -> None:
    def drop(tensors: Tensors, metadata: Metadata) -> None:
        for name in [name for name in tensors if name.startswith("optimizer.")]:
            del tensors[name]

    rewrite(run.last, drop)
    said = refused("resume", str(run.path))
    assert "the optimizer's state is absent: optimizer.mean, optimizer.square" in said
    assert "--init-from" in said


@case("K18")
def test_no_state_of_the_training(run: RunDirectory) -> None:
    rewrite(run.last, lambda tensors, metadata: metadata.pop("training") and None)
    assert "--init-from" in refused("resume", str(run.path))


@case("K21")
def test_latest_that_leads_nowhere(run: RunDirectory) -> None:
    latest = run.path.parent / "latest"
    latest.unlink()
    latest.symlink_to("gone")
    result = done("resume", "runs/moons")
    assert result.err.count("warning") == 1
    assert f"leads to no run: {run.path} is used" in result.err
    assert receipt(run.path)["status"] == "completed"


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "gone"])
@case("K22")
def test_the_newest_is_damaged_and_an_older_one_good(run: RunDirectory, damage: str) -> None:
    whole = train(moons())
    data = bytearray(run.last.read_bytes())
    data[-1] ^= 1
    changed = {"cut": data[:-9], "flip": data, "empty": b""}
    run.last.unlink() if damage == "gone" else run.last.write_bytes(changed[damage])
    result = done("resume", str(run.path))
    assert result.err.count("warning") == 1
    assert "went back to previous.safetensors of epoch 2" in result.err
    assert content(run.path) == content(whole)


@case("K22")
def test_says_how_many_epochs_are_lost(run: RunDirectory) -> None:
    shutil.copy(run.best, run.previous)
    finished = resume(run.path)
    for path in (run.last, run.best):
        path.write_bytes(path.read_bytes()[:-1])
    assert finished == run.path
    result = done("resume", str(run.path))
    assert "went back to previous.safetensors of epoch 3: 1 epoch is lost" in result.err


@case("K22")
def test_the_newest_of_those_that_are_left_is_used(run: RunDirectory) -> None:
    resume(run.path)
    shutil.copy(run.last, run.best)
    run.last.unlink()
    result = done("resume", str(run.path), "--set", "trainer.epochs=5")
    assert "went back to best.safetensors of epoch 4\n" in result.err
    assert "lost" not in result.err


@case("K23")
def test_all_are_damaged(run: RunDirectory) -> None:
    for path in (run.last, run.previous, run.best):
        path.write_bytes(path.read_bytes()[:-1])
    lines = refused("resume", str(run.path)).splitlines()
    assert sorted(line.split(": ")[2] for line in lines if "error" in line) == sorted(
        str(path) for path in (run.last, run.previous, run.best)
    )


@case("K24")
def test_temporary_files_of_a_killed_process(run: RunDirectory) -> None:
    for name in (".last.safetensors.tmp", ".previous.safetensors.tmp", ".run.json.tmp", ".metrics.jsonl.tmp"):
        (run.path / name).write_bytes(b"half a file")
    result = done("resume", str(run.path))
    assert "warning" not in result.err
    assert not list(run.path.glob("*.tmp")) and not list(run.path.glob(".*.tmp"))


@case("K25")
def test_half_a_last_line_of_events(run: RunDirectory) -> None:
    whole = train(moons())
    with open(run.metrics, "ab") as file:
        file.write(b'{"event":"epoch","epoch":3,"st')
    result = done("resume", str(run.path))
    assert f"{run.metrics}:5: half a line was left out" in result.err
    assert content(run.path) == content(whole)


@case("K26")
def test_events_ahead_of_the_checkpoint(run: RunDirectory) -> None:
    whole = train(moons())
    with open(run.metrics, "ab") as file:
        file.writelines(line for line in whole.joinpath("metrics.jsonl").read_bytes().splitlines(True)[2:])
    resume(run.path)
    assert content(run.path) == content(whole)
    assert [event["epoch"] for event in events(run.path) if event["event"] == "epoch"] == [1, 2, 3, 4]


@case("K28")
def test_no_events(run: RunDirectory) -> None:
    run.metrics.unlink()
    result = done("resume", str(run.path))
    assert result.err.count("warning") == 1
    assert f"{run.metrics} is missing: earlier epochs are not listed" in result.err
    assert [event.get("epoch") for event in events(run.path)] == [None, 3, 4, None]


@case("K29")
def test_a_finished_run() -> None:
    run = train(moons())
    before = content(run)
    result = done("resume", str(run))
    assert "is finished" in result.err
    assert content(run) == before


@case("K29")
@pytest.mark.parametrize("lacking", ["the end of its events", "its status"])
def test_what_a_finished_run_did_not_come_to_write_is_written(lacking: str) -> None:
    run = RunDirectory(train(moons()))
    before = content(run.path)
    if lacking == "its status":
        run.write_receipt({**receipt(run.path), "status": "running", "exit": None})
    else:
        run.metrics.write_bytes(b"".join(run.metrics.read_bytes().splitlines(keepends=True)[:-1]))
    resume(run.path)
    assert (receipt(run.path)["status"], content(run.path)) == ("completed", before)


@case("K30")
def test_more_epochs() -> None:
    run, whole = train(moons()), train(moons(), "--set", "trainer.epochs=9")
    resume(run, "--set", "trainer.epochs=9")
    assert content(run) == content(whole)


@pytest.mark.parametrize("change", ["optimizer.lr=0.1", "trainer.batch_size=16"])
@case("K31")
def test_another_rate_or_batch_size(run: RunDirectory, change: str) -> None:
    key, _, value = change.partition("=")
    assert f"{key}: " in refused("resume", str(run.path), "--set", change)
    resume(run.path, "--set", change, "--allow-config-change")
    assert receipt(run.path)["resumed"][0]["changes"][key][1] == float(value)


@case("K31")
def test_what_was_allowed_last_holds(run: RunDirectory) -> None:
    for rate, epochs in ((0.1, 3), (0.2, 4)):
        sets = ("--set", f"optimizer.lr={rate}", "--set", f"trainer.epochs={epochs}")
        resume(run.path, *sets, "--allow-config-change")
    more = ("resume", str(run.path), "--set", "trainer.epochs=5", "--set")
    assert "optimizer.lr: 0.2 -> 0.1" in refused(*more, "optimizer.lr=0.1")
    done(*more, "optimizer.lr=0.2")


def test_a_checkpoint_that_is_named_is_the_one_that_is_used(run: RunDirectory) -> None:
    whole = train(moons())
    assert decode(run.previous.read_bytes(), "")[1]["epoch"] == "2"
    result = done("resume", str(run.previous))
    assert "warning" not in result.err
    assert receipt(run.path)["resumed"][0]["checkpoint"] == "previous.safetensors"
    assert content(run.path) == content(whole)


def test_a_model_outside_a_run_cannot_go_on(run: RunDirectory) -> None:
    Path("models").mkdir()
    shutil.copy(run.last, "models/mine.safetensors")
    assert "lies in no run directory" in refused("resume", "models/mine.safetensors")
    assert os.listdir("models") == ["mine.safetensors"]
