"""zen runs: the runs that there are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.helpers import IRIS, XOR, done, environ, train, zen


@pytest.fixture
def runs(own_directory: Path) -> list[str]:
    """A few runs of two names; the second is the best."""
    made = [train(IRIS, "--set", f"optimizer.lr={lr}", "--set", "trainer.epochs=5") for lr in ("1e-4", "3e-2", "1e-3")]
    return [str(run) for run in [*made, train(XOR, "--set", "trainer.epochs=2")]]


def test_list(runs: list[str]) -> None:
    lines = done("runs").out.splitlines()
    assert lines[0].split() == [
        "run", "status", "epochs", "validation.loss", "validation.accuracy", "time", "began", "size"
    ]  # fmt: skip
    assert {line.split()[0] for line in lines[1:]} == set(runs)
    found = done("runs", "ls", "--json").json
    assert {each["run"] for each in found} == set(runs)
    assert all(each["status"] == "completed" and each["size"] > 0 and each["train"]["loss"] > 0 for each in found)


def listed(*arguments: str) -> set[str]:
    return {each["run"] for each in done("runs", *arguments, "--json").json}


def test_filters(runs: list[str]) -> None:
    assert listed("--name", "xor") == listed("runs/xor") == listed(runs[3]) == {runs[3]}
    assert listed("--name", "i*") == set(runs[:3])
    assert listed("--where", "optimizer.lr>5e-4", "--where", "optimizer.type=adam") == set(runs[1:3])
    assert listed("--status", "diverged,killed") == set()
    assert listed("--sort", "validation.loss", "-n", "2") == {runs[0], runs[3]}  # what has none comes last
    found = done("runs", "--metric", "train.accuracy", "--name", "iris").out.splitlines()
    assert found[0].split()[3] == "train.accuracy"


def test_best(runs: list[str]) -> None:
    assert done("runs", "best", "--metric", "validation.loss").out == runs[1] + "\n"
    assert done("runs", "best").out == done("runs", "best", "--metric", "validation.accuracy").out == runs[1] + "\n"
    assert done("runs", "best", "--metric", "validation.loss", "--json").json["run"] == runs[1]
    assert done("runs", "best", "runs/xor", "--metric", "train.loss").out == runs[3] + "\n"
    result = zen("runs", "best", "--metric", "validation.los")
    assert (result.code, result.out) == (3, "") and "validation.loss" in result.err
    assert zen("runs", "best", "--name", "none").code == 3


def test_show(runs: list[str]) -> None:
    facts = dict(line.split(maxsplit=1) for line in done("runs", "show", "runs/xor").out.splitlines())
    assert facts["status"] == "completed" and facts["run"] == runs[3] and "versions.numpy" in facts
    found = done("runs", "show", runs[0], "--json").json
    assert found["validation"].keys() == {"loss", "accuracy"}
    assert zen("runs", "show", "runs/none").code == 3


def test_remove(runs: list[str]) -> None:
    result = zen("runs", "rm", runs[0])
    assert (result.code, result.out) == (2, "") and "--yes" in result.err and Path(runs[0]).exists()
    assert done("runs", "rm", runs[0], "runs/xor", "--yes").err == f"removed {runs[0]}\nremoved {runs[3]}\n"
    assert listed() == set(runs[1:3])
    assert zen("runs", "rm", "runs/iris", "--yes").code == 2
    assert zen("runs", "rm", runs[0], "--yes").code == 3


def test_a_run_that_is_being_trained_is_not_removed() -> None:
    script = [sys.executable, "-m", "zen_cli", "train", IRIS, "--set", "trainer.epochs=1000000", "--jsonl", "-q"]
    with subprocess.Popen(script, stdout=subprocess.PIPE, env=environ()) as child:
        assert child.stdout is not None
        run = json.loads(child.stdout.readline())["run"]
        try:
            assert done("runs", "ls", "--json").json[0]["status"] == "running"
            result = zen("runs", "rm", run, "--yes")
            assert result.code == 7 and f"in use by process {child.pid}" in result.err
        finally:
            child.kill()
    assert done("runs", "ls", "--json").json[0]["status"] == "killed"
    assert zen("runs", "rm", run, "--yes").code == 0


def test_no_runs() -> None:
    assert done("runs").out == "run  status  epochs  time  began  size\n"
    assert done("runs", "--json").out == "[]\n"
    assert zen("runs", "nowhere").code == 3
