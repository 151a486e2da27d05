"""The newest checkpoint of a run that is whole."""

from __future__ import annotations

import json
from pathlib import Path

from zen_cli.errors import Exit, Place, ZenError
from zen_cli.runs import metrics_file
from zen_cli.runs.checkpoint import Checkpoint, load, peek
from zen_cli.runs.directory import RunDirectory


def newest_checkpoint(directory: RunDirectory) -> tuple[Checkpoint, list[str]]:
    """The newest checkpoint that is whole, and warnings about the ones passed over.

    Raises:
        ZenError: exit 3, with one error for each damaged file, or if there is none.
    """
    failed: list[ZenError] = []
    for path in _newest_first(directory):
        try:
            found = load(path)
        except ZenError as error:
            failed.append(error)
            continue
        return found, [f"{error}; {_lost(directory, found)}" for error in failed]
    present = [error for error in failed if Path(error.where.file if error.where else "").exists()]
    if not present:
        hint = "it ended before its first checkpoint: `zen resume` begins it again"
        raise ZenError("this run has no checkpoint", Place(str(directory.path)), hint, Exit.FILES)
    first, *rest = present
    first.also = tuple(rest)
    raise first


def has_checkpoints(directory: RunDirectory) -> bool:
    """Whether any file of a checkpoint is there, whole or not."""
    return any(path.exists() for path in (directory.last, directory.previous, directory.best))


def _newest_first(directory: RunDirectory) -> list[Path]:
    """`last`, unless a process was killed between saving `best` and `last`; then those that were kept beside it."""
    kept = [path for path in (directory.previous, directory.best) if path.exists()]
    kept.sort(key=lambda path: steps_of(path) or 0, reverse=True)
    steps = steps_of(directory.last)
    newer = [path for path in kept if steps is not None and (steps_of(path) or 0) > steps]
    return [*newer, directory.last, *(path for path in kept if path not in newer)]


def steps_of(path: Path) -> int | None:
    """How many steps the training had taken, as the header says."""
    return _progress(path, "step")


def epoch_of(path: Path) -> int | None:
    """The number of the last epoch that had ended."""
    return _progress(path, "epoch")


def _progress(path: Path, name: str) -> int | None:
    try:
        return int(json.loads(peek(path)["progress"])[name])
    except (ZenError, KeyError, TypeError, ValueError):
        return None


def _lost(directory: RunDirectory, found: Checkpoint) -> str:
    """How far a checkpoint lies behind the epochs that were listed; both count from 1."""
    epoch = found.metadata.get("epoch", "")
    back = f"went back to {found.path.name}"
    if not (epoch.isascii() and epoch.isdigit() and len(epoch) < 10):
        return back
    lost = metrics_file.read(directory.metrics).epoch - int(epoch)
    count = "1 epoch is" if lost == 1 else f"{lost} epochs are"
    return f"{back} of epoch {int(epoch)}" + (f": {count} lost" if lost > 0 else "")
