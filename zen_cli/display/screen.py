"""Lines drawn over each other on a terminal. Only this file knows rich, and only a training that lasts imports it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from zen_cli.display.panel import Line
from zen_cli.display.terminal import Output, size, terminal


class Screen:
    """Draws lines over the ones drawn before. It has no thread; the cursor stays visible, so that even a killed
    process leaves the terminal as it was.
    """

    def __init__(self, stream: TextIO, environ: Mapping[str, str]) -> None:
        self.stream, self.environ = stream, environ
        columns, lines = size(stream, environ)
        self.console = Console(
            file=Output(stream),  # type: ignore[arg-type]
            force_terminal=True, force_interactive=True, legacy_windows=False, width=columns, height=lines,
            color_system="standard" if terminal(stream, environ).color else None,
            markup=False, emoji=False, highlight=False, soft_wrap=False, _environ=environ,
        )
        self.live = Live(
            console=self.console, auto_refresh=False, redirect_stdout=False, redirect_stderr=False,
        )
        self.live.start()
        self.console.show_cursor(True)

    def draw(self, lines: list[Line]) -> None:
        self.console.size = size(self.stream, self.environ)
        self.live.update(Group(*map(_text, lines)), refresh=True)

    def close(self, keep: bool) -> None:
        """Ends the view; its last lines stay if `keep`."""
        self.live.transient = not keep
        self.live.stop()


def _text(line: Line) -> Text:
    text = Text(no_wrap=True, overflow="crop")
    for piece, style in line:
        text.append(piece, style or None)
    return text
