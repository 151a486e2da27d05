"""Opening data files: what is not there, not a file or not of the expected format is said in words."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO

from zen_cli.errors import Exit, Place, ZenError

STDIN = "<stdin>"
KINDS = {stat.S_IFDIR: "a directory", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device"}
FORMATS = (
    (b"\x1f\x8b", "gzip"), (b"\x89PNG", "a PNG image"), (b"PAR1", "Parquet"), (b"\x93NUMPY", "a NumPy .npy file"),
    (b"PK\x03\x04", "a zip archive (.xlsx and .npz are such)"), (b"\xff\xd8\xff", "a JPEG image"), (b"%PDF", "a PDF"),
    (b"\x89HDF", "HDF5"), (b"SQLite format 3", "an SQLite database"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"), (b"ARROW1", "Arrow"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"),
    (b"\x00\x00\x08", "an idx file"), (b"<!DOCTYPE", "HTML"), (b"<html", "HTML"), (b"\x80\x04\x95", "a pickle"),
)  # fmt: skip


def open_data(path: str, where: Place | None) -> BinaryIO:
    """The file, open for reading bytes.

    Raises:
        ZenError: it does not exist, is a directory, pipe, socket or device, or cannot be read.
    """
    kind = kind_of(path, where)
    if kind != "file":
        hint = "pipe it in and write `source: -`" if kind == "a pipe" else "name a data file"
        raise ZenError(f"{path} is {kind}, not a file", where, hint, Exit.FILES)
    try:
        return open(path, "rb")
    except OSError as error:
        raise ZenError(f"cannot read {path}: {error.strerror}", where, code=Exit.FILES) from None


def kind_of(path: str, where: Place | None) -> str:
    """`file`, or in words what else is there; a ZenError if nothing is."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        raise ZenError(f"no such file: {path}", where, _near(path), Exit.FILES) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a valid file name"
        raise ZenError(f"cannot read {path}: {reason}", where, code=Exit.FILES) from None
    return "file" if stat.S_ISREG(mode) else KINDS.get(stat.S_IFMT(mode), "no regular file")


def standard_input(stdin: BinaryIO | None, where: Place | None) -> BinaryIO:
    """Standard input, if there is one that is no terminal."""
    if stdin is None or stdin.closed:
        raise ZenError("standard input is closed", where, "name a file, or pipe one in", Exit.FILES)
    if stdin.isatty():
        raise ZenError("standard input is a terminal", where, "name a file, or pipe one in", Exit.FILES)
    return stdin


def refuse_other_format(head: bytes, file: str) -> None:
    """Raises a ZenError if the first bytes of what should be a table are those of something else."""
    found = next((name for magic, name in FORMATS if head.startswith(magic)), None)
    if found is None and b"\0" in head:
        found = "UTF-16" if head[1::2].count(0) > len(head) // 4 or head[::2].count(0) > len(head) // 4 else "binary"
    if found is not None:
        hint = "save it as UTF-8" if found == "UTF-16" else "expected a table as text, with a header"
        raise ZenError(f"looks like {found}, not CSV", Place(file), hint, Exit.FILES)


def damaged(what: str, file: str, hint: str | None = None) -> ZenError:
    """The error for a data file that is not what it should be."""
    return ZenError(what, Place(file), hint, Exit.FILES)


def _near(path: str) -> str | None:
    """A file of nearly that name in the same folder, or a built-in problem."""
    from difflib import get_close_matches

    from zen_cli.data.builtin import datasets

    folder, name = os.path.split(path)
    files = sorted(os.listdir(folder or ".")) if os.path.isdir(folder or ".") else []
    close = get_close_matches(name, [*datasets, *files], n=1)
    if not close:
        return None
    return f"did you mean {close[0] if close[0] in datasets else os.path.join(folder, close[0])}"
