"""One training as a run: its directory, its listeners, its signals, its exit code."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from zen_cli.cli.signals import gently
from zen_cli.errors import Exit, ZenError
from zen_cli.resolved import digest, resolved_text
from zen_cli.runs.directory import RunDirectory
from zen_cli.runs.receipt import receipt
from zen_cli.runs.record import record
from zen_cli.training.events import DIVERGED, INTERRUPTED, End, Epoch, Event
from zen_cli.training.snapshot import freeze
from zen_cli.training.training import Training

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


def run(training: Training, root: str, threads: int, listeners: list[Listener]) -> Outcome:
    """Trains in a new run directory below `root`; `listeners` see each event once it is recorded.

    A listener that fails (a closed pipe) ends the training; what was trained is saved first.
    """
    experiment = training.experiment
    started = _now()
    directory = RunDirectory.create(Path(root), experiment.config.name, digest(experiment), started)
    resolved = resolved_text(experiment)
    with directory.lock(), gently(training.interrupt) as received:
        directory.write_config(experiment.config.text, resolved)
        source = Path(experiment.config.base or ".")
        sha256 = experiment.dataset.sha256
        facts = receipt(argv=sys.argv, threads=threads, data_sha256=sha256, started=started, source=source)
        directory.write_receipt(facts)
        outcome = Outcome(_listen(training, directory, resolved, listeners), directory, received.number)
        directory.finish(_now(), outcome.end.status, outcome.end.best, outcome.code)
    return outcome


def _listen(training: Training, directory: RunDirectory, resolved: str, listeners: list[Listener]) -> End:
    training.run = str(directory.path)

    def improved(epoch: Epoch) -> bool:
        return training.best.epoch == epoch.epoch

    clock = time.perf_counter
    events = training.events(clock)
    recorded = record(events, directory, lambda: freeze(training, resolved), improved=improved, clock=clock)
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
        raise
    assert isinstance(last, End)
    return last


def _code(error: BaseException) -> int:
    """The exit code that this error leads to."""
    if isinstance(error, BrokenPipeError):
        return -signal.SIGPIPE
    if isinstance(error, ZenError):
        return int(error.code)
    return int(Exit.ENVIRONMENT if isinstance(error, (OSError, MemoryError)) else Exit.BUG)


def _now() -> datetime:
    return datetime.now(UTC)
