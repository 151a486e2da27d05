import json
import os

import numpy as np
import pytest

from zen_cli.errors import Exit, ZenError
from zen_cli.runs import files
from zen_cli.runs.checkpoint import load
from zen_cli.runs.directory import RunDirectory
from zen_cli.runs.record import record
from zen_cli.training.events import End, Epoch, Start


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Training:
    """Three numbers that change in place at each epoch, and who asked for them when."""

    def __init__(self, epochs=5, losses=None, status="completed", clock=None, seconds=0.0):
        self.losses = losses or [1 / epoch for epoch in range(1, epochs + 1)]
        self.status, self.clock, self.seconds = status, clock or Clock(), seconds
        self.state, self.epoch, self.lowest, self.frozen = np.zeros(3), 0, float("inf"), 0

    def events(self):
        yield Start("xor", len(self.losses), 4, {"train": 4}, 58)
        for loss in self.losses:
            self.epoch += 1
            self.state += 1
            self.clock.now += self.seconds
            yield Epoch(self.epoch, self.epoch, 0.1, self.clock.now, {"loss": loss}, {})
        if self.status == "diverged":
            self.state[:] = np.nan
        yield End(self.status, self.epoch, self.epoch, 0.1, {"loss": self.losses[-1]}, {}, {}, {})

    def freeze(self):
        self.frozen += 1
        tensors, metadata = {"model.0.weight": self.state.copy()}, {"epoch": str(self.epoch)}
        return lambda: (tensors, metadata)

    def improved(self, event):
        better = event.train["loss"] < self.lowest
        self.lowest = min(self.lowest, event.train["loss"])
        return better

    def record(self, path, **options):
        options |= {"improved": self.improved, "clock": self.clock}
        return record(self.events(), RunDirectory(path), self.freeze, **options)


def epoch_of(path):
    found = load(path)
    epoch = int(found.metadata["epoch"])
    assert found.tensors["model.0.weight"].tolist() == [epoch] * 3
    return epoch


def lines(path):
    return [json.loads(line) for line in (path / "metrics.jsonl").read_text().splitlines()]


@pytest.fixture
def fsyncs(monkeypatch):
    """Counts what reaches the disk."""
    calls = []
    original = os.fsync
    monkeypatch.setattr(files.os, "fsync", lambda descriptor: (calls.append(1), original(descriptor)))
    return calls


def fail_on(monkeypatch, name):
    """A disk that is full for the files that have `name` in theirs."""
    original = os.write

    def write(descriptor, data):
        if name in os.readlink(f"/proc/self/fd/{descriptor}"):
            raise OSError(28, "No space left on device")
        return original(descriptor, data)

    monkeypatch.setattr(files.os, "write", write)


def test_events_pass_through_and_are_listed(tmp_path):
    training = Training(3)
    assert list(training.record(tmp_path)) == list(Training(3).events())
    assert [line["event"] for line in lines(tmp_path)] == ["start", "epoch", "epoch", "epoch", "end"]


def test_best_keeps_the_state_of_its_epoch(tmp_path):
    list(Training(losses=[3.0, 1.0, 2.0, 4.0]).record(tmp_path))
    assert (epoch_of(tmp_path / "best.safetensors"), epoch_of(tmp_path / "last.safetensors")) == (2, 4)


def test_an_event_is_listed_before_it_is_passed_on(tmp_path):
    for number, _ in enumerate(Training(3).record(tmp_path), 1):
        assert len(lines(tmp_path)) == number


def test_200_quick_epochs_reach_the_disk_once(tmp_path, fsyncs):
    list(Training(200).record(tmp_path))
    assert len(fsyncs) == 5  # last and best, the file and its folder; the events


def test_slow_epochs_are_saved_as_they_come(tmp_path):
    training = Training(losses=[2.0, 1.0, 3.0, 4.0], seconds=3.0)
    seen = []
    for event in training.record(tmp_path, every=5.0):
        if isinstance(event, Epoch):
            names = ("best.safetensors", "last.safetensors")
            seen.append([(tmp_path / name).exists() and epoch_of(tmp_path / name) for name in names])
    assert seen == [[False, False], [2, 2], [2, 2], [2, 4]]


def test_slow_saving_takes_a_twentieth_of_the_time_at_most(tmp_path, fsyncs, monkeypatch):
    training = Training(100, losses=[1.0] * 100, seconds=10.0)
    original = training.freeze

    def slow():
        training.clock.now += 10.0
        return original()

    training.freeze = slow
    list(training.record(tmp_path, every=1.0))
    assert training.frozen <= 1 + 100 * 10 / 200 + 2


def test_a_clean_close_leaves_a_run_to_resume(tmp_path):
    events = Training(9).record(tmp_path)
    for _ in range(4):
        next(events)
    events.close()
    assert (epoch_of(tmp_path / "last.safetensors"), epoch_of(tmp_path / "best.safetensors")) == (3, 3)


def test_interruption_saves(tmp_path):
    list(Training(3, status="interrupted").record(tmp_path))
    assert epoch_of(tmp_path / "last.safetensors") == 3


@pytest.mark.parametrize("close", [True, False])
def test_a_diverged_state_is_never_saved(tmp_path, close):
    events = Training(losses=[2.0, 1.0, 3.0], status="diverged").record(tmp_path)
    for event in events:
        if close and isinstance(event, End):
            events.close()
    assert epoch_of(tmp_path / "best.safetensors") == 2
    assert not (tmp_path / "last.safetensors").exists()


def test_an_error_in_the_middle_of_an_epoch_keeps_the_best(tmp_path):
    training = Training(3)
    original = training.events

    def failing():
        for event in original():
            if isinstance(event, End):
                training.state[:] = 99
                raise MemoryError
            yield event

    training.events = failing
    with pytest.raises(MemoryError):
        list(training.record(tmp_path))
    assert epoch_of(tmp_path / "best.safetensors") == 3
    assert not (tmp_path / "last.safetensors").exists()


def test_no_improvement_no_best(tmp_path):
    training = Training(2)
    training.improved = lambda event: False
    list(training.record(tmp_path))
    assert sorted(os.listdir(tmp_path)) == ["last.safetensors", "metrics.jsonl"]


def test_a_run_without_epochs_saves_its_state(tmp_path):
    training = Training(1)
    events = [Start("xor", 0, 4, {}, 58), End("completed", 0, 0, 0.0, {}, {}, {}, {})]
    training.events = lambda: iter(events)
    list(training.record(tmp_path))
    assert epoch_of(tmp_path / "last.safetensors") == 0


def test_full_disk_for_metrics_saves_the_checkpoint_first(tmp_path, monkeypatch):
    events = Training(9).record(tmp_path)
    next(events), next(events)
    fail_on(monkeypatch, "metrics.jsonl")
    with pytest.raises(ZenError) as caught:
        next(events)
    assert caught.value.code is Exit.ENVIRONMENT
    assert "metrics.jsonl" in str(caught.value)
    assert epoch_of(tmp_path / "last.safetensors") == 2


def test_full_disk_for_everything_names_the_first_file(tmp_path, monkeypatch):
    events = Training(9).record(tmp_path)
    next(events)
    fail_on(monkeypatch, str(tmp_path))
    with pytest.raises(ZenError) as caught:
        next(events)
    assert "metrics.jsonl" in str(caught.value)
    assert os.listdir(tmp_path) == ["metrics.jsonl"]


def test_full_disk_for_checkpoints_is_said(tmp_path, monkeypatch):
    fail_on(monkeypatch, "safetensors")
    with pytest.raises(ZenError) as caught:
        list(Training(3).record(tmp_path))
    assert "best.safetensors" in str(caught.value)
    assert lines(tmp_path)[-1]["event"] == "epoch"
