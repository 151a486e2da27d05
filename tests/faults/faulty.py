"""A file system that fails: the k-th call that writes below a folder, or every one from it on."""

from __future__ import annotations

import builtins
import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

CALLS = ("write", "fsync", "replace", "link", "symlink", "mkdir", "ftruncate")


class Faults:
    """Counts the calls; from number `first` on they fail with `error`, only that one unless `lasting`."""

    def __init__(self, folder: Path, first: int, error: int, lasting: bool) -> None:
        self.folder, self.first, self.error, self.lasting = str(folder), first, error, lasting
        self.count = self.failed = 0
        self.files: list[str] = []

    def check(self, path: str) -> None:
        if not path.startswith(self.folder):
            return
        self.count += 1
        if self.count == self.first or (self.lasting and self.count > self.first):
            self.failed += 1
            self.files.append(path)
            raise OSError(self.error, os.strerror(self.error), path)


@contextlib.contextmanager
def failing(folder: Path, first: int, error: int, lasting: bool = False) -> Iterator[Faults]:
    faults = Faults(folder.absolute(), first, error, lasting)
    with contextlib.ExitStack() as stack:
        for name in CALLS:
            stack.enter_context(mock.patch.object(os, name, _checked(faults, getattr(os, name))))
        stack.enter_context(mock.patch.object(builtins, "open", _opened(faults, builtins.open)))
        yield faults


def _checked(faults: Faults, call: Callable[..., Any]) -> Callable[..., Any]:
    def checked(*arguments: Any, **options: Any) -> Any:
        where = arguments[1] if call.__name__ in ("link", "replace", "symlink") else arguments[0]
        faults.check(_path(where))
        return call(*arguments, **options)

    return checked


def _opened(faults: Faults, call: Callable[..., Any]) -> Callable[..., Any]:
    def opened(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if mode[0] in "wax":
            faults.check(_path(file))
        return call(file, mode, *arguments, **options)

    return opened


def _path(where: Any) -> str:
    if isinstance(where, int):
        with contextlib.suppress(OSError):
            return os.readlink(f"/proc/self/fd/{where}")
        return ""
    return os.path.abspath(os.fspath(where))
