"""What `run.json` says about where a run came from."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from zen_cli import __version__
from zen_cli.runs.directory import utc_text
from zen_cli.runs.lock import host_name

_MOST_PARENTS = 20


def receipt(
    *, argv: Sequence[str], threads: int, data_sha256: str, started: datetime, source: Path | None = None,
    seeds: Sequence[int] = (), stacked: bool = False, until: str | None = None,
) -> dict[str, Any]:
    """The content of `run.json` at the start of a run; `RunDirectory.finish` adds the end.

    `source` is the config's folder, whose git commit is noted.
    """
    return {
        "versions": {"zen": __version__, "python": ".".join(map(str, sys.version_info[:3])), "numpy": np.__version__},
        "argv": list(argv),
        "host": {"name": host_name(), "system": sys.platform, "cores": os.cpu_count()},
        "threads": threads,
        "git_commit": git_commit(source) if source else None,
        "data_sha256": data_sha256,
        "seeds": list(seeds),
        "stacked": stacked,
        "until": until,
        "started": utc_text(started),
        "ended": None,
        "status": "running",
        "best": {},
        "exit": None,
    }


def git_commit(folder: Path) -> str | None:
    """The commit that is checked out around `folder`, read from git's files; None if there is none."""
    try:
        for parent in [folder.absolute(), *folder.absolute().parents][:_MOST_PARENTS]:
            if (parent / ".git").exists():
                return _head(_git_folder(parent / ".git"))
    except (OSError, ValueError):
        pass
    return None


def _git_folder(path: Path) -> Path:
    """A worktree's `.git` is a file that says where its folder is."""
    if path.is_dir():
        return path
    return path.parent / path.read_text("utf-8").removeprefix("gitdir:").strip()


def _head(git: Path) -> str | None:
    head = (git / "HEAD").read_text("utf-8").strip()
    if not head.startswith("ref:"):
        return _commit(head)
    name = head.removeprefix("ref:").strip()
    if (git / "commondir").exists():
        git = git / (git / "commondir").read_text("utf-8").strip()
    if (git / name).exists():
        return _commit((git / name).read_text("utf-8").strip())
    packed = (git / "packed-refs").read_text("utf-8").splitlines()
    return next((_commit(line.split()[0]) for line in packed if line.endswith(f" {name}")), None)


def _commit(text: str) -> str | None:
    """The text if it is a hash: 40 or 64 hexadecimal digits."""
    return text if len(text) in (40, 64) and set(text) <= set("0123456789abcdef") else None
