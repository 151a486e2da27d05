"""Removing runs: those that are named, whole, and never one that is being written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from zen_cli.errors import Exit, Place, ZenError
from zen_cli.runs.directory import LATEST, RunDirectory, point_latest
from zen_cli.runs.files import writing
from zen_cli.runs.opening import open_run, runs_in

GONE = ".removed-"


def to_remove(named: Sequence[str]) -> list[Path]:
    """The run directories that these stand for, each once.

    Raises:
        ZenError: one is no run (exit 3), or stands for several (exit 2).
    """
    return list(dict.fromkeys(_one(text) for text in named))


def _one(text: str) -> Path:
    path = Path(text)
    if path.is_file() and path.name != LATEST:
        raise ZenError("is a file, expected a run", Place(text), "name its folder", Exit.FILES)
    several = runs_in(path) if path.name != LATEST and not RunDirectory(path).exists else []
    if len(several) > 1:
        hint = f"name one of them, such as {several[0].path}"
        raise ZenError(f"has {len(several)} runs", Place(text), hint)
    return several[0].path if several else open_run(path).directory.path


def remove(path: Path) -> None:
    """Removes a run: at one moment it is there, at the next it is not; `latest` then leads to the newest that is left.

    Raises:
        ZenError: exit 7 if a live process holds it, or if it cannot be removed.
    """
    gone = path.with_name(GONE + path.name)
    with RunDirectory(path).lock(), writing(path):
        os.rename(path, gone)
    with writing(gone):
        shutil.rmtree(gone)
        _tidy(path.parent)


def _tidy(folder: Path) -> None:
    """Keeps `latest` right; a folder without runs goes too."""
    left = runs_in(folder)
    if left:
        if not (folder / LATEST).exists():
            point_latest(folder, left[-1].path.name)
    elif {entry.name for entry in folder.iterdir()} <= {LATEST}:
        (folder / LATEST).unlink(missing_ok=True)
        folder.rmdir()
