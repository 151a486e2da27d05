"""The training as lines that stay: for pipes, files and simple terminals."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TextIO

from zen_cli.display.summary import epoch_line, rest_line, summary
from zen_cli.display.tempo import Tempo
from zen_cli.display.terminal import Output, terminal
from zen_cli.training.events import End, Epoch, Event, Rest, Start

if TYPE_CHECKING:
    from zen_cli.training.conditions import Condition

BETWEEN = 1.0  # seconds between two lines, at least


class Plain:
    """The first epoch, the last, at most one a second between them, how far it is in a long one, and the end."""

    def __init__(
        self, stream: TextIO, clock: Callable[[], float], environ: Mapping[str, str], goal: Condition | None
    ) -> None:
        self.output, self.clock, self.goal = Output(stream), clock, goal
        self.to = terminal(stream, environ)
        self.start: Start | None = None
        self.first: Epoch | None = None
        self.unsaid: Epoch | None = None
        self.due = self.ended = -math.inf
        self.tempo: Tempo | None = None

    def see(self, event: Event) -> None:
        if isinstance(event, Epoch):
            self.unsaid, self.first = event, self.first or event
            now = self.ended = self.clock()
            if self.tempo:
                self.tempo.note(event.epoch, event.step, now)
            if now >= self.due:
                self.due = now + BETWEEN
                self._say_epoch()
        elif isinstance(event, Rest):
            self._rest(event)
        elif isinstance(event, Start):
            self.start, self.ended = event, self.clock()
            self.tempo = Tempo(event, self.ended)
        elif isinstance(event, End):
            self._say_epoch()
            name = self.start.name if self.start else "zen"
            self.output.line(summary(name, event, self.to, self.goal))

    def _rest(self, event: Rest) -> None:
        """A line in an epoch that takes longer than one is silent."""
        now = self.clock()
        if self.tempo and not event.urgent and now >= max(self.due, self.ended + BETWEEN):
            self.due = now + BETWEEN
            self.tempo.note(event.epoch + event.share, event.step, now)
            self.output.line(rest_line(event, self.tempo, now, self.to))

    def _say_epoch(self) -> None:
        if self.unsaid is not None:
            epochs = self.start.epochs if self.start else self.unsaid.epoch
            moved = self.first is not None and self.first.lr != self.unsaid.lr
            self.output.line(epoch_line(self.unsaid, epochs, self.to, rate=moved))
            self.unsaid = None

    def close(self) -> None:
        """Says the last epoch, if the training broke off after it."""
        self._say_epoch()
