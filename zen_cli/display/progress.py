"""Shows a training while it runs: live on a terminal, as plain lines elsewhere, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol, TextIO, TypeVar

from zen_cli.display.plain import Plain
from zen_cli.display.terminal import moves_cursor, size, terminal
from zen_cli.training.events import Event

if TYPE_CHECKING:
    from zen_cli.training.conditions import Condition

CHOICES = ("auto", "rich", "plain", "none")
NARROWEST, LOWEST = 20, 7  # columns and lines that the live view needs


T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class View(Protocol[T_contra]):
    """Someone who is shown every event."""

    def see(self, event: T_contra, /) -> None: ...

    def close(self) -> None: ...


def show(
    events: Iterable[Event], *, progress: str = "auto", quiet: bool = False, stream: TextIO | None,
    clock: Callable[[], float], environ: Mapping[str, str], monitor: str | None = None, goal: Condition | None = None,
    written: Callable[[], int] = lambda: 0,
) -> Iterator[Event]:
    """Passes the events on, each after it was shown on `stream`.

    `progress` is one of CHOICES. `monitor` (`validation.loss`) says what the best epoch is best in; `goal`, what
    is counted where several seeds train. `written()` counts what others wrote to the terminal meanwhile, such as
    the handler of a signal, each in lines of its own: the panel is then drawn anew below it.

    Close the iterator to end the view: then, and after an exception, the terminal is as it was before. What
    cannot be written is not shown, and stops nothing.
    """
    silent = quiet or progress == "none" or stream is None
    view = None if silent or stream is None else _view(progress, stream, clock, environ, monitor, goal, written)
    return watched(events, view)


def watched(events: Iterable[T], view: View[T] | None) -> Iterator[T]:
    """Passes the events on, each after the view has seen it; closes both in the end."""
    try:
        if view is None:
            yield from events
            return
        for event in events:
            view.see(event)
            yield event
    finally:
        if view is not None:
            view.close()
        close = getattr(events, "close", None)  # so that what was begun below ends now, not at some later time
        if close is not None:
            close()


def drawable(progress: str, stream: TextIO, environ: Mapping[str, str], lowest: int = LOWEST) -> bool:
    """Whether a panel is wanted, and the terminal large and able enough for it."""
    columns, lines = size(stream, environ)
    wanted = progress == "rich" or (progress == "auto" and terminal(stream, environ).moves)
    return wanted and moves_cursor(environ) and columns >= NARROWEST and lines >= lowest


def _view(
    progress: str, stream: TextIO, clock: Callable[[], float], environ: Mapping[str, str], monitor: str | None,
    goal: Condition | None, written: Callable[[], int],
) -> View[Event]:
    if not drawable(progress, stream, environ):
        return Plain(stream, clock, environ, goal)
    from zen_cli.display.live import Live

    return Live(stream, clock, environ, monitor, goal, written)
