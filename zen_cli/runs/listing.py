"""What runs there are, read from the ends of their files: thousands in a second, whatever state they are in."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from zen_cli.runs.directory import LATEST, RunDirectory
from zen_cli.runs.lock import holder

TAIL = 1 << 13  # bytes from the end of `metrics.jsonl` in which the last event is looked for
SPLITS = ("train", "validation", "test")
RUNNING, KILLED, DAMAGED = "running", "killed", "damaged"


class Listed(NamedTuple):
    """A run: its receipt and its last event as far as they can be read, and how many bytes it takes."""

    path: str
    receipt: dict[str, Any]
    last: dict[str, Any]
    size: int

    @property
    def status(self) -> str:
        """As it ended; `running` while a process holds it, `killed` where none does any more."""
        told = self.receipt.get("status")
        if not isinstance(told, str):
            return DAMAGED
        return told if told != RUNNING or holder(Path(self.path)) else KILLED

    @property
    def name(self) -> str:
        return os.path.basename(os.path.dirname(os.path.abspath(self.path)))

    def as_dict(self) -> dict[str, Any]:
        """Plain values, the same keys for every run."""
        stamp = os.path.basename(self.path)
        splits = {split: _mapping(self.last.get(split)) for split in SPLITS}
        return {
            "run": self.path, "name": self.name, "status": self.status,
            "epochs": self.last.get("epochs", self.last.get("epoch")),
            "steps": self.last.get("steps", self.last.get("step")), "seconds": self.last.get("seconds"), **splits,
            "best": _mapping(self.last.get("best")) or _mapping(self.receipt.get("best")),
            "started": self.receipt.get("started"), "ended": self.receipt.get("ended"),
            "exit": self.receipt.get("exit"), "hash": stamp.split("-")[1] if "-" in stamp else None,
            "data_sha256": self.receipt.get("data_sha256"), "size": self.size,
        }  # fmt: skip


def listed(folder: str) -> Iterator[Listed]:
    """The run in the folder, or those up to two levels below it, by their names; not what begins with a dot."""
    if _is_run(folder):
        yield read(folder)
        return
    for one in _folders(folder):
        if _is_run(one):
            yield read(one)
        else:
            yield from (read(two) for two in _folders(one) if _is_run(two))


def read(path: str) -> Listed:
    """What is known of a run."""
    with os.scandir(path) as entries:
        size = sum(entry.stat(follow_symlinks=False).st_size for entry in entries)
    return Listed(path, _receipt(os.path.join(path, "run.json")), _last(os.path.join(path, "metrics.jsonl")), size)


def value(run: dict[str, Any], name: str) -> Any:
    """What `validation.loss`, `best.epoch` or `seconds` is of a run; the median where several seeds were trained.

    >>> value({"train": {"loss": [0.3, 0.1, 0.2]}, "size": 7}, "train.loss")
    0.2
    """
    found: Any = run
    for step in name.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    if isinstance(found, list):
        numbers = [each for each in found if isinstance(each, (int, float))]
        return statistics.median(numbers) if numbers else None
    return found


def _is_run(path: str) -> bool:
    return os.path.exists(os.path.join(path, "run.json")) or RunDirectory(Path(path)).exists


def _folders(path: str) -> list[str]:
    try:
        with os.scandir(path) as entries:
            return sorted(it.path for it in entries if it.is_dir() and it.name[0] != "." and it.name != LATEST)
    except OSError:
        return []


def _receipt(path: str) -> dict[str, Any]:
    try:
        with open(path, "rb") as file:
            return _parsed(file.read())
    except OSError:
        return {}


def _last(path: str) -> dict[str, Any]:
    """The last event that is whole: the end, or the latest epoch. Of many seeds it may be long."""
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            for start in (max(0, size - TAIL), 0) if size > TAIL else (0,):
                file.seek(start)
                events = map(_parsed, reversed(file.read().splitlines()))
                found = next((event for event in events if event.get("event") in ("end", "epoch")), {})
                if found:
                    return found
    except OSError:
        pass
    return {}


def _parsed(text: bytes) -> dict[str, Any]:
    """The object in the text, with None for what is no number; nothing where there is none."""
    try:
        return _mapping(json.loads(text, parse_constant=lambda constant: None))
    except (ValueError, RecursionError):
        return {}


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
