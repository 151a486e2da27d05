"""zen bench: every layer with its times, and nothing left behind."""

from pathlib import Path

import pytest

from tests.cli.helpers import IRIS, XOR, done, zen

QUICK = ("--seconds", "0.1")


def test_tells_of_each_layer_and_of_the_step() -> None:
    found = done("bench", XOR, *QUICK, "--json").json
    names = ["0 linear", "1 linear", "2 sigmoid", "3 linear", "4 softmax", "loss mse", "optimizer"]
    assert [layer["layer"] for layer in found["layers"]] == names
    assert sum(layer["share"] for layer in found["layers"]) == pytest.approx(1.0)
    assert sum(layer["flop"] for layer in found["layers"]) == found["flop"]
    assert (found["batch"], found["threads"]) == (4, 1)
    assert 0 < found["of_peak"] < 1 and found["rows_per_second"] == pytest.approx(4e6 / found["step_us"])
    assert found["layers"][0]["backward_us"] > 0 == found["layers"][-1]["backward_us"]
    assert not Path("runs").exists()


def test_shows_a_table() -> None:
    lines = done("bench", IRIS, *QUICK).out.splitlines()
    assert " ".join(lines[0].split()) == "layer forward us backward us % MFLOP MB GFLOP/s % of peak"
    assert lines[1].startswith("0 linear") and lines[-2].startswith("16 rows a step, float32, 1 thread: ")


def test_batches_that_are_put_together_and_rules_that_ask_for_gradients_themselves_are_measured_too() -> None:
    for change in ("trainer.accumulate=2", "optimizer=lbfgs"):
        assert done("bench", IRIS, *QUICK, "--json", "--set", change).json["layers"]


@pytest.mark.parametrize("flags", [("--seconds", "inf"), ("--seconds", "0"), ("--set", "optimizer.lr=x")])
def test_a_mistake_is_told(flags: tuple[str, ...]) -> None:
    result = zen("bench", IRIS, *flags)
    assert result.code == 2 and not result.out
