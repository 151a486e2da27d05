"""Finding a run by what the user typed: its directory, `runs/NAME` for the latest one, or a model file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from zen_cli.errors import Exit, Place, ZenError
from zen_cli.runs.directory import LATEST, RunDirectory
from zen_cli.suggest import did_you_mean

_MOST_LISTED = 10


class Opened(NamedTuple):
    """A run, the model file if one was named, and what the user should be told."""

    directory: RunDirectory
    checkpoint: Path | None = None
    warnings: tuple[str, ...] = ()


def open_run(path: Path) -> Opened:
    """The run that `path` stands for.

    Raises:
        ZenError: exit 3, with what exists there.
    """
    if path.name == LATEST and (path.is_symlink() or not path.is_dir()):
        return _latest(path.parent)
    if path.is_file():
        return Opened(RunDirectory(path.parent), path)
    if RunDirectory(path).exists:
        return Opened(RunDirectory(path))
    if path.is_dir():
        return _latest(path)
    if RunDirectory(path.parent).exists:
        raise ZenError("checkpoint not found", Place(str(path)), _checkpoints(path.parent), Exit.FILES)
    raise ZenError("no such run", Place(str(path)), _near(path), Exit.FILES)


def runs_in(folder: Path) -> list[RunDirectory]:
    """The runs of one name, oldest first; empty if there is no such folder."""
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    found = (RunDirectory(entry) for entry in entries if entry.name != LATEST and entry.is_dir())
    return [run for run in found if run.exists]


def _latest(folder: Path) -> Opened:
    """Where `folder/latest` leads; the newest run with a sound checkpoint if it leads to nothing."""
    name = _target(folder / LATEST)
    if name and RunDirectory(folder / name).exists:
        return Opened(RunDirectory(folder / name))
    runs = runs_in(folder)
    if not runs:
        raise ZenError("no run in this folder", Place(str(folder)), _near(folder / "*"), Exit.FILES)
    chosen = next((run for run in reversed(runs) if _sound(run)), runs[-1])
    return Opened(chosen, None, (f"{folder / LATEST} leads to no run: {chosen.path} is used",))


def _target(link: Path) -> str:
    try:
        return os.readlink(link) if link.is_symlink() else link.read_text("utf-8").strip("\r\n")
    except (OSError, ValueError):
        return ""


def _sound(run: RunDirectory) -> bool:
    from zen_cli.runs.newest import newest_checkpoint  # not at the top: who only looks for a run needs no NumPy

    try:
        newest_checkpoint(run)
    except ZenError:
        return False
    return True


def _checkpoints(folder: Path) -> str:
    names = sorted(str(path) for path in folder.glob("*.safetensors"))
    return f"checkpoints there: {', '.join(names)}" if names else "this run has none"


def _near(path: Path) -> str | None:
    """What exists beside a path that does not; `runs/NAME` if only NAME was given."""
    if path.name and (Path("runs") / path).is_dir():
        return f"did you mean {Path('runs') / path}?"
    folder = path.parent
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []
    if not names:
        return f"there is no run in {folder}"
    listed = ", ".join(names[:_MOST_LISTED]) + (", ..." if len(names) > _MOST_LISTED else "")
    return f"{folder} has {listed}{did_you_mean(path.name, names)}"
