"""Trainings that are stopped at a step, saved as a checkpoint's bytes, and made anew from them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from zen_cli.data.dataset import Dataset
from zen_cli.nn.programs import Inference, TrainingStep
from zen_cli.nn.split_step import SplitStep
from zen_cli.runs.safetensors import decode, encode
from zen_cli.training.events import End, Epoch, Event
from zen_cli.training.snapshot import freeze, thaw
from zen_cli.training.training import Training

Make = Callable[[], Training]


class Course(NamedTuple):
    """What a training leaves: its epochs and its end, if it came to it; the checkpoint, and that of the best epoch."""

    events: list[Event]
    last: bytes
    best: bytes


def after(step: TrainingStep, act: Callable[[int], None]) -> None:
    """Has `act` called with the number of each step that was taken."""
    run = step.run

    def acting(t: int, lr: float) -> None:
        run(t, lr)
        act(t)

    step.run = acting


def interrupt_at(training: Training, number: int) -> None:
    for segment in training.feed.segments:
        after(segment.step, lambda t: training.interrupt() if t == number else None)


def as_bytes(training: Training) -> bytes:
    return encode(*freeze(training, "config")())


def go_on(training: Training, checkpoint: bytes) -> Training:
    """The training, once it stands where the checkpoint does."""
    tensors, metadata = decode(checkpoint, "checkpoint")
    thaw(training, tensors, json.loads(metadata["training"]))
    return training


def stops(training: Training, best: bytes = b"") -> list[Course]:
    """Wherever a training may be saved until its end, which is the last one; `best` is the checkpoint so far."""
    found, events = [], list[Event]()
    for event in training.events(lambda: 0.0):
        last = as_bytes(training)
        if isinstance(event, Epoch):
            best = last if training.best.epoch == training.epoch else best
        if isinstance(event, Epoch | End):
            events.append(event)
        found.append(Course(list(events), last, best))
    return found


def run(training: Training, best: bytes = b"") -> Course:
    """Trains to the end."""
    return stops(training, best)[-1]


def stopped_at(make: Make, *steps: int) -> Course:
    """A training that is interrupted at each of these steps, and goes on from its checkpoint in a new one."""
    training, found, best = make(), list[Event](), b""
    for step in steps:
        interrupt_at(training, step)
        course = run(training, best)
        found, best = [*found, *course.events[:-1]], course.best
        training = go_on(make(), course.last)
    course = run(training, best)
    return course._replace(events=[*found, *course.events])


def differences(found: Any, wanted: Any, path: str = "training", seen: set[int] | None = None) -> list[str]:
    """The paths of all numbers, arrays, texts and generators that differ between two objects, attributes and all.

    Compiled programs are left out, whose buffers every step fills anew, and the rows, which never change.
    """
    seen = set() if seen is None else seen
    if id(wanted) in seen or isinstance(wanted, (TrainingStep, SplitStep, Inference, Dataset)):
        return []
    if isinstance(wanted, np.ndarray):
        same = found.dtype == wanted.dtype and found.tobytes() == wanted.tobytes()
        return [] if same else [path]
    if isinstance(wanted, np.random.Generator):
        return [] if found.bit_generator.state == wanted.bit_generator.state else [path]
    if wanted is None or isinstance(wanted, (str, bytes, int, float, np.generic)):
        return [] if repr(found) == repr(wanted) else [path]
    seen.add(id(wanted))
    if callable(wanted):
        return []
    left, right = _inside(found), _inside(wanted)
    if left.keys() != right.keys():
        return [f"{path}: {sorted(map(str, left.keys() ^ right.keys()))}"]
    return [line for key, value in right.items() for line in differences(left[key], value, f"{path}.{key}", seen)]


def _inside(value: Any) -> dict[Any, Any]:
    if isinstance(value, dict):
        return value
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return dict(enumerate(value))
    fields = {name: getattr(value, name) for name in getattr(value, "_fields", ())}
    return {**fields, **getattr(value, "__dict__", {})}
