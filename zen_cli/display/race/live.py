"""A comparison as a panel that is drawn over itself; without rich as long as nothing is drawn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import TextIO

from zen_cli.compare.phases import Happening, Judged, Lost, Phase
from zen_cli.compare.protocol import Protocol
from zen_cli.display.canvas import Canvas
from zen_cli.display.live import PATIENCE
from zen_cli.display.race.plain import compared, lost, started
from zen_cli.display.race.track import Race
from zen_cli.display.terminal import size

DRAWINGS = 10  # a second, at most


class LiveRace:
    """Draws when something happens, which is seldom: so it may draw ten times in a row, but not more in a second."""

    def __init__(
        self, stream: TextIO, clock: Callable[[], float], environ: Mapping[str, str], protocol: Protocol,
        written: Callable[[], int],
    ) -> None:
        self.stream, self.environ, self.clock = stream, environ, clock
        self.canvas, self.race = Canvas(stream, environ, written), Race(protocol, clock())
        self.drawn: deque[float] = deque(maxlen=DRAWINGS)

    def see(self, happening: Happening, /) -> None:
        now = self.clock()
        first = isinstance(happening, Phase) and self.race.phase is None
        self.race.note(happening)
        if isinstance(happening, Judged):
            self._say(compared(self.race, now, self.canvas.to))
            return
        if isinstance(happening, Lost):
            self._say(lost(happening, self.canvas.to))
        if first:
            self.canvas.announce(started(self.race))
        elif self._worth(now):
            self._draw(now)

    def _say(self, line: str) -> None:
        """A line that stays, above what is drawn next."""
        self.canvas.clear(keep=False)
        self.canvas.output.line(line)

    def _worth(self, now: float) -> bool:
        self.canvas.leave_what_others_wrote()
        if len(self.drawn) == DRAWINGS and now - self.drawn[0] < 1.0:
            return False
        left = self.race.left(now)
        begins = now - self.race.began >= PATIENCE and (left is None or left >= PATIENCE)
        return begins or self.canvas.screen is not None

    def _draw(self, now: float) -> None:
        from zen_cli.display.race.panel import race_panel

        self.canvas.draw(race_panel(self.race, now, self.canvas.room(), size(self.stream, self.environ)[1]))
        self.drawn.append(now)

    def close(self) -> None:
        """Leaves the last panel on the terminal, if the comparison broke off below it."""
        self.canvas.clear(keep=True)
