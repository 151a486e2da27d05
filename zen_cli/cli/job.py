"""One training as a run: its directory, its listeners, its signals, its exit code."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from zen_cli.cli.options import CLOSED_PIPE, warn
from zen_cli.cli.signals import Received, gently, say
from zen_cli.cli.telling import Telling
from zen_cli.errors import Exit, ZenError
from zen_cli.resolved import digest, resolved_text
from zen_cli.runs.changes import binding
from zen_cli.runs.checkpoint import restamp
from zen_cli.runs.directory import RunDirectory, utc_text
from zen_cli.runs.files import write_atomically
from zen_cli.runs.metrics_file import rewind
from zen_cli.runs.receipt import receipt
from zen_cli.runs.record import record
from zen_cli.training.events import DIVERGED, INTERRUPTED, End, Epoch, Event
from zen_cli.training.snapshot import freeze
from zen_cli.training.training import Training

if TYPE_CHECKING:
    from zen_cli.runs.resume import Resumed

Listener = Callable[[Iterable[Event]], Iterator[Event]]


class Outcome(NamedTuple):
    """How a training ended; `signal` is the one that ended it."""

    end: End
    directory: RunDirectory
    signal: int | None

    @property
    def code(self) -> int:
        """The exit code; negative for a signal: whenever it came, what called this program shall stop too."""
        if self.signal is not None:
            return -self.signal
        return int(Exit.DIVERGED if self.end.status == DIVERGED else Exit.DONE)


def run(training: Training, root: str, threads: int, telling: Telling) -> Outcome:
    """Trains in a new run directory below `root`; `telling` hears each event once it is recorded.

    A listener that fails (a closed pipe) ends the training; what was trained is saved first.
    """
    experiment = training.experiment
    started = _now()
    with gently(training.interrupt, training.rest) as received:
        directory = RunDirectory.create(Path(root), experiment.config.name, digest(experiment), started)
        with directory.lock():
            directory.write_config(experiment.config.text, resolved_text(experiment))
            directory.write_receipt(receipt(training, sys.argv, threads, started))
            return _trained(training, directory, telling, received)


def go_on(resumed: Resumed, directory: RunDirectory, threads: int, telling: Telling) -> Outcome:
    """Trains on in the run's directory, whose lock is held; what has changed is noted in `run.json` first."""
    training = resumed.training
    with gently(training.interrupt, training.rest) as received:
        facts = resumed.receipt or receipt(training, sys.argv, threads, _now())
        directory.write_receipt({**facts, **_going_on(resumed, facts)})
        resolved = resolved_text(training.experiment)
        write_atomically(directory.resolved, [resolved.encode()])
        if resumed.changed and not binding(resumed.changed):
            restamp(directory.best, resolved)
        training.run = str(directory.path)
        rewound = rewind(directory.metrics, training.epoch, training.start(), resumed.unlisted)
        training.seconds = rewound.seconds
        warn(rewound.warnings)
        return _trained(training, directory, telling, received)


def leave(training: Training, directory: RunDirectory, telling: Telling) -> Outcome:
    """A finished training is measured again, and nothing is written."""
    training.run = str(directory.path)
    *_, end = training.events(time.perf_counter)
    assert isinstance(end, End)
    return Outcome(end, directory, None)


def _going_on(resumed: Resumed, facts: dict[str, Any]) -> dict[str, Any]:
    """What `run.json` says anew: that the run is running, and all the times that it went on, with what had changed."""
    training, checkpoint = resumed.training, resumed.checkpoint
    noted = {
        "at": utc_text(_now()), "argv": sys.argv, "checkpoint": checkpoint.path.name if checkpoint else None,
        "epoch": training.epoch, "step": training.step, "changes": resumed.changed,
        "data_sha256": training.experiment.dataset.sha256,
    }  # fmt: skip
    return {"ended": None, "status": "running", "exit": None, "resumed": [*facts.get("resumed", []), noted]}


def _trained(training: Training, directory: RunDirectory, telling: Telling, received: Received) -> Outcome:
    end = _listen(training, directory, telling.listeners(training, lambda: received.lines))
    outcome = Outcome(end, directory, received.number)
    directory.finish(_now(), end.status, end.best, outcome.code)
    if end.status == INTERRUPTED:
        say(f"zen: saved in epoch {training.epoch + 1}, after step {training.step}; zen resume {directory.path}\n")
    return outcome


def _listen(training: Training, directory: RunDirectory, listeners: list[Listener]) -> End:
    training.run = str(directory.path)
    resolved = resolved_text(training.experiment)

    def improved(epoch: Epoch) -> bool:
        return training.best.epoch == epoch.epoch

    clock, when = time.perf_counter, training.experiment.trainer.checkpoint
    recorded = record(
        training.events(clock), directory, lambda: freeze(training, resolved),
        improved=improved, clock=clock, every=when.seconds, epochs=when.epochs,
    )  # fmt: skip
    heard: Iterable[Event] = recorded
    for listener in listeners:
        heard = listener(heard)
    try:
        for event in heard:
            last = event
    except BaseException as error:
        recorded.close()
        status = INTERRUPTED if isinstance(error, (BrokenPipeError, KeyboardInterrupt)) else "failed"
        with contextlib.suppress(ZenError):  # what went wrong first is what is told
            directory.finish(_now(), status, training.best.as_dict(), _code(error))
        if isinstance(error, MemoryError):
            hint = f"free some, then zen resume {directory.path}; or take a smaller batch or network"
            raise ZenError("out of memory", hint=hint, code=Exit.ENVIRONMENT) from error
        raise
    assert isinstance(last, End)
    return last


def _code(error: BaseException) -> int:
    """The exit code that this error leads to."""
    if isinstance(error, BrokenPipeError):
        return CLOSED_PIPE
    if isinstance(error, ZenError):
        return int(error.code)
    return int(Exit.ENVIRONMENT if isinstance(error, (OSError, MemoryError)) else Exit.BUG)


def _now() -> datetime:
    return datetime.now(UTC)
