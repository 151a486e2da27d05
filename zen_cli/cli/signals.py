"""SIGINT, SIGTERM and SIGHUP: the first asks for a clean end after the step, a second one ends at once."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

BETWEEN_RESTS = 1.0  # seconds


class Received:
    """Which signal has come, if any, and how many lines were written about it."""

    number: int | None = None
    lines = 0


@contextlib.contextmanager
def gently(interrupt: Callable[[], None], rest: Callable[[], None] = lambda: None) -> Iterator[Received]:
    """Calls `interrupt` at the first signal, and `rest` every second. An ignored one (SIGHUP under nohup) stays so.

    A handler runs between two steps of Python. So that a signal is answered at once, however long a product of
    matrices takes, a thread of its own says that it has come.
    """
    received = Received()
    said = threading.Lock()

    def answer(number: int) -> None:
        if said.acquire(blocking=False):
            say(f"zen: {signal.Signals(number).name}: stopping after this step; again to stop at once\n")
            received.lines += 1

    def handle(number: int, frame: Any) -> None:
        received.number = number
        answer(number)
        interrupt()
        for each in previous:
            signal.signal(each, signal.SIG_DFL)

    wanted = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    previous = {each: signal.getsignal(each) for each in wanted if signal.getsignal(each) != signal.SIG_IGN}
    with _watching(answer, rest):
        for each in previous:
            signal.signal(each, handle)
        try:
            yield received
        finally:
            for each, handler in previous.items():
                signal.signal(each, handler)


@contextlib.contextmanager
def _watching(answer: Callable[[int], None], rest: Callable[[], None]) -> Iterator[None]:
    """A thread that is told of every signal by the system itself, and counts the seconds."""
    if os.name == "nt":  # there one can wait for sockets only: an epoch is saved at its end
        yield
        return
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    thread = threading.Thread(target=_watch, args=(reader, answer, rest), daemon=True)
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(writer)
        thread.join()
        os.close(reader)


def _watch(reader: int, answer: Callable[[int], None], rest: Callable[[], None]) -> None:
    while True:
        if not select.select([reader], [], [], BETWEEN_RESTS)[0]:
            rest()
        elif number := os.read(reader, 1):
            answer(number[0])
        else:
            return


def say(text: str) -> None:
    """Straight to the system: a buffer that the signal has interrupted cannot be written to again."""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # closed, or none at all
        os.write(sys.stderr.fileno(), text.encode())
