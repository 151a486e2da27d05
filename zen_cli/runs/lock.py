"""One writer a run directory: a lock that the system drops when its holder ends, however it ends."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from zen_cli.errors import Exit, Place, ZenError
from zen_cli.runs.files import writing

_NO_LOCKS_HERE = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock file `path`, which names the holder's process and host.

    The file stays when the lock is dropped: to remove it would let two processes hold different files. Where
    the system or the file system has no such locks, nothing is locked.

    Raises:
        ZenError: exit 7, naming the holder, if a live process holds it, or if the file cannot be written.
    """
    with writing(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _take(descriptor, path)
        with writing(path):
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()} {host_name()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def host_name() -> str:
    return os.uname().nodename if hasattr(os, "uname") else "this computer"


def holder(folder: Path) -> int | None:
    """The process that holds a run, as its lock file names it, if it lives; one on another host is believed to.

    Taking the lock to find out would keep a process that starts at this moment from having it.
    """
    try:
        process, _, host = (folder / ".lock").read_text("utf-8", errors="replace").strip().partition(" ")
        number = int(process)
        if host == host_name() and os.name == "posix":  # elsewhere this would end it
            os.kill(number, 0)
    except PermissionError:  # it lives, and belongs to somebody else
        return number
    except (OSError, ValueError):
        return None
    return number


def _take(descriptor: int, path: Path) -> None:
    try:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        process, _, host = os.read(descriptor, 300).decode(errors="replace").strip().partition(" ")
        holder = f"process {process} on {host}" if host else "another process"
        hint = "wait until it has ended, or stop it"
        raise ZenError(f"in use by {holder}", Place(str(path.parent)), hint, Exit.ENVIRONMENT) from None
    except ImportError:
        return
    except OSError as error:
        if error.errno not in _NO_LOCKS_HERE:
            raise
