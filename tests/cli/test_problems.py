"""Configs with a built-in problem in place of data, model and loss go through every command."""

from __future__ import annotations

import contextlib
import io

import pytest

from tests.cli.helpers import ROOT, done, train, write, zen

DEEP, VALLEY = (str(ROOT / "configs" / f"{name}.yaml") for name in ("quadratic_deep", "rosenbrock"))


@pytest.mark.slow
def test_plain_descent_is_still_on_its_way() -> None:
    plain = ("--set", "optimizer.type=sgd", "--set", "optimizer.lr=0.002")
    assert done("train", VALLEY, "--json", "-q", *plain).json["train"]["distance"] > 0.01
    faster = done("train", VALLEY, "--json", "-q", *plain, "--set", "optimizer.lr=0.005").json["train"]
    assert faster["distance"] > 0.5


@pytest.mark.slow
def test_quadratic_deep_meets_what_its_comment_says() -> None:
    def end(*sets: str) -> float:
        flags = [flag for each in sets for flag in ("--set", each)]
        return float(done("train", DEEP, "--json", "-q", *flags).json["test"]["loss"])

    assert end() == pytest.approx(87.28, rel=0.005)
    assert end("optimizer.type=adam", "optimizer.lr=0.1") == pytest.approx(87.25, rel=0.005)
    assert end("optimizer.lr=0.001") == pytest.approx(95.9, rel=0.005)
    assert end("optimizer.lr=1e-5") == pytest.approx(236, rel=0.005)
    assert zen("train", DEEP, "-q", "--set", "optimizer.lr=0.0398").code == 4


def test_a_run_is_evaluated_from_its_directory_alone() -> None:
    run = train(DEEP, "--set", "trainer.epochs=3")
    measured = done("evaluate", str(run), "--json").json
    assert list(measured) == ["train", "test"]
    assert done("train", str(run / "resolved.yaml"), "--json", "-q").json["test"] == measured["test"]


@pytest.mark.parametrize("command", [("predict",), ("evaluate", "--data", "x.csv")])
def test_there_is_nothing_to_predict(command: tuple[str, ...]) -> None:
    name, *more = command
    write("x.csv", "nothing,position\n0,0\n")
    result = zen(name, str(train(VALLEY, "--set", "trainer.epochs=2")), *more, stdin=b"nothing\n0\n")
    assert (result.code, result.out) == (2, "")
    assert "'rosenbrock' is a problem without rows" in result.err


def test_check_and_describe_know_the_point() -> None:
    (found,) = done("check", DEEP, "--json").lines
    assert (found["rows"], found["parameters"], found["warnings"]) == ({"train": 896, "test": 896}, 100, [])
    assert done("describe", VALLEY, "--json").json[1] == {
        "index": "0", "layer": "point", "output": "2", "parameters": 2
    }  # fmt: skip


def test_what_does_not_fit_is_told_with_its_place() -> None:
    write("a.yaml", "problem: {type: rosenbrok}\nmodel: [relu]\n")
    result = zen("check", "a.yaml")
    assert result.code == 2
    assert "a.yaml:1:17: problem: unknown problem 'rosenbrok'; did you mean 'rosenbrock'?" in result.err
    assert "a.yaml:2:1: model: a problem brings its own data, model, loss and metrics" in result.err


@pytest.mark.parametrize("config", [DEEP, VALLEY])
@pytest.mark.parametrize("flags", [(), ("--forward",)])
def test_the_explanation_is_a_script_that_runs(config: str, flags: tuple[str, ...]) -> None:
    script = done("explain", config, *flags).out
    assert script.count("\n") < 80
    assert '"""; ' not in script
    with contextlib.redirect_stdout(io.StringIO()):
        exec(script, {"__name__": "__main__"})
