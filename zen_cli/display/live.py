"""The training as a panel that is drawn over itself; without rich as long as nothing is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TextIO

from zen_cli.display.cells import fit
from zen_cli.display.summary import started, summary
from zen_cli.display.terminal import Output, size, terminal
from zen_cli.display.track import Track
from zen_cli.training.events import End, Epoch, Event, Start

if TYPE_CHECKING:
    from zen_cli.display.screen import Screen
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
        self.stream, self.clock, self.environ, self.monitor, self.goal = stream, clock, environ, monitor, goal
        self.output, self.to = Output(stream), terminal(stream, environ)
        self.track: Track | None = None
        self.screen: Screen | None = None
        self.announced = False
        self.due = 0.0
        self.written, self.seen = written, written()

    def see(self, event: Event) -> None:
        track = self.track
        if isinstance(event, Epoch) and track is not None:
            now = self.clock()
            track.note(event, now)
            if now >= self.due:
                self._draw(track, now)
        elif isinstance(event, Start):
            now = self.clock()
            self.track, self.due = Track(event, now, self.monitor, self.goal), now + PATIENCE
            self._announce(event)
        elif isinstance(event, End):
            self._clear(keep=False)
            name = track.start.name if track else "zen"
            self.output.line(summary(name, event, self.to, self.goal))

    def _draw(self, track: Track, now: float) -> None:
        self._leave_what_others_wrote()
        left = track.pace(now).left
        if self.screen is None and left is not None and left < PATIENCE:
            self.due = now + REDRAW
            return
        from zen_cli.display.panel import Room, panel

        screen = self._screen()
        begin = self.clock()
        screen.draw(panel(track, now, Room(size(self.stream, self.environ)[0], self.to.unicode)))
        end = self.clock()
        self.due = end + min(max(REDRAW, (end - begin) / SHARE), LONGEST)

    def _leave_what_others_wrote(self) -> None:
        """Where someone else has written, the lines above are theirs: the next panel comes below."""
        count = self.written()
        if count != self.seen:
            self.seen, self.screen, self.announced = count, None, False

    def _screen(self) -> Screen:
        if self.screen is None:
            from zen_cli.display.screen import Screen

            self._unannounce()
            self.screen = Screen(self.stream, self.environ)
        return self.screen

    def _announce(self, start: Start) -> None:
        """Says what is trained, until there is more to say: the first epoch may take long."""
        text = fit(started(start), size(self.stream, self.environ)[0] - 1, self.to.unicode)
        self.output.write(self.to.style(text, "2"))
        self.output.flush()
        self.announced = True

    def _unannounce(self) -> None:
        if self.announced:
            self.output.write("\r\x1b[2K")
            self.output.flush()
            self.announced = False

    def _clear(self, keep: bool) -> None:
        self._leave_what_others_wrote()
        self._unannounce()
        if self.screen is not None:
            self.screen.close(keep)
            self.screen = None

    def close(self) -> None:
        """Leaves the last panel on the terminal, if the training broke off below it."""
        self._clear(keep=True)
