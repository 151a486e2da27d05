"""The rate of every step of a training, of one net and of several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from zen_cli.errors import ZenError
from zen_cli.experiment import Experiment, from_file
from zen_cli.jobs.nets import Budget, Net
from zen_cli.jobs.stack import train_all
from zen_cli.resolved import resolved, resolved_text
from zen_cli.training.events import Epoch
from zen_cli.training.training import Training

SINE = """\
name: sine
data: {source: {type: sine, samples: 50}, split: {validation: 10}}
model: [linear: 4, tanh, output]
optimizer: {type: momentum, lr: 0.1}
trainer: {batch_size: 8, epochs: 6}
"""
PLATEAU = "{type: plateau, patience: 0, gamma: 0.5, threshold: 5%, warmup: 7}"
SCHEDULES = ["{type: cosine, warmup: 10%}", "{type: step, every: 2 epochs}", PLATEAU]


def sine(folder: Path, scheduler: str = "", *sets: str) -> Experiment:
    (folder / "sine.yaml").write_text(SINE + (f"scheduler: {scheduler}\n" if scheduler else ""))
    return from_file(str(folder / "sine.yaml"), sets=sets)


def epochs(training: Training) -> list[Epoch]:
    return [event for event in training.events(lambda: 0.0) if isinstance(event, Epoch)]


def test_events_tell_the_rate_of_the_last_step_of_the_epoch(tmp_path: Path) -> None:
    """40 rows in batches of 8 are five steps an epoch."""
    found = epochs(Training(sine(tmp_path, "{type: multistep, milestones: [10, 3 epochs, 100%], gamma: 0.5}")))
    assert [epoch.lr for epoch in found] == [0.1, 0.1, 0.05, 0.025, 0.025, 0.025]
    assert [epoch.lr for epoch in epochs(Training(sine(tmp_path)))] == [0.1] * 6


def test_a_constant_schedule_changes_no_bit(tmp_path: Path) -> None:
    bare, constant, cosine = (epochs(Training(sine(tmp_path, text))) for text in ("", "constant", "cosine"))
    assert bare == constant
    assert bare[-1].train != cosine[-1].train


@pytest.mark.parametrize("scheduler", SCHEDULES)
def test_seeds_together_are_seeds_alone(scheduler: str, tmp_path: Path) -> None:
    experiment, seeds = sine(tmp_path, scheduler), (3, 4, 5)
    together = epochs(Training(experiment, seeds))
    for i, seed in enumerate(seeds):
        for one, all_of_them in zip(epochs(Training(experiment, seed)), together, strict=True):
            assert one.train["loss"] == all_of_them.train["loss"][i]  # type: ignore[index]
            assert one.validation["loss"] == all_of_them.validation["loss"][i]  # type: ignore[index]
            assert one.lr == (all_of_them.lr[i] if isinstance(all_of_them.lr, tuple) else all_of_them.lr)


def test_plateau_follows_what_is_monitored_from_the_next_epoch_on(tmp_path: Path) -> None:
    found = epochs(Training(sine(tmp_path, "{type: plateau, patience: 0, gamma: 0.5, threshold: 5%}")))
    best, rate = float("inf"), 0.1
    for epoch in found:
        assert epoch.lr == rate
        value: Any = epoch.validation["loss"]
        rate, best = (rate, value) if value < 0.95 * best else (rate / 2, best)
    assert rate < 0.1


@pytest.mark.parametrize("scheduler", SCHEDULES)
def test_a_comparison_trains_with_the_rates_of_a_training(scheduler: str, tmp_path: Path) -> None:
    experiment = sine(tmp_path, scheduler)
    alone = epochs(Training(experiment, 3))
    nets = [Net(3, 0.1), Net(3, 0.01), Net(4, 0.1)]
    for budget, of in ((Budget(30, 5), nets), (Budget(30, 5), nets[:1])):
        course = train_all(experiment, of, budget)[0]
        assert [point["loss"] for point in course.measured[1:]] == [epoch.validation["loss"] for epoch in alone]


def test_a_plateau_of_what_is_not_measured_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ZenError, match=r"sine.yaml:6:\d+: scheduler.monitor: 'validation.f1' is not measured"):
        Training(sine(tmp_path, "{type: plateau, monitor: validation.f1}"))


@pytest.mark.parametrize(
    "scheduler, message",
    [
        ("cosin", "unknown scheduler 'cosin'; did you mean 'cosine'"),
        ("{type: cosine, warmup: soon}", "expected an integer >= 0 or a share such as 0.2 or 20% or epochs such as"),
        ("{type: cosine, warmup: 150%}", "scheduler.warmup: "),
        ("{type: step, every: -1}", "scheduler.every: must be > 0, found -1"),
        ("{type: step}", "missing option 'every'"),
    ],
)
def test_mistakes(scheduler: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ZenError, match=message):
        sine(tmp_path, scheduler)


@pytest.mark.parametrize("scheduler", ["{type: multistep, milestones: [50%, 20, 2 epochs], warmup: 5%}", "cosine"])
def test_resolved_config_reads_back_as_the_same_schedule(scheduler: str, tmp_path: Path) -> None:
    experiment = sine(tmp_path, scheduler)
    (tmp_path / "again.yaml").write_text(resolved_text(experiment))
    assert resolved(from_file(str(tmp_path / "again.yaml"))) == resolved(experiment)
