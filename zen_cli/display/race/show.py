"""Shows a comparison while it runs: live on a terminal, as plain lines elsewhere, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TextIO

from zen_cli.display.progress import View, drawable, watched

if TYPE_CHECKING:
    from zen_cli.compare.phases import Happening
    from zen_cli.compare.protocol import Protocol


def show_race(
    happenings: Iterable[Happening], *, protocol: Protocol, progress: str = "auto", quiet: bool = False,
    stream: TextIO | None, clock: Callable[[], float], environ: Mapping[str, str],
    written: Callable[[], int] = lambda: 0,
) -> Iterator[Happening]:
    """Passes the happenings on, each after it was shown on `stream`.

    The options are those of `progress.show`. Close the iterator to end the view: then, and after an exception, the
    terminal is as it was before. What cannot be written is not shown, and stops nothing.
    """
    silent = quiet or progress == "none" or stream is None
    view = None if silent or stream is None else _view(protocol, progress, stream, clock, environ, written)
    return watched(happenings, view)


def _view(
    protocol: Protocol, progress: str, stream: TextIO, clock: Callable[[], float], environ: Mapping[str, str],
    written: Callable[[], int],
) -> View[Happening]:
    if not drawable(progress, stream, environ):
        from zen_cli.display.race.plain import PlainRace

        return PlainRace(stream, clock, environ, protocol)
    from zen_cli.display.race.live import LiveRace

    return LiveRace(stream, clock, environ, protocol, written)
