"""zen verify: trains a run again, and says whether every bit is the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.helpers import DIGITS, done, train, write, zen
from tests.faults.helpers import MOONS, moons, resume, stopped
from zen_cli.runs.checkpoint import load, save
from zen_cli.runs.directory import RunDirectory


def same(run: Path) -> str:
    out = done("verify", str(run), "-q").out
    assert out.startswith(f"{run}: the same bits again: ")
    return out


def differs(run: Path, *words: str) -> None:
    result = zen("verify", str(run), "-q")
    assert result.code == 3
    assert all(word in result.out + result.err for word in words), result
    found = zen("verify", str(run), "--json")
    assert (found.code, found.json["same"]) == (3, False) and found.json["differences"]


@pytest.mark.parametrize("flags", [(), ("--seeds", "3"), ("--until", "train.loss<0.68")], ids=str)
def test_a_run_is_had_again(flags: tuple[str, ...]) -> None:
    config = moons()
    done("train", config, *flags)
    run = Path("runs/moons/latest").resolve().relative_to(Path.cwd())
    before = {path: path.read_bytes() for path in run.iterdir()}
    assert "last.safetensors" in same(run)
    assert {path: path.read_bytes() for path in run.iterdir()} == before


def test_a_published_config_is_had_again() -> None:
    assert "last.safetensors" in same(train(DIGITS, "--set", "trainer.epochs=2"))


@pytest.mark.parametrize("step", [5, 6, 13, 15])
def test_a_run_that_was_interrupted_at_any_step(step: int) -> None:
    """Right before the end of an epoch, right after it, or within it."""
    run = stopped(moons(), step)
    assert f"last.safetensors of step {step}" in same(run)
    resume(run)
    assert "best.safetensors of step" in same(run)


def test_a_run_that_was_killed_is_had_again_as_far_as_it_came() -> None:
    run = stopped(moons(), 13)
    lines = (run / "metrics.jsonl").read_bytes().splitlines(keepends=True)
    (run / "metrics.jsonl").write_bytes(b"".join(lines[:-1]))
    same(run)


def test_a_run_that_went_on_for_more_epochs() -> None:
    run = train(moons())
    resume(run, "--set", "trainer.epochs=6")
    same(run)


def test_a_run_that_diverged() -> None:
    write("moons.yaml", MOONS.replace("type: adam, lr: 0.01", "type: sgd, lr: 1e4").replace("tanh", "relu"))
    run = Path(zen("train", "moons.yaml", "-q").out.strip())
    assert "best.safetensors of step 5" in same(run)


def changed(run: Path, change: Callable[[RunDirectory], None]) -> Path:
    change(RunDirectory(run))
    return run


def test_one_bit_of_one_weight_is_found() -> None:
    def nudge(directory: RunDirectory) -> None:
        found = load(directory.last)
        tensors = {name: array.copy() for name, array in found.tensors.items()}
        tensors["model.0.weight"].view("u4")[0, 0] ^= 1
        save(directory.last, tensors, found.metadata)

    run = changed(train(moons()), nudge)
    differs(run, "last.safetensors: model.0.weight differs in 1 of 12 numbers", "nothing that run.json notes")


def test_a_changed_event_is_found() -> None:
    run = train(moons())
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    lines[2]["train"]["loss"] = 0.5
    (run / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    differs(run, "metrics.jsonl:3: train was ")


def test_what_has_changed_since_is_said() -> None:
    rows = "a,b,y\n" + "".join(f"{i % 7},{i % 5},{i % 2}\n" for i in range(40))
    write("t.csv", rows)
    run = train(write("t.yaml", "data: {source: t.csv, target: y}\nmodel: [linear: 3, output]\ntrainer: {epochs: 2}\n"))
    receipt = RunDirectory(run).read_receipt()
    RunDirectory(run).write_receipt(receipt | {"versions": receipt["versions"] | {"numpy": "1.0"}})
    same(run)
    write("t.csv", rows.replace("3,3,1", "3,2,1"))
    differs(run, "last.safetensors", "data_sha256: ", "versions.numpy: 1.0 -> ")


def test_a_run_of_two_configs_is_refused() -> None:
    run = stopped(moons(), 13)
    resume(run, "--set", "optimizer.lr=0.1", "--allow-config-change")
    result = zen("verify", str(run))
    assert (result.code, result.out) == (3, "")
    assert "went on with other options after epoch 2: optimizer.lr: 0.01 -> 0.1" in result.err
