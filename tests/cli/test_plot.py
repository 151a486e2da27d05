"""zen plot: from run directories to charts and files."""

from __future__ import annotations

from pathlib import Path
from xml.dom import minidom

import pytest

from tests.cli.helpers import IRIS, XOR, done, process, train, write, zen

SHORT = ("--set", "trainer.epochs=4")


def test_draws_a_run_in_the_terminal() -> None:
    lines = done("plot", str(train(IRIS, *SHORT))).out.splitlines()
    assert lines[0] == "iris: loss  ╌╌ train  ━━ validation" and lines[-1].startswith("epoch 1")
    assert len(lines) == 20 and max(map(len, lines)) <= 80


def test_draws_runs_over_each_other_named_by_what_tells_them_apart() -> None:
    runs = [str(train(XOR, *SHORT, "--set", f"optimizer={{type: {name}, lr: 0.1}}")) for name in ("sgd", "adam")]
    assert done("plot", *runs).out.startswith("loss  * sgd  + adam\n")
    runs.append(str(train(XOR, *SHORT, "--set", "optimizer={type: adam, lr: 0.2}")))
    assert done("plot", *runs).out.startswith("loss  * sgd 0.1  + adam 0.1  o adam 0.2\n")
    assert done("plot", runs[0], runs[0]).out.startswith("loss  * 1 xor  + 2 xor\n")
    runs.append(str(train(XOR, *SHORT, "--set", "name=other")))
    assert done("plot", runs[0], "runs/other").out.startswith("loss  * xor  + other\n")


def test_writes_pictures_and_nothing_else() -> None:
    run = str(train(IRIS, *SHORT))
    assert done("plot", run, "--svg", "a.svg", "--html", "a.html").out == ""
    assert Path("a.html").read_text("utf-8").startswith("<!doctype html>")
    minidom.parse("a.svg")
    assert done("plot", run, "--svg", "-").out == Path("a.svg").read_text("utf-8")
    assert done("plot", run, "--html", "-").out == Path("a.html").read_text("utf-8")


def test_draws_another_number() -> None:
    run = str(train(IRIS, *SHORT))
    assert done("plot", run, "--metric", "accuracy").out.startswith("iris: accuracy  ━━ validation\n")
    refused = zen("plot", run, "--metric", "acuracy")
    assert refused.code == 2 and "hint: recorded: train.loss, validation.loss, validation.accuracy" in refused.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["runs/iris"], 3, "runs/iris: no such run"),
        ([XOR], 2, "a config has no curves before it is trained"),
        ([XOR, "--png", "a.png"], 2, "--png: this version writes svg and html, no png"),
        ([XOR, "--svg", "-", "--html", "-"], 2, "cannot be both"),
        ([], 2, "RUN..."),
    ],
)
def test_refuses(arguments: list[str], code: int, said: str) -> None:
    found = zen("plot", *arguments)
    assert found.code == code and said in found.err and not found.out


def test_what_cannot_be_written_is_an_error_of_the_environment() -> None:
    found = zen("plot", str(train(XOR, *SHORT)), "--svg", "nowhere/a.svg")
    assert found.code == 7 and "nowhere" in found.err


def test_a_run_without_events_is_told() -> None:
    run = train(XOR, *SHORT)
    (run / "metrics.jsonl").unlink()
    found = zen("plot", str(run))
    assert found.code == 2 and "no epoch is recorded" in found.err and "metrics.jsonl is missing" in found.err


def test_draws_the_way_over_a_function() -> None:
    name = write("rosenbrock.yaml", "problem: rosenbrock\noptimizer: {type: adam, lr: 0.1}\ntrainer: {epochs: 50}\n")
    run = str(train(name))
    assert done("plot", run).out == done("plot", name).out
    assert done("plot", run).out.startswith("rosenbrock  ● adam: 50 steps, f = ")
    assert done("plot", run, "--metric", "loss").out.startswith("rosenbrock: loss  ━━ train\n")
    other = str(train(name, "--set", "optimizer.lr=0.2", "--set", "problem={rosenbrock: {start: [0, 2]}}"))
    assert done("plot", run, other).out.startswith("rosenbrock  ● adam 0.1: 50 steps")
    assert ">adam 0.2<" in done("plot", run, other, "--svg", "-").out
    assert done("plot", run, str(train(name, "--set", "problem=beale"))).out.startswith("loss  * ")
    minidom.parseString(done("plot", name, name, "--svg", "-").out)


def test_a_picture_is_utf8_whatever_the_terminal_speaks() -> None:
    name = write("far.yaml", "problem: rosenbrock\noptimizer: {type: adam, lr: 0.1}\ntrainer: {dtype: float64}\n")
    run = str(train(name, "--set", "trainer.epochs=2000"))
    found = process("plot", run, "--metric", "loss", "--svg", "-", PYTHONIOENCODING="latin-1")
    assert found.code == 0 and "10⁻" in found.out


def test_a_model_file_stands_for_its_run() -> None:
    run = train(IRIS, *SHORT)
    assert done("plot", str(run / "best.safetensors")).out == done("plot", str(run)).out
