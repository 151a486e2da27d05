"""The one exception that a user ever sees, where it points, and the exit code it ends with."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple


class Exit(IntEnum):
    """Exit codes of the program; a signal ends it by the signal itself."""

    DONE = 0
    BUG = 1
    USAGE = 2  # the command line or the config
    FILES = 3  # data, model or run files: missing, damaged, not fitting the config
    DIVERGED = 4
    PARTLY = 5  # some runs of a compare or sweep failed
    UNMET = 6  # a stated condition was not met
    ENVIRONMENT = 7  # disk full, not writable, locked, out of memory


class Place(NamedTuple):
    """Where a value was written: file, line and column from 1, and its key path (`optimizer.lr`).

    >>> str(Place("a.yaml", 14, 5, "optimizer.lr")), str(Place("a.yaml"))
    ('a.yaml:14:5: optimizer.lr', 'a.yaml')
    """

    file: str
    line: int | None = None
    column: int | None = None
    key: str = ""

    def __str__(self) -> str:
        position = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return ": ".join(part for part in (position, self.key) if part)


class ZenError(Exception):
    """What was found and what was expected, where, and what to do about it.

    `also` holds further mistakes of the same file, so that all of them are reported at once.
    """

    def __init__(
        self, what: str, where: Place | None = None, hint: str | None = None, code: Exit = Exit.USAGE
    ) -> None:
        super().__init__(f"{where}: {what}" if where else what)
        self.what, self.where, self.hint, self.code = what, where, hint, code
        self.also: tuple[ZenError, ...] = ()

    def all(self) -> tuple[ZenError, ...]:
        """This error and the ones found beside it."""
        return (self, *self.also)


class Problems:
    """Collects mistakes so that a file is judged whole; `check` raises them together, sorted by line.

    >>> problems = Problems()
    >>> problems.add("unknown option", Place("a.yaml", 3, 1, "lrr"), "did you mean 'lr'?")
    >>> problems.check()
    Traceback (most recent call last):
    zen_cli.errors.ZenError: a.yaml:3:1: lrr: unknown option
    """

    def __init__(self) -> None:
        self.found: list[ZenError] = []
        self.notes: list[str] = []
        self.settled: set[Place] = set()

    def add(self, what: str, where: Place | None = None, hint: str | None = None) -> None:
        if where is None or where._replace(key="") not in self.settled:
            self.found.append(ZenError(what, where, hint))

    def note(self, text: str) -> None:
        """Keeps what is no mistake, but to be told."""
        if text not in self.notes:
            self.notes.append(text)

    def settle(self, where: Place) -> None:
        """All has been said about this place: what is added later only follows from it."""
        self.settled.add(where._replace(key=""))

    def take(self, error: ZenError) -> None:
        """Keeps an error that was raised elsewhere."""
        self.found.extend(error.all())

    def check(self) -> None:
        """Raises everything found as one error; does nothing if nothing was found."""
        if not self.found:
            return
        first, *rest = sorted(_distinct(self.found), key=_position)
        first.also = tuple(rest)
        raise first


def _position(error: ZenError) -> tuple[str, int, int]:
    where = error.where or Place("")
    return where.file, where.line or 0, where.column or 0


def _distinct(errors: Iterable[ZenError]) -> list[ZenError]:
    return list({(str(error), error.hint): error for error in errors}.values())
