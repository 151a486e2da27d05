"""Where a training is lost: the step, the layer and the tensor that were first, and the rows of the batch."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from zen_cli.experiment import Experiment, from_file
from zen_cli.training.events import End, Epoch
from zen_cli.training.snapshot import freeze
from zen_cli.training.training import Training

CONFIGS = Path(__file__).parents[2] / "configs"
NEARLY = "model=[{linear: {units: 8, init: {constant: 1e-37}}}, {linear: {units: 8, init: {constant: 1e29}}}, "
STEEP = NEARLY + "{linear: {units: 1, init: {constant: 1e29}}}]"
SQUARE = "trainer.batch_size=full"


def experiment(name: str, *sets: str) -> Experiment:
    return from_file(str(CONFIGS / f"{name}.yaml"), sets=sets)


def lost(*sets: str, name: str = "iris") -> tuple[Training, End]:
    training = Training(experiment(name, *sets))
    *_, end = training.events(lambda: 0.0)
    assert isinstance(end, End) and end.status == "diverged"
    return training, end


@pytest.mark.parametrize(
    "name, sets, told",
    [
        ("iris", ["model[0].init={constant: 3e38}"], "in epoch 1, step 1: first what model[0] (linear) gives; row"),
        ("iris", ["model[2]={linear: {units: 3, init: {constant: 3e38}}}"],
         "in epoch 1, step 1: first what model[2] (linear) gives; row"),
        ("auto_mpg", [STEEP, "loss=mae", SQUARE], "in epoch 1, step 1: first the gradient"),
        ("auto_mpg", ["optimizer={type: sgd, lr: 1e38}", "model=[output]", SQUARE], "in epoch 2, step 2: first"),
        ("iris", ["optimizer={type: sgd, lr: 1e39}", "trainer.dtype=float32"], "after the step; rows"),
        ("spiral", ["optimizer={type: sgd, lr: 1e18}", "loss=mse"], "first the loss (mse); row"),
    ],
)  # fmt: skip
def test_says_what_was_first(name: str, sets: list[str], told: str) -> None:
    _, end = lost(*sets, name=name)
    assert told in end.message, end.message
    assert re.search(r"rows? \d+(, \d+)*( and \d+ more)? of the data$", end.message)
    (note,) = end.notes
    assert "optimizer.lr: a rate of" in note and "try " in note


def test_the_row_that_is_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    header, *rows = (CONFIGS.parent / "datasets" / "iris.csv").read_text(encoding="utf-8").splitlines()
    rows[72] = "1e30,1e30,1e30,1e30,versicolor"
    Path("large.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    sets = ["data.source=large.csv", "data.scale=none", "model[0].init={constant: 1e9}", "data.split.validation=0",
            "data.split.test=0"]  # fmt: skip
    _, end = lost(*sets)
    assert end.message.endswith("first what model[0] (linear) gives; row 73 of the data"), end.message
    assert all("set data.scale: standard" in note for note in end.notes)


def test_the_same_step_is_found_with_dropout_and_in_whatever_epoch() -> None:
    """The step whose loss was the first that is not finite, or the one before it that led there."""
    for sets in (["optimizer={type: momentum, lr: 10}"], ["optimizer={type: sgd, lr: 1.01}", "model=[output]", SQUARE]):
        name = "digits" if "momentum" in sets[0] else "auto_mpg"
        training = Training(experiment(name, *sets, "trainer.epochs=500"))
        *_, end = training.events(lambda: 0.0)
        assert isinstance(end, End) and end.status == "diverged"
        found = int(re.search(r"step (\d+)", end.message)[1])  # type: ignore[index]
        assert end.steps - 1 <= found <= end.steps and f"epoch {end.epochs}" in end.message


def test_what_was_kept_may_lie_some_epochs_back() -> None:
    """The same answer whether the steps are taken again from the beginning or from the last moment kept."""
    sets = ("optimizer={type: sgd, lr: 1.01}", "model=[output]", SQUARE, "trainer.epochs=500")
    messages = []
    for seconds in (0.0, 0.03):
        clock = iter(range(10**6))
        training = Training(experiment("auto_mpg", *sets))
        *_, end = training.events(lambda clock=clock, seconds=seconds: next(clock) * seconds)
        assert isinstance(end, End)
        messages.append(end.message)
    assert messages[0] == messages[1] and ", step " in messages[0]


@pytest.mark.parametrize("name, rate", [("auto_mpg", "1e6"), ("digits", "1e30")])
def test_looking_changes_nothing(name: str, rate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    training, end = lost(f"optimizer={{type: momentum, lr: {rate}}}", name=name)
    monkeypatch.setattr(Training, "_find_lost", lambda self, good: None)
    plain, same = lost(f"optimizer={{type: momentum, lr: {rate}}}", name=name)
    found, expected = freeze(training, "")(), freeze(plain, "")()
    assert found[1] | {"training": ""} == expected[1] | {"training": ""}
    assert all(found[0][key].tobytes() == expected[0][key].tobytes() for key in expected[0])
    assert (end.epochs, end.steps, end.best) == (same.epochs, same.steps, same.best)


def test_best_is_never_nan() -> None:
    sets = ("optimizer={type: sgd, lr: 1.01}", "model=[output]", SQUARE, "trainer.epochs=500")
    training = Training(experiment("auto_mpg", *sets))
    for event in training.events(lambda: 0.0):
        if isinstance(event, Epoch):
            assert math.isfinite(training.best.value)
    assert isinstance(event, End) and math.isfinite(event.best["value"])


def test_several_seeds_go_on_without_the_one_that_is_lost() -> None:
    training = Training(experiment("xor"), range(3))
    training.state.views("parameters")["model.0.weight"][1] = math.nan
    *_, end = training.events(lambda: 0.0)
    assert isinstance(end, End) and end.status == "completed" and end.notes == ()
    assert [math.isfinite(loss) for loss in end.train["loss"]] == [True, False, True]  # type: ignore[union-attr]
