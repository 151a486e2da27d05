"""Why a net has learned nothing: each cause where it was made, and none where a net has learned."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from zen_cli.data.frame import Frame
from zen_cli.experiment import Experiment, from_file
from zen_cli.training.diagnosis.constant import constant_loss
from zen_cli.training.events import End, Epoch, Rest
from zen_cli.training.snapshot import freeze
from zen_cli.training.training import Training

CONFIGS = Path(__file__).parents[2] / "configs"
SHORT = "trainer.epochs=5"
DEEP = f"model=[{', '.join(['linear: 16, sigmoid'] * 6)}, output]"
LOUD = "model=[{linear: {units: 9, init: {normal: 1000}}}, tanh, {linear: {units: 3, init: {normal: 5}}}]"
ZERO = "model=[{linear: {units: 16, init: zeros}}, relu, {linear: {units: 3, init: zeros}}]"
UNSCALED, RAW = "data.scale=none", "data.columns={weight: {number: none}}"
MADE = {
    "a rate far too small": ("spiral", ["optimizer.lr=1e-9", SHORT], "optimizer.lr: 40 steps have moved the weights"),
    "a rate too small": ("iris", ["optimizer={type: sgd, lr: 1e-3}", "trainer.epochs=9"], "times as large lowers"),
    "a rate far too large": ("spiral", ["optimizer={type: sgd, lr: 100}", SHORT], "optimizer.lr: 40 steps have raised"),
    "a rate too large": ("spiral", ["optimizer.lr=1", "trainer.epochs=20"], "optimizer.lr: a step raises the loss"),
    "weights all positive": ("xor_uniform_0_1", [], "model[2]: 100% of what sigmoid gives is within 1 % of 0 or 1"),
    "features of millions": ("iris", ["data.source=large.csv", UNSCALED, SHORT], "data.scale: inputs reach the"),
    "features of millionths": ("iris", ["data.source=small.csv", UNSCALED, SHORT], "data.scale: all inputs reach the"),
    "targets of thousands": ("auto_mpg", ["data.target=weight", RAW, SHORT], "data.target: the targets are as large"),
    "dead by their bias": (
        "iris", ["model[0].bias_init={constant: -100}", SHORT],
        "model[1]: 16 of 16 units of relu give 0 for every row, and learn nothing; change the bias_init of model[0]",
    ),
    "all weights zero": ("iris", [ZERO, SHORT], "model[0]: all 16 units give the same, and learn the same"),
    "saturated": ("spiral", [LOUD, "optimizer.lr=1e-4", SHORT], "model[1]: 98% of what tanh gives is within 1 % of -1"),
    "vanishing": ("iris", [DEEP, "optimizer=sgd", "trainer.epochs=30"], "model[0]: the first layer's gradient is"),
    "nothing to learn": ("iris", ["data.source=noise.csv", "model=[output]", SHORT], "no cause is seen"),
}  # fmt: skip


def experiment(name: str, sets: list[str]) -> Experiment:
    return from_file(str(CONFIGS / f"{name}.yaml"), sets=sets)


def ended(training: Training) -> End:
    *_, end = training.events(lambda: 0.0)
    assert isinstance(end, End)
    return end


@pytest.fixture(autouse=True)
def _tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """iris with its numbers made large, small, and random in as many rows as leave nothing to learn by heart."""
    monkeypatch.chdir(tmp_path)
    header, *rows = (CONFIGS.parent / "datasets" / "iris.csv").read_text(encoding="utf-8").splitlines()
    rng = np.random.default_rng(0)

    numbers = np.array([[*map(float, row.split(",")[:4])] for row in rows])
    noise = rng.normal(size=(3000, 4))
    for name, table in (("large", numbers * 1e6), ("small", numbers * 1e-6), ("noise", noise)):
        lines = [",".join(map(repr, row)) + f",{rows[i % 150].split(',')[4]}" for i, row in enumerate(table.tolist())]
        Path(f"{name}.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


@pytest.mark.parametrize("name, sets, told", MADE.values(), ids=MADE)
def test_cause_is_seen_and_placed(name: str, sets: list[str], told: str) -> None:
    training = Training(experiment(name, sets))
    end = ended(training)
    assert any(told in note for note in end.notes), end.notes
    assert len(end.notes) <= 3


def test_looking_leaves_the_net_as_it_was() -> None:
    training = Training(experiment("digits", ["optimizer.lr=1e-9", "trainer.epochs=1"]))  # with dropout
    for event in training.events(lambda: 0.0):
        if isinstance(event, Rest) and event.urgent:
            before = freeze(training, "config")()
    assert isinstance(event, End) and event.notes
    after = freeze(training, "config")()
    assert before[1] == after[1] and before[0].keys() == after[0].keys()
    assert all((before[0][name] == after[0][name]).all() for name in before[0])


@pytest.mark.parametrize(
    "name, sets, expected",
    [
        ("iris", ["data.split.stratify=false"], None),
        ("iris", ["loss=mse"], None),
        ("auto_mpg", [], None),
        ("auto_mpg", ["loss=mae"], None),
        ("auto_mpg", ["loss={huber: 2.0}"], None),
        ("xor", ["loss=bce", "model=[linear: 1]"], np.log(2)),
        ("xor", [], 0.25),
        ("iris", ["loss={type: cross_entropy, class_weights: balanced}", "data.split.stratify=false"], np.log(3)),
    ],
)
def test_one_answer_for_all_is_the_best_there_is(name: str, sets: list[str], expected: float | None) -> None:
    """As good as what training finds for a net that has nothing but a bias; and worked numbers."""
    it = experiment(name, sets)
    training = Training(it)
    part = training.rows[0].parts["train"]
    found = constant_loss(it, part, training.constants)
    assert expected is None or found == pytest.approx(expected, rel=1e-9)
    bias = f"model=[{{linear: {{units: {it.width}, init: zeros}}}}]"
    blind = experiment(name, [*sets, bias, "optimizer=rprop", "trainer.epochs=300", "trainer.batch_size=full"])
    found_in = it.dataset.features
    nothing = Frame(found_in.numbers * 0, found_in.codes) if isinstance(found_in, Frame) else found_in * 0
    dataset = dataclasses.replace(it.dataset, features=nothing)
    alone = Training(blind._replace(dataset=dataset))
    best = min(event.train["loss"] for event in alone.events(lambda: 0.0) if isinstance(event, Epoch))  # type: ignore[type-var]
    assert found == pytest.approx(best, rel=2e-3)
