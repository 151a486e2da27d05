"""The training as a panel that is drawn over itself; without rich as long as nothing is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TextIO

from zen_cli.display.canvas import Canvas
from zen_cli.display.summary import started, summary
from zen_cli.display.track import Track
from zen_cli.training.events import End, Epoch, Event, Rest, Start

if TYPE_CHECKING:
    from zen_cli.training.conditions import Condition

PATIENCE = 0.3  # seconds that a training must have run, and must still have to run, to be worth importing rich
REDRAW, LONGEST = 0.1, 1.0  # seconds between two drawings, at least and at most
SHARE = 0.02  # of the time that drawing may take


class Live:
    """Draws at events, when the clock says that it is time. A training that is soon done leaves its last line only."""

    def __init__(
        self, stream: TextIO, clock: Callable[[], float], environ: Mapping[str, str], monitor: str | None,
        goal: Condition | None, written: Callable[[], int] = lambda: 0,
    ) -> None:
        self.clock, self.monitor, self.goal = clock, monitor, goal
        self.canvas = Canvas(stream, environ, written)
        self.track: Track | None = None
        self.due = 0.0

    def see(self, event: Event) -> None:
        track = self.track
        if isinstance(event, Epoch) and track is not None:
            now = self.clock()
            track.note(event, now)
            if now >= self.due:
                self._draw(track, now)
        elif isinstance(event, Rest) and track is not None:
            now = self.clock()
            if not event.urgent and now >= self.due:
                track.tempo.note(event.epoch + event.share, event.step, now)
                self._draw(track, now)
        elif isinstance(event, Start):
            now = self.clock()
            self.track, self.due = Track(event, now, self.monitor, self.goal), now + PATIENCE
            self.canvas.announce(started(event))
        elif isinstance(event, End):
            self.canvas.clear(keep=False)
            name = track.start.name if track else "zen"
            self.canvas.output.line(summary(name, event, self.canvas.to, self.goal))

    def _draw(self, track: Track, now: float) -> None:
        self.canvas.leave_what_others_wrote()
        left = track.tempo.pace(now).left
        if self.canvas.screen is None and left is not None and left < PATIENCE:
            self.due = now + REDRAW
            return
        from zen_cli.display.panel import panel

        begin = self.clock()
        self.canvas.draw(panel(track, now, self.canvas.room()))
        end = self.clock()
        self.due = end + min(max(REDRAW, (end - begin) / SHARE), LONGEST)

    def close(self) -> None:
        """Leaves the last panel on the terminal, if the training broke off below it."""
        self.canvas.clear(keep=True)
