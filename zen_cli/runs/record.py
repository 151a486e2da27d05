"""Listens to a training: its events go into `metrics.jsonl`, its state into `last` and `best`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterable
from typing import TypeAlias

from zen_cli.errors import ZenError
from zen_cli.runs.checkpoint import save
from zen_cli.runs.directory import RunDirectory
from zen_cli.runs.metrics_file import UNLISTED, MetricsFile
from zen_cli.runs.safetensors import Metadata, Tensors
from zen_cli.runs.strict_json import strict_json
from zen_cli.training.events import DIVERGED, End, Epoch, Event, Rest, as_json

__all__ = ["Content", "Freeze", "record", "strict_json"]

Content: TypeAlias = Callable[[], tuple[Tensors, Metadata]]
Freeze: TypeAlias = Callable[[], Content]

_LARGEST_SHARE = 0.05  # of the time that periodic saving may take


def record(
    events: Iterable[Event], directory: RunDirectory, freeze: Freeze, *,
    improved: Callable[[Epoch], bool], clock: Callable[[], float], every: float = 5.0, epochs: int | None = None,
) -> Generator[Event, None, None]:
    """Passes the events on, each after it is in `metrics.jsonl`.

    `best` is saved where `improved(epoch)` says so, `last` at the end; both reach the disk at most once in `every`
    seconds of `clock`, less often where saving is slow, and after every so many `epochs`. For that, `freeze()` copies
    the state, and what it returns gives the checkpoint's content if it is ever asked for. A consumer that closes the
    iterator leaves a run that can be resumed. An epoch's event vouches for its state; a diverged one at the end is not
    saved.

    Raises:
        ZenError: exit 7 if something cannot be written; what was saved before is still there.
    """
    lines = MetricsFile(directory.metrics)
    saver = _Saver(directory, lines, freeze, clock, every, epochs)
    try:
        for event in events:
            if isinstance(event, Rest):
                saver.rest(event)
                yield event
                continue
            if isinstance(event, End):
                saver.finish(event)
            if isinstance(event, Epoch):
                saver.note(event, improved(event))
            try:
                lines.append(event)
            except ZenError:
                saver.rescue(event)
                raise
            if isinstance(event, Epoch):
                saver.save_in_time(event.epoch)
            yield event
    except GeneratorExit:
        saver.save()
        raise
    except Exception:
        with contextlib.suppress(ZenError, MemoryError):  # what went wrong first is what is told
            saver.save_best()
        raise
    finally:
        lines.close()


class _Saver:
    """Holds the best state until it is time to write it."""

    def __init__(
        self, directory: RunDirectory, lines: MetricsFile, freeze: Freeze, clock: Callable[[], float], every: float,
        epochs: int | None,
    ) -> None:  # fmt: skip
        self.directory, self.lines, self.freeze = directory, lines, freeze
        self.clock, self.every, self.epochs = clock, every, epochs
        self.best: Content | None = None
        self.unsaved, self.step = False, -1
        self.next = clock() + every

    def note(self, event: Epoch, improved: bool) -> None:
        """After an epoch: remembers the best state."""
        self.unsaved, self.step = True, event.step
        if improved:
            self.best = self.freeze()

    def rest(self, event: Rest) -> None:
        """Within an epoch, or before the end: where steps were taken since the last event."""
        self.unsaved |= event.step != self.step
        self.step = event.step
        if event.urgent:
            self.save()
        else:
            self.save_in_time()

    def save_in_time(self, epoch: int | None = None) -> None:
        """Saves if it is time, or if so many epochs have ended that it is asked for."""
        begin = self.clock()
        if begin >= self.next or (epoch and self.epochs and epoch % self.epochs == 0):
            self.save()
            end = self.clock()
            self.next = end + max(self.every, (end - begin) / _LARGEST_SHARE)

    def save(self, unlisted: Event | None = None) -> None:
        """Writes what is not yet written, `best` first: `last` never speaks of a best that is not there.

        `unlisted` is an event that `metrics.jsonl` lacks.
        """
        last = self.freeze() if self.unsaved else None
        self.save_best()
        if last:
            tensors, metadata = last()
            metadata |= {UNLISTED: strict_json(as_json(unlisted))} if unlisted else {}
            save(self.directory.last, tensors, metadata, previous=self.directory.previous)
            self.unsaved = False
            self.lines.sync()

    def save_best(self) -> None:
        if self.best:
            save(self.directory.best, *self.best())
            self.best = None

    def finish(self, end: End) -> None:
        self.unsaved |= not self.directory.last.exists()
        self.unsaved &= end.status != DIVERGED
        self.save()

    def rescue(self, event: Event) -> None:
        """Saves what fits, after `metrics.jsonl` could not be written."""
        if isinstance(event, Epoch):
            self.unsaved = True
            with contextlib.suppress(ZenError):
                self.save(event)

