"""What `run.json` says about where a run came from."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from zen_cli import __version__
from zen_cli.resolved import resolved_text
from zen_cli.runs.directory import utc_text
from zen_cli.runs.lock import host_name

if TYPE_CHECKING:
    from zen_cli.training.training import Training

_MOST_PARENTS = 20


def receipt(training: Training, argv: Sequence[str], threads: int, started: datetime) -> dict[str, Any]:
    """The content of `run.json` at the start of a run; `RunDirectory.finish` adds the end."""
    around = surroundings(training)
    return {
        "versions": around.pop("versions"),
        "argv": list(argv),
        "host": {"name": host_name(), "system": sys.platform, "cores": os.cpu_count()},
        "threads": threads,
        "git_commit": git_commit(Path(training.experiment.config.base or ".")),
        **around,
        "seeds": list(training.seeds),
        "stacked": training.stacked,
        "until": training.until.exact if training.until else None,
        "started": utc_text(started),
        "ended": None,
        "status": "running",
        "best": {},
        "exit": None,
    }


def surroundings(training: Training) -> dict[str, Any]:
    """What the bits of a run depend on: versions, the processor, and hashes of config, data and program."""
    python = ".".join(map(str, sys.version_info[:3]))
    return {
        "versions": {"zen": __version__, "python": python, "numpy": np.__version__, "blas": _blas()},
        "processor": _processor(),
        "config_sha256": _sha256(resolved_text(training.experiment)),
        "data_sha256": training.experiment.dataset.sha256,
        "program_sha256": _sha256("".join(segment.step.program.source for segment in training.feed.segments)),
    }


def _sha256(text: str) -> str:
    from hashlib import sha256

    return sha256(text.encode()).hexdigest()


def _blas() -> str:
    """What multiplies matrices."""
    found = getattr(np.__config__, "CONFIG", {}).get("Build Dependencies", {}).get("blas", {})
    return f"{found.get('name')} {found.get('version')}"


def _processor() -> str | None:
    """Its name, where the system tells: products of matrices are rounded in another way by another one."""
    try:
        with open("/proc/cpuinfo", "rb") as file:
            start = file.read(1024).decode(errors="replace")
    except OSError:
        return None
    return next((line.partition(":")[2].strip() for line in start.splitlines() if line.startswith("model name")), None)


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
