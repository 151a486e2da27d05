"""Whatever writes below a folder, call by call: to count it, to have it fail, to be killed at it."""

from __future__ import annotations

import builtins
import contextlib
import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

CALLS = ("write", "fsync", "replace", "link", "symlink", "mkdir", "ftruncate")
TARGET_SECOND = ("link", "replace", "symlink")
Act = Callable[[str], None]


class Faults:
    """Call number `first` fails with `error`; also all later ones if `lasting`."""

    def __init__(self, first: int, error: int, lasting: bool) -> None:
        self.first, self.error, self.lasting = first, error, lasting
        self.count = self.failed = 0
        self.files: list[str] = []

    def __call__(self, path: str) -> None:
        self.count += 1
        if self.count == self.first or (self.lasting and self.count > self.first):
            self.failed += 1
            self.files.append(path)
            raise OSError(self.error, os.strerror(self.error), path)


@contextlib.contextmanager
def failing(folder: Path, first: int, error: int, lasting: bool = False) -> Iterator[Faults]:
    faults = Faults(first, error, lasting)
    with watched(folder, faults):
        yield faults


@contextlib.contextmanager
def watched(folder: Path, act: Act) -> Iterator[None]:
    """Has `act` called with the path before each call that writes below the folder."""
    root = str(folder.absolute())

    def below(where: Any) -> None:
        path = _path(where)
        if path.startswith(root):
            act(path)

    with contextlib.ExitStack() as stack:
        for name in CALLS:
            stack.enter_context(mock.patch.object(os, name, _before(below, getattr(os, name))))
        stack.enter_context(mock.patch.object(builtins, "open", _opened(below, builtins.open)))
        yield


def _before(below: Callable[[Any], None], call: Callable[..., Any]) -> Callable[..., Any]:
    def calling(*arguments: Any, **options: Any) -> Any:
        below(arguments[call.__name__ in TARGET_SECOND])
        return call(*arguments, **options)

    return calling


def _opened(below: Callable[[Any], None], call: Callable[..., Any]) -> Callable[..., Any]:
    def opened(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if mode[0] in "wax":
            below(file)
        return call(file, mode, *arguments, **options)

    return opened


def _path(where: Any) -> str:
    if isinstance(where, int):
        with contextlib.suppress(OSError):
            return os.readlink(f"/proc/self/fd/{where}")
        return ""
    return os.path.abspath(os.fspath(where))


@contextlib.contextmanager
def tearing(folder: Path, number: int, act: Callable[[], None]) -> Iterator[None]:
    """Has `act` called in the middle of that write below the folder: half of it is there."""
    root, write, numbers = str(folder.absolute()), os.write, count(1)

    def torn(descriptor: int, data: Any) -> int:
        if _path(descriptor).startswith(root) and next(numbers) == number:
            write(descriptor, data[: len(data) // 2])
            act()
        return write(descriptor, data)

    with mock.patch.object(os, "write", torn):
        yield
