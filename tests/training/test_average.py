"""Averages of the weights: what they are, who predicts, and that both are kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.golden import read
from tests.training.test_rates import epochs, sine
from zen_cli.compiler.program import Program
from zen_cli.errors import ZenError
from zen_cli.nn.optimizers.step import averaging
from zen_cli.training.events import Epoch, as_json
from zen_cli.training.training import Training

AVERAGES, AVERAGE_ARRAYS = read("averages")


def visited(training: Training) -> tuple[np.ndarray, np.ndarray]:
    """Weights and their average after each epoch."""
    found = []
    for event in training.events(lambda: 0.0):
        if isinstance(event, Epoch):
            found.append([training.state.vectors[name].copy() for name in ("parameters", "average")])
    weights, averages = zip(*found, strict=True)
    return np.array(weights), np.array(averages)


def test_ema_copies_the_first_weights_and_follows_from_then_on(tmp_path: Path) -> None:
    weights, averages = visited(Training(sine(tmp_path, "", "trainer.batch_size=full", "trainer.average={ema: 0.75}")))
    expected = weights[0]
    for step, average in zip(weights, averages, strict=True):
        expected = 0.75 * expected + 0.25 * step
        np.testing.assert_allclose(average, expected, rtol=1e-5)


@pytest.mark.parametrize("case", AVERAGES["cases"])
def test_is_torch(case: str, tmp_path: Path) -> None:
    """The averages of AveragedModel, from given weights."""
    weights, name = AVERAGE_ARRAYS["weights"], AVERAGES["cases"][case]["average"]
    sets = (f"trainer.average={name}", "trainer.dtype=float64", "model=[linear: 3, output]")  # of ten weights
    training = Training(sine(tmp_path, "", *sets))
    assert training.average is not None
    vectors, run = training.state.vectors, None
    if training.state.keeps_mean:
        run = Program(averaging(training.state), training.state.leaves(), dtype="float64", arguments=("t", "lr")).run
    for t, (new, expected) in enumerate(zip(weights, AVERAGE_ARRAYS[case], strict=True), start=1):
        vectors["parameters"][:] = new
        run(t, 0.0) if run else training.average.see(t)
        np.testing.assert_allclose(vectors["average"], expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("begin", "first"), [("50%", 2), ("4 epochs", 3), ("1", 0), ("100%", 5)])
def test_swa_is_the_mean_of_the_last_epochs(begin: str, first: int, tmp_path: Path) -> None:
    """Six epochs of five steps: from step 15 on, which ends the third; before that, the weights themselves."""
    training = Training(sine(tmp_path, "", f"trainer.average={{swa: {begin}}}", "trainer.dtype=float64"))
    weights, averages = visited(training)
    for epoch in range(6):
        expected = weights[first : epoch + 1].mean(0) if epoch >= first else weights[epoch]
        np.testing.assert_allclose(averages[epoch], expected, rtol=1e-12)


@pytest.mark.parametrize("average", ["{ema: 0.9}", "{swa: 50%}"])
def test_the_average_predicts_and_the_weights_are_told_beside_it(average: str, tmp_path: Path) -> None:
    training = Training(sine(tmp_path, "", f"trainer.average={average}"))
    *found, end = (event for event in training.events(lambda: 0.0))
    last = [event for event in found if isinstance(event, Epoch)][-1]
    assert last.validation["loss"] != last.raw["loss"]
    assert end.validation == last.validation  # type: ignore[union-attr]
    assert as_json(last)["raw"] == last.raw
    training.state.vectors["average"][...] = training.state.vectors["parameters"]
    assert training.measure("validation") == last.raw


def test_without_an_average_nothing_is_said(tmp_path: Path) -> None:
    assert "raw" not in as_json(epochs(Training(sine(tmp_path)))[0])


def test_an_average_changes_nothing_of_the_training_itself(tmp_path: Path) -> None:
    plain, averaged = (Training(sine(tmp_path, "", *sets)) for sets in ((), ("trainer.average={ema: 0.9}",)))
    for one, other in zip(epochs(plain), epochs(averaged), strict=True):
        assert (one.train, one.validation) == (other.train, other.raw)


@pytest.mark.parametrize("average", ["{ema: 0.9}", "{swa: 50%}"])
def test_seeds_together_are_seeds_alone(average: str, tmp_path: Path) -> None:
    experiment = sine(tmp_path, "", f"trainer.average={average}")
    together = Training(experiment, (3, 4))
    events = epochs(together)
    for i, seed in enumerate((3, 4)):
        alone = Training(experiment, seed)
        assert [epoch.raw["loss"] for epoch in epochs(alone)] == [epoch.raw["loss"][i] for epoch in events]  # type: ignore[index]
        np.testing.assert_array_equal(alone.state.vectors["average"], together.state.vectors["average"][i])


@pytest.mark.parametrize("average", ["{ema: 1.0}", "{swa: 120%}", "{ema: 0.9, swa: 50%}", "{}"])
def test_mistakes(average: str, tmp_path: Path) -> None:
    with pytest.raises(ZenError, match="trainer.average"):
        sine(tmp_path, "", f"trainer.average={average}")


@pytest.mark.parametrize("average", ["{ema: 0.75}", "{swa: 1}"])
def test_what_layers_remember_is_averaged_with_the_weights(average: str, tmp_path: Path) -> None:
    model = "model=[{linear: 4}, batch_norm, tanh, output]"
    training = Training(sine(tmp_path, "", f"trainer.average={average}", "trainer.batch_size=full", model))
    vectors, before = training.state.vectors, []
    for event in training.events(lambda: 0.0):
        if isinstance(event, Epoch):
            before.append(vectors["memory"].copy())
    expected = before[0]
    for i, memory in enumerate(before):
        share = 0.25 if "ema" in average else 1 / (i + 1)
        expected = expected + share * (memory - expected)
    np.testing.assert_allclose(vectors["average_memory"], expected, rtol=1e-5)
    running = training.state.tensors()["state.1.mean"]
    assert np.shares_memory(running, vectors["average_memory"])
