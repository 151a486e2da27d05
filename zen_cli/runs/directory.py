"""The run directory: one new folder a run, `runs/<name>/<UTC time>-<6 hex>`, and the files in it."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from zen_cli.errors import Exit, Place, ZenError
from zen_cli.runs.files import remove_temporary, write_atomically, writing
from zen_cli.runs.lock import locked
from zen_cli.runs.strict_json import strict_json

LATEST = "latest"
_MOST_STARTS_A_SECOND = 10_000
_LONGEST_NAME = 100  # bytes; leaves room in the 255 of most file systems


class RunDirectory(NamedTuple):
    """A run's folder. `create` makes a new one; `RunDirectory(path)` stands for one that exists."""

    path: Path

    @classmethod
    def create(cls, root: Path, name: str, digest: str, now: datetime) -> RunDirectory:
        """Makes the folder of a new run and points `latest` at it.

        `digest` is the hexadecimal hash of config and data, `now` knows its time zone. Runs that start in the
        same second with the same digest get a counter: `20250131T120000Z-1a2b3c-0002`.

        Raises:
            ZenError: exit 7 if it cannot be made, exit 2 if `name` is no name of a folder.
        """
        _check_name(name)
        folder = root / name
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        stem = f"{_utc(now):%Y%m%dT%H%M%SZ}-{digest[:6]}"
        for count in range(1, _MOST_STARTS_A_SECOND):
            path = folder / (stem if count == 1 else f"{stem}-{count:04}")
            if _make(path):
                point_latest(folder, path.name)
                return cls(path)
        raise ZenError("too many runs in one second", Place(str(folder / stem)), code=Exit.ENVIRONMENT)

    @classmethod
    def create_at(cls, path: Path) -> RunDirectory:
        """Makes exactly this folder, and refuses one that exists: two runs never mix.

        Raises:
            ZenError: exit 7.
        """
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        if not _make(path):
            hint = "choose another name, or remove it"
            raise ZenError("already exists", Place(str(path)), hint, Exit.ENVIRONMENT)
        return cls(path)

    @property
    def config(self) -> Path:
        return self.path / "config.yaml"

    @property
    def resolved(self) -> Path:
        return self.path / "resolved.yaml"

    @property
    def receipt(self) -> Path:
        return self.path / "run.json"

    @property
    def metrics(self) -> Path:
        return self.path / "metrics.jsonl"

    @property
    def last(self) -> Path:
        return self.path / "last.safetensors"

    @property
    def previous(self) -> Path:
        """The checkpoint before `last`."""
        return self.path / "previous.safetensors"

    @property
    def best(self) -> Path:
        return self.path / "best.safetensors"

    @property
    def exists(self) -> bool:
        """Whether this is the folder of a run."""
        files = (self.receipt, self.resolved, self.config, self.last, self.best)
        return any(file.exists() for file in files)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Keeps every other process from writing here, and removes what a killed one left.

        Raises:
            ZenError: exit 7 if a live process holds it, or if the folder is read-only.
        """
        with locked(self.path / ".lock"):
            remove_temporary(self.path)
            yield

    def write_config(self, given: str, resolved: str) -> None:
        """Writes the config as the user gave it and with everything resolved."""
        write_atomically(self.config, [given.encode()])
        write_atomically(self.resolved, [resolved.encode()])

    def write_receipt(self, receipt: dict[str, Any]) -> None:
        write_atomically(self.receipt, [strict_json(receipt, indent=2).encode(), b"\n"])

    def read_receipt(self) -> dict[str, Any]:
        """The content of `run.json`.

        Raises:
            ZenError: exit 3 if it is missing or damaged.
        """
        try:
            receipt = json.loads(self.receipt.read_bytes())
            if not isinstance(receipt, dict):
                raise ValueError("no JSON object")
        except OSError as error:
            what = f"cannot read: {error.strerror}"
        except (ValueError, RecursionError) as error:
            what = f"damaged: {error}"
        else:
            return receipt
        raise ZenError(what, Place(str(self.receipt)), code=Exit.FILES)

    def finish(self, now: datetime, status: str, best: dict[str, Any], code: int) -> None:
        """Writes into `run.json` how the run ended and with which exit code."""
        ended = {"ended": utc_text(now), "status": status, "best": best, "exit": code}
        self.write_receipt({**self.read_receipt(), **ended})


def utc_text(moment: datetime) -> str:
    """`2025-01-31T12:00:00Z`, whatever the time zone of `moment`."""
    return f"{_utc(moment):%Y-%m-%dT%H:%M:%SZ}"


def point_latest(folder: Path, name: str) -> None:
    """Makes `folder/latest` lead to the run `name`: a relative link, or a text file where there are no links."""
    link = folder / LATEST
    temporary = folder / f".{LATEST}-{name}"
    with writing(link):
        try:
            temporary.symlink_to(name)
        except (OSError, NotImplementedError):
            write_atomically(link, [name.encode(), b"\n"])
        else:
            try:
                os.replace(temporary, link)
            except OSError:
                temporary.unlink()
                raise


def _make(path: Path) -> bool:
    """Makes the folder; False if it exists."""
    with writing(path):
        try:
            path.mkdir()
        except FileExistsError:
            return False
    return True


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC)


def _check_name(name: str) -> None:
    size = len(name.encode(errors="replace"))
    plain = name.isprintable() and not name.startswith(".") and "/" not in name and "\\" not in name
    if not plain or not 0 < size <= _LONGEST_NAME:
        hint = f"1 to {_LONGEST_NAME} bytes without / and \\, not beginning with a dot"
        raise ZenError(f"{name!r} is no name for a run", hint=hint)
