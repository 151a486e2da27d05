"""A training that was stopped and goes on gives what one that never stopped gives, to the bit."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from tests.nn.catalogue import example, in_a_net, swept
from tests.training.helpers import (
    Course,
    Make,
    after,
    as_bytes,
    differences,
    go_on,
    interrupt_at,
    run,
    stopped_at,
    stops,
)
from zen_cli.experiment import from_file
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import losses
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.schedulers import schedulers
from zen_cli.training.conditions import condition
from zen_cli.training.training import Training

NET = """
data: {source: {type: moons, samples: 50}, split: {validation: 11}}
model: [linear: 6, tanh, dropout: 0.3, output]
optimizer: {type: adam, lr: 0.01}
trainer: {epochs: 4, batch_size: 8}
"""  # 39 training rows: 5 steps an epoch, the last one of 7 rows
EVEN = "trainer.batch_size=13"  # 3 steps an epoch, of one program
SETTINGS = {
    "dropout": (),
    "no noise": ("model=[{linear: 6}, output]",),
    "the same order": ("trainer.shuffle=once",),
    "no shuffling": ("trainer.shuffle=none",),
    "all rows at once": ("trainer.batch_size=full", "trainer.epochs=20"),
    "float64": ("trainer.dtype=float64",),
    "augmentation": ("data.augment.noise=0.1",),
    "clip": ("trainer.clip={norm: 0.01}",),
    "clip each tensor": ("trainer.clip={norm: 0.01, per: tensor}",),
    "groups": ("optimizer={nadam: {groups: [{layers: [0], lr: 1e-3}]}}", "model[3]={linear: {units: 2, freeze: true}}"),
    "accumulate": ("trainer.accumulate=3", "trainer.batch_size=4"),
    "accumulate lbfgs": ("trainer.accumulate=2", "optimizer={type: lbfgs, max_iter: 3}"),
    "moving average": ("trainer.average={ema: 0.9}",),
    "average of epochs": ("trainer.average={swa: 50%}", "model[1]=batch_norm"),
    "average and early stopping": (
        "trainer.average={ema: 0.9}", "trainer.early_stopping={patience: 2}", "optimizer.lr=0.5",
    ),
    "early stopping": ("trainer.early_stopping={patience: 2}", "optimizer.lr=0.5"),
    "early stopping on accuracy": ("trainer.early_stopping={monitor: validation.accuracy, patience: 2}",),
    "plateau": ("scheduler={plateau: {patience: 0}}", "optimizer.lr=0.3"),
    "class weights": ("loss={type: cross_entropy, class_weights: balanced}",),
    "not in memory": ("data.memory=1KB",),
    "not in memory, three batches a step": ("data.memory=1KB", "trainer.accumulate=3"),
    "a problem": ("problem=rosenbrock", "trainer.epochs=20"),
}

STACKS = [None, pytest.param(range(3, 6), marks=pytest.mark.slow)]
SEQUENCES = {
    "a text": ("ab cde. " * 20, "text: {context: 8}, split: {test: 20}", "[embedding: 4, {gru: 5}, output]"),
    "lines": ("ab\ncd\n" * 9, "text: {lines: true}, split: {test: 3}", "[embedding: 4, lstm: 5, dropout: 0.2, output]"),
    "a series": (
        "x\n" + "1\n5\n2\n" * 12, "series: {column: x, window: 4}, split: {test: 5}",
        "[lstm: {units: 5, bidirectional: true, last: true}, output]",
    ),
}


def making(*sets: str, seeds: range | None = None, until: str | None = None) -> Make:
    """A maker of the same training again and again."""
    text = NET
    if "problem=rosenbrock" in sets:
        text = "optimizer: {type: adam, lr: 0.01}"

    def make() -> Training:
        experiment = from_file("-", sets=sets, stdin=io.BytesIO(text.encode()))
        return Training(experiment, seeds, condition(until) if until else None)

    return make


def flow(text: str) -> str:
    """A component as it is written within braces or brackets."""
    return f"{{{text}}}" if ":" in text and not text.startswith("{") else text


def assert_goes_on(make: Make, every: int = 1) -> None:
    """From a checkpoint after any step (or every so many), to the very events and files of the whole training."""
    training, again = make(), make()
    for segment in training.feed.segments:
        after(segment.step, lambda t: training.rest())
    *found, whole = stops(training)
    for stop in found[::every]:
        rest = run(go_on(again, stop.last), stop.best)
        assert Course([*stop.events, *rest.events], rest.last, rest.best) == whole


@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("seeds", STACKS, ids=["alone", "stacked"])
@pytest.mark.parametrize("name", SETTINGS)
def test_saved_after_any_step(name: str, seeds: range | None, every: int) -> None:
    assert_goes_on(making(*SETTINGS[name], seeds=seeds), every)


@pytest.mark.parametrize("seeds", [None, range(3)], ids=["alone", "stacked"])
def test_stopped_again_and_again(seeds: range | None) -> None:
    make = making("trainer.early_stopping={patience: 3}", seeds=seeds)
    assert stopped_at(make, 1, 2, 5, 10, 13, 20) == run(make())


@pytest.mark.parametrize("text", [example(optimizers[name]) for name in optimizers])
def test_with_an_optimizer(text: str) -> None:
    assert_goes_on(making(f"optimizer={flow(text)}", EVEN), 5)


@pytest.mark.slow
@pytest.mark.parametrize("text", swept(optimizers))
def test_with_every_option_of_an_optimizer(text: str) -> None:
    assert_goes_on(making(f"optimizer={flow(text)}", EVEN))


@pytest.mark.parametrize("seeds", STACKS, ids=["alone", "stacked"])
@pytest.mark.parametrize("text", [example(schedulers[name]) for name in schedulers] + ["plateau: {patience: 0}"])
def test_with_a_schedule(text: str, seeds: range | None) -> None:
    assert_goes_on(making(f"scheduler={flow(text)}", "optimizer.lr=0.3", EVEN, seeds=seeds), 5)


@pytest.mark.parametrize("text", [example(layers[name]) for name in layers if not layers[name].takes_symbols])
def test_with_a_layer(text: str) -> None:
    net = ", ".join(map(flow, (*in_a_net(text), "flatten", "output")))
    assert_goes_on(making(f"model=[{net}]", EVEN), 5)


@pytest.mark.parametrize("seeds", [None, range(2)], ids=["alone", "stacked"])
@pytest.mark.parametrize("name", SEQUENCES)
def test_on_sequences(name: str, seeds: range | None, tmp_path: Path) -> None:
    content, options, net = SEQUENCES[name]
    (source := tmp_path / "source.csv").write_text(content)
    assert_goes_on(making(f"data={{source: {source}, {options}}}", f"model={net}", "trainer.epochs=3", seeds=seeds), 4)


@pytest.mark.parametrize("text", [example(losses[name]) for name in losses])
def test_with_a_loss(text: str) -> None:
    assert_goes_on(making(f"loss={flow(text)}", EVEN), 5)


@pytest.mark.parametrize("seeds", STACKS, ids=["alone", "stacked"])
@pytest.mark.parametrize("name", SETTINGS)
def test_everything_that_moves_is_in_the_checkpoint(name: str, seeds: range | None) -> None:
    """All that a training holds, down to the last attribute, is the same in one that was made from a checkpoint."""
    make = making(*SETTINGS[name], seeds=seeds)
    training = make()
    interrupt_at(training, 8)
    run(training)
    restored = go_on(make(), as_bytes(training))
    restored.interrupted = training.interrupted
    for each in (training, restored):
        each.measure("validation"), each.measure("train")  # compiles what measures
        each.average and each.average.measure_raw(each._parts("validation"))
        each.state.vectors.pop("gradients")  # made anew in each step
    assert not differences(restored, training)


def test_the_check_finds_what_was_forgotten() -> None:
    training, other = making()(), making()()
    assert not differences(other, training)
    training.streams[0].augmentation.random()
    training.best.value = 0.5
    training.state.vectors["optimizer.mean"][0] = 1
    training.feed.more = [3]  # type: ignore[union-attr]
    found = " ".join(differences(other, training))
    for name in ("augmentation", "value", "optimizer.mean", "more"):
        assert name in found


def test_goes_on_until_the_same_condition() -> None:
    make = making(until="train.loss<0.5")
    whole = run(make())
    assert 2 < whole.events[-1].epochs < 4  # type: ignore[union-attr]
    assert stopped_at(make, 4, 8) == whole


def test_more_epochs_are_the_longer_run() -> None:
    short, long = making("trainer.epochs=2"), making("trainer.epochs=4")
    first = run(short())
    rest = run(go_on(long(), first.last), first.best)
    whole = run(long())
    assert ([*first.events[:-1], *rest.events], rest.last, rest.best) == whole


def test_a_finished_training_takes_no_step_more() -> None:
    make = making("trainer.early_stopping={patience: 1}", "optimizer.lr=2.0")
    whole = run(make())
    again = run(go_on(make(), whole.last))
    assert (again.events, again.last) == (whole.events[-1:], whole.last)
    assert whole.events[-1].status == "stopped_early"  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["order", "noise"])
def test_half_a_drawn_number_counts(name: str) -> None:
    """PCG64 draws 64 bits and keeps half of them back where 32 are wanted."""
    make = making()
    training = make()
    getattr(training.streams[0], name).random(dtype=np.float32)
    restored = go_on(make(), as_bytes(training))
    draws = [getattr(each.streams[0], name).random(dtype=np.float32) for each in (training, restored)]
    assert draws[0] == draws[1]


def test_state_of_another_training_is_refused() -> None:
    plain, stopping = making(), making("trainer.early_stopping={patience: 2}")
    with pytest.raises(LookupError, match="early_stopping"):
        go_on(stopping(), as_bytes(plain()))
