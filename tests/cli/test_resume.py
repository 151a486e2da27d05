"""zen resume: what it prints, records, refuses and leaves alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.helpers import XOR, done, train, write, zen
from tests.faults.helpers import content, moons, receipt, resume, stopped
from zen_cli.runs.directory import RunDirectory


@pytest.mark.parametrize("step", [1, 5, 13])
def test_gives_what_a_run_that_never_stopped_gives(step: int) -> None:
    config = moons()
    whole, run = train(config), stopped(config, step)
    assert receipt(run)["status"] == "interrupted"
    assert resume(run) == run
    assert content(run) == content(whole)
    assert (receipt(run)["status"], receipt(run)["exit"]) == ("completed", 0)


def test_of_several_seeds() -> None:
    config = moons()
    done("train", config, "--seeds", "3", "-q")
    whole = Path("runs/moons/latest").resolve()
    run = stopped(config, 8, seeds=range(3))
    done("resume", str(run), "-q")
    assert content(run) == content(whole)


def test_more_epochs_are_the_longer_run() -> None:
    config = moons()
    whole, run = train(config, "--set", "trainer.epochs=7"), train(config)
    resume(run, "--set", "trainer.epochs=7")
    assert content(run) == content(whole)
    assert receipt(run)["resumed"][0]["changes"] == {"trainer.epochs": [4, 7]}


def test_a_finished_run_is_left_alone() -> None:
    run = train(moons())
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    result = done("resume", str(run))
    assert result.out == f"{run}\n"
    assert result.err == f"zen: {run} is finished: all 4 epochs are trained; --set trainer.epochs=N goes on\n"
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before
    assert done("resume", str(run), "--json", "-q").json["train"] == json.loads(
        (run / "metrics.jsonl").read_text().splitlines()[-1])["train"]


def test_a_run_that_stopped_early_is_finished() -> None:
    run = train(moons(), "--until", "train.loss<0.7")
    result = done("resume", str(run), "--set", "trainer.epochs=9")
    assert result.err == f"zen: {run} is finished: train.loss<0.7 holds\n"


def test_until_holds_on() -> None:
    config = moons()
    run = stopped(config, 3)
    result = zen("resume", str(run), "-q", "--until", "train.loss<0.1")
    assert (result.code, "train.loss<0.1 did not hold in 4 epochs" in result.err) == (6, True)
    result = zen("resume", str(run), "-q")
    assert (result.code, "train.loss<0.1 did not hold in 4 epochs" in result.err) == (6, True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("optimizer.lr=0.1", "optimizer.lr: 0.01 -> 0.1"),
        ("trainer.batch_size=16", "trainer.batch_size: 8 -> 16"),
        ("model[0].units=7", "model[0].units: 6 -> 7"),
        ("model[1]=relu", "model[1].type: tanh -> relu"),
        ("optimizer=nadam", "optimizer.type: adam -> nadam"),
        ("seed=3", "seed: 0 -> 3"),
        ("scheduler=cosine", "scheduler.type: not set -> cosine"),
        ("trainer.early_stopping={patience: 2}", "trainer.early_stopping.patience: not set -> 2"),
    ],
)
def test_other_options_are_refused(change: str, said: str) -> None:
    run = stopped(moons(), 8)
    before = content(run)
    result = zen("resume", str(run), "--set", change)
    assert (result.code, result.out) == (3, "")
    assert said in result.err
    assert "--allow-config-change" in result.err
    assert content(run) == before


@pytest.mark.parametrize(
    "change", ["optimizer.lr=0.1", "trainer.batch_size=16", "trainer.early_stopping={patience: 9}"]
)
def test_other_options_are_recorded_where_they_are_allowed(change: str) -> None:
    run = stopped(moons(), 8)
    resume(run, "--set", change, "--allow-config-change")
    key, _, value = change.partition("=")
    (noted,) = receipt(run)["resumed"]
    assert any(name.startswith(key) for name in noted["changes"])
    assert (noted["epoch"], noted["step"]) == (1, 8)
    assert value.strip("{}").rpartition(" ")[2] in RunDirectory(run).resolved.read_text()
    assert resume(run) == run  # finished, with the options that it has now


def test_other_batches_begin_the_epoch_again() -> None:
    run = stopped(moons(), 8)
    result = done("resume", str(run), "--set", "trainer.batch_size=16", "--allow-config-change")
    assert "zen: warning: epoch 2 begins again, with other batches\n" in result.err
    assert content(run)["events"][-1]["steps"] == 8 + 3 * 3


def test_a_mean_over_the_last_share_of_the_epochs_is_another_one_with_more_of_them() -> None:
    run = train(moons(), "--set", "trainer.average={swa: 50%}")
    result = zen("resume", str(run), "--set", "trainer.epochs=8")
    assert result.code == 3 and "trainer.average: over 4 epochs -> over 8 epochs" in result.err
    steps = train(moons(), "--set", "trainer.average={swa: 2 epochs}")
    done("resume", str(steps), "--set", "trainer.epochs=8")


def test_a_schedule_that_stretches_over_the_epochs_is_another_one_with_more_of_them() -> None:
    run = train(moons(scheduler="cosine"))
    result = zen("resume", str(run), "--set", "trainer.epochs=8")
    assert result.code == 3
    assert "scheduler: over 4 epochs -> over 8 epochs" in result.err
    resume(run, "--set", "trainer.epochs=8", "--allow-config-change")
    steps = train(moons(scheduler="{step: {every: 2 epochs}}"))
    resume(steps, "--set", "trainer.epochs=8")


def test_a_run_without_a_checkpoint_begins_again() -> None:
    config = moons()
    whole, run = train(config), train(config)
    for path in run.glob("*.safetensors"):
        path.unlink()
    result = done("resume", str(run))
    assert "no checkpoint was saved before the run ended: it begins again" in result.err
    assert content(run) == content(whole)


def test_threads_stay_as_they_were() -> None:
    run = stopped(moons(), 8)
    result = zen("resume", str(run), "--threads", "2")
    assert (result.code, "--threads: 1 -> 2" in result.err) == (3, True)


def test_a_directory_may_have_moved() -> None:
    config = write("table.yaml", "data: {source: t.csv, target: y}\nmodel: [linear: 3, output]\ntrainer: {epochs: 9}\n")
    write("t.csv", "x,y\n" + "".join(f"{i},{i * i}\n" for i in range(40)))
    run = stopped(config, 5)
    Path("elsewhere").mkdir()
    shutil.move("t.csv", "elsewhere/t.csv")
    moved = Path(shutil.move(run, "elsewhere/run"))
    assert "t.csv" in zen("resume", str(moved)).err
    resume(moved, "--set", "data.source=elsewhere/t.csv")
    assert receipt(moved)["status"] == "completed"


def test_a_mistake_in_an_override_is_a_mistake_of_usage() -> None:
    run = stopped(moons(), 8)
    assert zen("resume", str(run), "--set", "trainer.epochs=abc").code == 2
    assert zen("resume", str(run), "--until", "nonsense").code == 2
    assert zen("resume", XOR).code == 3
