"""What Python itself sees a command do: which files it opens, what it imports and executes."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = frozenset(sys.stdlib_module_names) | {"zen_cli", "numpy", "yaml", "typer", "click", "rich", "pyarrow"}
PACKAGES |= {"pygments", "markdown_it", "mdurl", "shellingham", "_distutils_hack", "pandas", "markupsafe", "setuptools"}
CODE = (str(ROOT / "zen_cli"), sysconfig.get_path("stdlib"), *(path for path in sys.path if "site-packages" in path))
READABLE = (
    *CODE,
    sys.prefix,
    sys.base_prefix,
    "/proc/",
    "/sys/",
    "/dev/null",
    "/dev/urandom",
    "/usr/share/zoneinfo",
    "/etc/localtime",
)
GENERATED = ("<zen program>", "<string>", "<frozen", "<attrs", "<dataclass")  # programs; named tuples and dataclasses
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = {  # the argument that names what is changed
    "os.remove": 0, "os.rename": 1, "os.rmdir": 0, "os.mkdir": 0, "os.symlink": 1, "os.link": 1, "os.truncate": 0,
    "os.chmod": 0, "os.chown": 0, "os.utime": 0, "shutil.rmtree": 0, "shutil.move": 1, "shutil.copyfile": 1,
}  # fmt: skip
NEVER = (
    "subprocess.", "socket.", "os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.fork", "os.startfile", "pty.",
    "ctypes.", "pickle.", "shelve.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.", "code.", "sqlite3.",
)  # fmt: skip


class Watch:
    """The forbidden events since it was begun; `folder` is where files may be read and written."""

    def __init__(self) -> None:
        self.folder: str | None = None
        self.forbidden: list[tuple[str, str]] = []
        self.seen = 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.folder is None:
            return
        self.seen += 1
        if not self._allowed(event, arguments):
            self.forbidden.append((event, repr(arguments)[:300]))

    def _allowed(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event == "open":
            return self._may_open(*arguments[:3])
        if event in CHANGING:
            return self._inside(arguments[CHANGING[event]])
        if event == "import":
            return str(arguments[0]).partition(".")[0] in PACKAGES
        if event == "exec":
            return _own(arguments[0])
        return not event.startswith(NEVER)

    def _may_open(self, path: Any, mode: Any, flags: Any) -> bool:
        if self._inside(path):
            return True
        if isinstance(flags, int) and flags & WRITING:
            return os.fspath(path) == os.devnull
        return os.path.abspath(os.fsdecode(path)).startswith(READABLE)

    def _inside(self, path: Any) -> bool:
        if isinstance(path, int):  # a file that is open already
            return True
        whole = os.path.realpath(os.fsdecode(path))
        return whole == self.folder or whole.startswith(f"{self.folder}{os.sep}")


def _own(code: Any) -> bool:
    return isinstance(code, CodeType) and code.co_filename.startswith((*CODE, *GENERATED, sys.prefix, sys.base_prefix))


_WATCH = Watch()
_INSTALLED: list[Watch] = []


@contextmanager
def watched(folder: Path) -> Iterator[Watch]:
    """Watches what is done; a hook cannot be taken out again, so there is one, which sleeps in between."""
    if not _INSTALLED:
        sys.addaudithook(_WATCH)
        _INSTALLED.append(_WATCH)
    _WATCH.folder, _WATCH.forbidden, _WATCH.seen = os.path.realpath(folder), [], 0
    try:
        yield _WATCH
    finally:
        _WATCH.folder = None
