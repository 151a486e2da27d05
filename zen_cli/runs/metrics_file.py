"""`metrics.jsonl`: one line an event, read back and cut when a run goes on from a checkpoint."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from zen_cli.errors import Exit, Place, ZenError
from zen_cli.runs.files import write_all, write_atomically, writing
from zen_cli.runs.strict_json import strict_json
from zen_cli.training.events import Event, Start, as_json

UNLISTED = "unlisted"  # metadata of a checkpoint: an epoch's event that could not be written here


class MetricsFile:
    """Appends events; each line has left this process when `append` returns, so that `tail -f` sees it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with writing(path):
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
            self._started = os.fstat(self._descriptor).st_size > 0

    def append(self, event: Event) -> None:
        """Writes the event; a run that goes on keeps the start that it has.

        Raises:
            ZenError: exit 7.
        """
        if self._started and isinstance(event, Start):
            return
        with writing(self.path):
            write_all(self._descriptor, _line(event))

    def sync(self) -> None:
        """Has all lines reach the disk.

        Raises:
            ZenError: exit 7.
        """
        with writing(self.path):
            os.fsync(self._descriptor)

    def close(self) -> None:
        os.close(self._descriptor)


class History(NamedTuple):
    """The lines of the file as they stand there, what each says, and what was wrong with it."""

    lines: list[bytes]
    events: list[dict[str, Any]]
    warnings: list[str]

    @property
    def epoch(self) -> int:
        """The last epoch that is there, 0 if there is none."""
        return max((_epoch(event) for event in self.events), default=0)


def read(path: Path) -> History:
    """All whole lines; a half last line and damaged ones are left out, with a warning each.

    Raises:
        ZenError: exit 3 if the file is there and cannot be read.
    """
    history = History([], [], [])
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        history.warnings.append(f"{path} is missing: earlier epochs are not listed")
        return history
    except OSError as error:
        raise ZenError(f"cannot read: {error.strerror}", Place(str(path)), code=Exit.FILES) from error
    for number, line in enumerate(lines, 1):
        event = _parse(line)
        if event is None:
            half = number == len(lines) and not line.endswith(b"\n")
            history.warnings.append(f"{path}:{number}: {'half a' if half else 'a damaged'} line was left out")
        else:
            history.lines.append(line)
            history.events.append(event)
    return history


class Rewound(NamedTuple):
    """How long the training had taken by the last epoch that is left, and what was wrong with the file."""

    seconds: float
    warnings: list[str]


def rewind(path: Path, epoch: int, start: Start, unlisted: str = "") -> Rewound:
    """Cuts the file back to what was known after `epoch`, so that each later epoch comes once; `start` comes first.

    `unlisted` is an event that the file lacks.

    Raises:
        ZenError: exit 3 if it cannot be read, exit 7 if it cannot be written.
    """
    history = read(path)
    kept = [_line(start)]
    seen: dict[int, float] = {}
    known = list(zip(history.lines, history.events, strict=True))
    if (late := f"{unlisted}\n".encode()) and (event := _parse(late)):
        known.append((late, event))
    for line, event in known:
        number = _epoch(event)
        if 0 < number <= epoch and number not in seen:
            kept.append(line)
            seen[number] = _seconds(event)
    if history.events and len(seen) < epoch:
        history.warnings.append(f"{path}: {epoch - len(seen)} of {epoch} epochs are missing")
    write_atomically(path, kept)
    return Rewound(seen.get(epoch, 0.0), history.warnings)


def _seconds(event: dict[str, Any]) -> float:
    value = event.get("seconds")
    return value if isinstance(value, float) and value >= 0 else 0.0


def _line(event: Event) -> bytes:
    return f"{strict_json(as_json(event))}\n".encode()


def _epoch(event: dict[str, Any]) -> int:
    """The number of an epoch event, 0 for others."""
    return int(event["epoch"]) if event["event"] == "epoch" else 0


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    known = isinstance(event, dict) and isinstance(event.get("event"), str) and line.endswith(b"\n")
    return event if known and (event["event"] != "epoch" or type(event.get("epoch")) is int) else None
