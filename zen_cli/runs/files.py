"""Writing files so that a crash, a full disk or a second process never leaves half of one behind."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from zen_cli.errors import Exit, Place, ZenError

TEMPORARY = ".tmp"

_HINTS = {
    errno.ENOSPC: "free some space, or write elsewhere with --out",
    errno.EDQUOT: "the disk quota is used up: free some space, or write elsewhere with --out",
    errno.EACCES: "make the folder writable (chmod u+w), or write elsewhere with --out",
    errno.EPERM: "make the folder writable (chmod u+w), or write elsewhere with --out",
    errno.EROFS: "the file system is read-only: write elsewhere with --out",
    errno.EIO: "the disk reports an error: what was saved before is still there",
    errno.ENOTDIR: "a part of this path is a file: remove it, or write elsewhere with --out",
    errno.ENAMETOOLONG: "choose a shorter name",
}
_NO_LINKS_HERE = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns the system's errors into one that names the file and says what to do (exit 7)."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        hint = _HINTS.get(error.errno or 0)
        raise ZenError(f"cannot write: {reason}", Place(str(path)), hint, Exit.ENVIRONMENT) from error


def write_atomically(
    path: Path, pieces: Iterable[bytes | memoryview], *, sync: bool = False, previous: Path | None = None
) -> None:
    """Replaces `path` by the pieces, or leaves it as it was.

    With `sync` the content and the folder's entry have reached the disk on return. What was at `path` is then at
    `previous`, if one is named.

    Raises:
        ZenError: exit 7, naming the file; the temporary file is gone.
    """
    temporary = path.with_name(f".{path.name}{TEMPORARY}")
    with writing(path):
        try:
            with open(temporary, "wb", buffering=0) as file:
                for piece in pieces:
                    write_all(file.fileno(), piece)
                if sync:
                    os.fsync(file.fileno())
            if previous is not None:
                _also(path, previous)
            os.replace(temporary, path)
            if sync:
                sync_folder(path.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise


def _also(path: Path, previous: Path) -> None:
    """Makes what is at `path`, if anything, be at `previous` too; where there are no links, there only."""
    temporary = previous.with_name(f".{previous.name}{TEMPORARY}")
    try:
        os.link(path, temporary)
        os.replace(temporary, previous)
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno not in _NO_LINKS_HERE:
            raise
        os.replace(path, previous)
    finally:  # it is still there where that failed, or where both were the same file, for then nothing is renamed
        temporary.unlink(missing_ok=True)


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Writes everything; a full disk may take a part first and report the error only at the next call."""
    written = os.write(descriptor, data)
    while written < len(data):
        written += os.write(descriptor, memoryview(data)[written:])


def sync_folder(folder: Path) -> None:
    """Makes a rename in this folder outlive a power cut; nothing to do where folders cannot be opened."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_temporary(folder: Path) -> None:
    """Removes what a killed process left; call it only while holding the folder's lock."""
    for stale in folder.glob(f".*{TEMPORARY}"):
        with contextlib.suppress(OSError):
            stale.unlink()
