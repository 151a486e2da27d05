"""SIGINT, SIGTERM and SIGHUP: the first asks for a clean end after the step, a second one ends at once."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any


class Received:
    """Which signal has come, if any."""

    number: int | None = None


@contextlib.contextmanager
def gently(interrupt: Callable[[], None]) -> Iterator[Received]:
    """Calls `interrupt` at the first signal; an ignored one (SIGHUP under nohup) stays ignored."""
    received = Received()

    def handle(number: int, frame: Any) -> None:
        received.number = number
        say(f"zen: {signal.Signals(number).name}: stopping after this step; again to stop at once\n")
        interrupt()
        for each in previous:
            signal.signal(each, signal.SIG_DFL)

    wanted = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    previous = {each: signal.getsignal(each) for each in wanted if signal.getsignal(each) != signal.SIG_IGN}
    for each in previous:
        signal.signal(each, handle)
    try:
        yield received
    finally:
        for each, handler in previous.items():
            signal.signal(each, handler)


def say(text: str) -> None:
    """Straight to the system: a buffer that the signal has interrupted cannot be written to again."""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # closed, or none at all
        os.write(sys.stderr.fileno(), text.encode())
