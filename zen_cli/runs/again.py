"""A run trained again from its beginning, and held against what it left: every bit of its checkpoints and events."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from zen_cli.errors import Exit, Place, ZenError
from zen_cli.resolved import resolved_text
from zen_cli.runs.changes import binding, listed
from zen_cli.runs.checkpoint import Checkpoint, load
from zen_cli.runs.directory import RunDirectory
from zen_cli.runs.metrics_file import UNLISTED, read
from zen_cli.runs.strict_json import strict_json
from zen_cli.training.events import End, Epoch, Event, as_json
from zen_cli.training.snapshot import freeze
from zen_cli.training.training import Training

MOST_LISTED = 10
_OF_ITS_OWN = ("seconds", "run", "notes")  # what no two runs have in common


class Again:
    """`events` trains as the run was trained, as far as it came; `differences` then says what came out otherwise."""

    def __init__(self, training: Training, directory: RunDirectory, last: Checkpoint) -> None:
        self.training, self.resolved = training, resolved_text(training.experiment)
        best = [load(directory.best)] if directory.best.exists() else []
        self.left = [last, *best]
        self.epochs_left, self.last = _place(last)
        self.listed = [_shared(event) for event in read(directory.metrics).events]
        self.ended = bool(self.listed) and self.listed[-1]["event"] == "end"
        self.in_checkpoints: list[str] = []
        self.in_events: list[str] = []
        self.compared: list[str] = []
        self.heard = 0

    def events(self, clock: Callable[[], float]) -> Iterator[Event]:
        for event in self.training.events(clock):
            self._compare_event(event)
            self._compare_checkpoints()
            self._stop_where_it_stopped()
            yield event
        unheard = len(self.listed) - self.heard if self.ended else 0
        self.in_events += [f"metrics.jsonl: {unheard} events more than again"] if unheard > 0 else []
        self.in_checkpoints += [f"{each.path.name}: training never came there again" for each in self.left]

    @property
    def differences(self) -> list[str]:
        return self.in_checkpoints + self.in_events

    def _compare_event(self, event: Event) -> None:
        if not isinstance(event, Epoch | End) and self.heard:
            return
        if isinstance(event, End) and not self.ended:
            return
        found = _shared(json.loads(strict_json(as_json(event))))
        wanted = self.listed[self.heard] if self.heard < len(self.listed) else {}
        keys = [key for key in {**wanted, **found} if wanted.get(key) != found.get(key)]
        number = self.heard + 1
        self.in_events += [
            f"metrics.jsonl:{number}: {key} was {strict_json(wanted.get(key))}, again {strict_json(found.get(key))}"
            for key in keys
        ]
        self.heard += 1

    def _compare_checkpoints(self) -> None:
        """Those that were made where the training stands now: between two events everything is at rest."""
        here = [each for each in self.left if _place(each) == (self.training.epoch, self.training.step)]
        for checkpoint in here:
            self.in_checkpoints += differences(checkpoint, *freeze(self.training, self.resolved)())
            self.compared.append(f"{checkpoint.path.name} of step {self.training.step}")
            self.left.remove(checkpoint)

    def _stop_where_it_stopped(self) -> None:
        """A run that was interrupted within an epoch is gone through step by step there, to its last one."""
        training = self.training
        if training.epoch != self.epochs_left or training.step > self.last:
            return
        if training.step == self.last - 1 and self.interrupted:
            training.rest()
            with np.errstate(all="ignore"):  # taken here, so that it does not close its epoch
                training.step = training.steps.run(training.step, training.rates)
        if training.step < self.last:
            training.rest()
        elif self.interrupted:
            training.interrupt()

    @property
    def interrupted(self) -> bool:
        return not self.ended or self.listed[-1].get("status") == "interrupted"


def differences(checkpoint: Checkpoint, tensors: Mapping[str, Any], metadata: Mapping[str, str]) -> list[str]:
    """What a checkpoint holds that is not there to the bit, tensor by tensor, and what else it says."""
    found, name = [], checkpoint.path.name
    for key in {**checkpoint.tensors, **tensors}:
        said = _difference(checkpoint.tensors.get(key), tensors.get(key))
        found += [f"{name}: {key} {said}"] if said else []
    known = {key: value for key, value in checkpoint.metadata.items() if key != UNLISTED}
    return found + [f"{name}: {key} differs" for key in {**known, **metadata} if known.get(key) != metadata.get(key)]


def _difference(was: Any, now: Any) -> str:
    if was is None or now is None:
        return "is missing now" if now is None else "was not there"
    if (was.dtype, was.shape) != (now.dtype, now.shape):
        return f"was {was.dtype} {was.shape}, is {now.dtype} {now.shape} again"
    apart = np.ascontiguousarray(was).view(np.uint8) != np.ascontiguousarray(now).view(np.uint8)
    if not apart.any():
        return ""
    count = int(apart.reshape(max(was.size, 1), -1).any(1).sum())
    with np.errstate(all="ignore"):
        most = np.abs(was.astype(np.float64) - now.astype(np.float64)).max()
    return f"differs in {count} of {was.size} numbers, by up to {most:.2g}"


def require_one_course(directory: RunDirectory, receipt: Mapping[str, Any]) -> None:
    """A run that went on with other options or other data has no config that gives it from its beginning.

    Raises:
        ZenError: exit 3.
    """
    for noted in receipt.get("resumed", []):
        changed = binding(noted.get("changes") or {})
        if changed or noted.get("data_sha256", receipt.get("data_sha256")) != receipt.get("data_sha256"):
            what = f"went on with other options after epoch {noted['epoch']}: {listed(changed) or 'data'}"
            hint = "only a run of one config can be trained again"
            raise ZenError(what, Place(str(directory.path)), hint, Exit.FILES)


def _place(checkpoint: Checkpoint) -> tuple[int, int]:
    progress = json.loads(checkpoint.metadata["progress"])
    return progress["epoch"], progress["step"]


def _shared(event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key not in _OF_ITS_OWN}
