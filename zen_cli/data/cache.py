"""Large tables as they were read, kept on disk by their content, so that they are read as text once.

An entry is a folder that is made aside and renamed, so that two processes cannot harm each other; what is deleted while
another reads it stays readable to that one.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, NamedTuple

from zen_cli.data.sink import writing
from zen_cli.errors import ZenError

FORMAT = 1  # raise it when the same file would be read differently, or kept differently
META = "meta.json"
YOUNG = 2_000_000_000  # nanoseconds in which a file may change again without another time
ABANDONED = 86_400  # seconds after which what is made aside is not finished any more
BLOCK = 1 << 20


class Aside:
    """A folder that is made when the first file in it is asked for."""

    def __init__(self, parent: str) -> None:
        self._parent, self.made = parent, ""

    def path(self, name: str = "") -> str:
        """Where a file of that name goes.

        Raises:
            ZenError: exit 7: the folder cannot be made.
        """
        if not self.made:
            with writing(self._parent):
                os.makedirs(self._parent, mode=0o700, exist_ok=True)
                self.made = tempfile.mkdtemp(prefix=".making-", dir=self._parent)
        return os.path.join(self.made, name)


class Cache(NamedTuple):
    """`folder` holds the entries, `limit` bytes of them at most; `say` tells a user what is done there."""

    folder: str
    limit: int
    say: Callable[[str], None] = lambda text: None

    def find(self, key: str) -> tuple[str, Any] | None:
        """The folder of an entry and what its META says; None if there is none that is whole."""
        place = os.path.join(self.folder, "tables", key)
        try:
            with open(os.path.join(place, META), encoding="utf-8") as file:
                meta = json.load(file)
            sizes = {name: os.path.getsize(os.path.join(place, name)) for name in meta["files"]}
            os.utime(place)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return (place, meta) if sizes == meta["files"] else None

    @contextmanager
    def aside(self) -> Iterator[Aside]:
        """A folder for the files of a new entry; gone afterwards unless it was kept."""
        place = Aside(os.path.join(self.folder, "tables"))
        try:
            yield place
        finally:
            if place.made:
                shutil.rmtree(place.made, ignore_errors=True)

    def keep(self, key: str, place: str, meta: dict[str, Any]) -> None:
        """Makes an entry of a folder that was made aside; the first of two processes does."""
        sizes = {name: os.path.getsize(os.path.join(place, name)) for name in os.listdir(place)}
        with writing(place), open(os.path.join(place, META), "w", encoding="utf-8") as file:
            json.dump({**meta, "files": sizes}, file)
        with contextlib.suppress(OSError):
            os.rename(place, os.path.join(self.folder, "tables", key))
        self._shrink(key)

    def free(self) -> int:
        """Bytes that are left on the disk."""
        place = self.folder
        while not os.path.isdir(place) and os.path.dirname(place) != place:
            place = os.path.dirname(place)
        return shutil.disk_usage(place).free

    def content(self, path: str) -> str:
        """The hash of a file's bytes; remembered as long as its time, size and place stay the same."""
        found = os.stat(path)
        state = [found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns]
        note = os.path.join(self.folder, "seen", sha256(os.path.abspath(path).encode()).hexdigest()[:32])
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError), open(note, encoding="utf-8") as file:
            seen = json.load(file)
            if seen["state"] == state:
                return str(seen["sha256"])
        digest = _sha256(path)
        if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) > YOUNG:
            self._note(note, {"state": state, "sha256": digest})
        return digest

    def _note(self, path: str, values: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=os.path.dirname(path), delete=False) as file:
                json.dump(values, file)
            os.replace(file.name, path)

    def _shrink(self, latest: str) -> None:
        """Deletes the entries that were not used for longest until the limit holds, and what nobody finished."""
        tables = os.path.join(self.folder, "tables")
        entries = []
        for name in os.listdir(tables):
            place = os.path.join(tables, name)
            with contextlib.suppress(OSError):
                used = os.stat(place).st_mtime
                if name.startswith("."):
                    if time.time() - used > ABANDONED:
                        shutil.rmtree(place, ignore_errors=True)
                elif name != latest:
                    entries.append((used, place, _size(place)))
        total = sum(size for _, _, size in entries) + _size(os.path.join(tables, latest))
        for _, place, size in sorted(entries):
            if total <= self.limit:
                break
            shutil.rmtree(place, ignore_errors=True)
            total -= size


def usable(cache: Cache) -> Cache | None:
    """The cache, if its folder can be written; says so if not."""
    try:
        with cache.aside() as place:
            place.path()
            return cache
    except ZenError as error:
        cache.say(f"no cache: {error.what}")
        return None


def _size(place: str) -> int:
    try:
        return sum(entry.stat().st_size for entry in os.scandir(place))
    except OSError:
        return 0


def _sha256(path: str) -> str:
    digest = sha256()
    with open(path, "rb", buffering=0) as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
