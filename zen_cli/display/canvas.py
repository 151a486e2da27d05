"""A place on a terminal where something is drawn over itself; without rich as long as nothing is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TextIO

from zen_cli.display.cells import fit
from zen_cli.display.terminal import DIM, Output, size, terminal

if TYPE_CHECKING:
    from zen_cli.display.panel import Line, Room
    from zen_cli.display.screen import Screen


class Canvas:
    """Holds an announcement, then a panel, then nothing. `written()` counts the lines of others: where someone else
    has written, the lines above are theirs, and the next panel comes below.
    """

    def __init__(self, stream: TextIO, environ: Mapping[str, str], written: Callable[[], int]) -> None:
        self.stream, self.environ = stream, environ
        self.output, self.to = Output(stream), terminal(stream, environ)
        self.screen: Screen | None = None
        self.announced = False
        self.written, self.seen = written, written()

    def announce(self, text: str) -> None:
        """Says something in a line, until there is more to say."""
        shown = fit(text, size(self.stream, self.environ)[0] - 1, self.to.unicode)
        self.output.write(self.to.style(shown, DIM))
        self.output.flush()
        self.announced = True

    def room(self) -> Room:
        """Where a panel goes, as wide as the terminal is now."""
        from zen_cli.display.panel import Room

        return Room(size(self.stream, self.environ)[0], self.to.unicode)

    def draw(self, lines: list[Line]) -> None:
        """Draws the panel over what is there."""
        self.leave_what_others_wrote()
        if self.screen is None:
            from zen_cli.display.screen import Screen

            self._unannounce()
            self.screen = Screen(self.stream, self.environ)
        self.screen.draw(lines)

    def leave_what_others_wrote(self) -> None:
        count = self.written()
        if count != self.seen:
            self.seen, self.screen, self.announced = count, None, False

    def clear(self, keep: bool) -> None:
        """Ends the panel; its last lines stay if `keep`."""
        self.leave_what_others_wrote()
        self._unannounce()
        if self.screen is not None:
            self.screen.close(keep)
            self.screen = None

    def _unannounce(self) -> None:
        if self.announced:
            self.output.write("\r\x1b[2K")
            self.output.flush()
            self.announced = False
