"""The training as lines that stay: for pipes, files and simple terminals."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TextIO

from zen_cli.display.summary import epoch_line, summary
from zen_cli.display.terminal import Output, terminal
from zen_cli.training.events import End, Epoch, Event, Start

if TYPE_CHECKING:
    from zen_cli.training.conditions import Condition

BETWEEN = 1.0  # seconds between two lines, at least


class Plain:
    """The first epoch, the last, at most one a second between them, and the end."""

    def __init__(
        self, stream: TextIO, clock: Callable[[], float], environ: Mapping[str, str], goal: Condition | None
    ) -> None:
        self.output, self.clock, self.goal = Output(stream), clock, goal
        self.to = terminal(stream, environ)
        self.start: Start | None = None
        self.first: Epoch | None = None
        self.unsaid: Epoch | None = None
        self.due = -math.inf

    def see(self, event: Event) -> None:
        if isinstance(event, Epoch):
            self.unsaid, self.first = event, self.first or event
            now = self.clock()
            if now >= self.due:
                self.due = now + BETWEEN
                self._say_epoch()
        elif isinstance(event, Start):
            self.start = event
        elif isinstance(event, End):
            self._say_epoch()
            name = self.start.name if self.start else "zen"
            self.output.line(summary(name, event, self.to, self.goal))

    def _say_epoch(self) -> None:
        if self.unsaid is not None:
            epochs = self.start.epochs if self.start else self.unsaid.epoch
            moved = self.first is not None and self.first.lr != self.unsaid.lr
            self.output.line(epoch_line(self.unsaid, epochs, self.to, rate=moved))
            self.unsaid = None

    def close(self) -> None:
        """Says the last epoch, if the training broke off after it."""
        self._say_epoch()
