"""How a training ends."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.training.helpers import after, interrupt_at
from zen_cli.errors import ZenError
from zen_cli.experiment import Experiment, from_file
from zen_cli.training.conditions import condition
from zen_cli.training.events import End, Epoch, Rest
from zen_cli.training.measured import at_the_end, every_epoch
from zen_cli.training.memory import needed, require
from zen_cli.training.training import Training

CONFIGS = Path(__file__).parents[2] / "configs"


def experiment(name: str, *sets: str) -> Experiment:
    return from_file(str(CONFIGS / f"{name}.yaml"), sets=sets)


def last(training: Training) -> End:
    *_, end = training.events(lambda: 0.0)
    assert isinstance(end, End)
    return end


def test_weights_that_are_lost_end_it_even_where_the_loss_is_fine() -> None:
    training = Training(experiment("xor"))
    step, run = training.feed.segments[0].step, training.feed.segments[0].step.run

    def break_at_three(t: float, lr: float) -> None:
        run(t, lr)
        if t == 3:
            training.state.views("parameters")["model.1.bias"][0] = math.inf

    step.run = break_at_three
    end = last(training)
    assert (end.status, end.epochs) == ("diverged", 3)
    assert end.message.startswith("model.1.bias is not finite in epoch 3, step 3: first model.1.bias after the step; ")
    assert end.best["epoch"] <= 2


def test_weights_may_be_large() -> None:
    training = Training(experiment("xor", "trainer.epochs=1"))
    training.state.views("parameters")["model.0.weight"][...] = 1e30  # its square is no float32
    assert last(training).status == "completed"


def test_a_net_that_is_lost_does_not_stop_the_others() -> None:
    training = Training(experiment("xor"), range(3))
    training.state.views("parameters")["model.0.weight"][1] = math.nan
    end = last(training)
    assert end.status == "completed"
    assert [math.isfinite(loss) for loss in end.train["loss"]] == [True, False, True]  # type: ignore[union-attr]
    assert math.isfinite(end.best["value"])


def test_interrupt_ends_after_the_step() -> None:
    training = Training(experiment("iris"))
    interrupt_at(training, 9)
    *_, rest, end = training.events(lambda: 0.0)
    assert rest == Rest(1, 9, urgent=True)
    assert isinstance(end, End)
    assert (end.status, end.epochs, end.steps) == ("interrupted", 1, 9)


def test_interrupt_between_epochs_takes_no_step_more() -> None:
    training = Training(experiment("iris"))
    for event in training.events(lambda: 0.0):
        if isinstance(event, Epoch):
            training.interrupt()
    assert (training.epoch, training.step) == (1, 7)


def test_a_rest_that_was_asked_for_comes_within_the_epoch() -> None:
    training = Training(experiment("iris", "trainer.epochs=1"))
    for segment in training.feed.segments:
        after(segment.step, lambda t: training.rest() if t in (3, 6, 7) else None)
    rests = [event for event in training.events(lambda: 0.0) if isinstance(event, Rest)]
    assert [rest[:3] for rest in rests] == [(0, 3, False), (0, 6, False), (1, 7, True)]


def test_until_wants_every_net() -> None:
    goal = condition("train.loss<0.01")
    one, three = (Training(experiment("xor"), seeds, goal) for seeds in ([1], range(3)))
    assert last(one).epochs < last(three).epochs < 200
    assert one.reached and three.reached


def test_names_of_what_is_measured() -> None:
    iris, xor = experiment("iris"), experiment("xor")
    assert every_epoch(iris) == ["train.loss", "validation.loss", "validation.accuracy"]
    assert every_epoch(xor) == ["train.loss"]
    assert at_the_end(xor) == ["train.loss", "train.accuracy"]
    end = last(Training(experiment("iris", "trainer.epochs=1")))
    told = [f"{split}.{name}" for split in ("train", "validation", "test") for name in getattr(end, split)]
    assert at_the_end(iris) == told
    with pytest.raises(ZenError, match="'test.loss' is not measured"):
        Training(iris, until=condition("test.loss<1"))


def test_memory_grows_with_the_rows_that_each_seed_splits() -> None:
    iris = experiment("iris")
    features = iris.dataset.features.numbers.size * np.dtype(np.float32).itemsize
    assert needed(iris, 100) - needed(iris, 99) >= features
    with pytest.raises(ZenError, match="of memory, 1.0 KiB are available"):
        require(iris, 1024)
    require(iris, None)
