"""Where a config text comes from: a file or standard input, read with a bound and decoded."""

from __future__ import annotations

import os
from typing import BinaryIO

from zen_cli.errors import Place, ZenError

MAX_BYTES = 1 << 20
STDIN = "<stdin>"


def read(path: str, stdin: BinaryIO | None = None) -> tuple[str, str]:
    """The text of a config and the name that messages call it by; `-` is standard input.

    Never reads more than one byte above the limit of 1 MiB, whatever the file is.

    Raises:
        ZenError: there is no such file, it is a directory, cannot be read, is too large or is not UTF-8.
    """
    if path == "-":
        return decode(_from_stdin(stdin), STDIN), STDIN
    try:
        with open(path, "rb", buffering=0) as file:
            return decode(_bounded(file), path), path
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None


def decode(data: bytes, file: str) -> str:
    """The text in `data`, which must be UTF-8 and at most 1 MiB; a byte order mark and the line ends stay."""
    if len(data) > MAX_BYTES:
        raise ZenError("config is larger than 1 MiB", Place(file), "name a data file in data.source")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ZenError("looks like UTF-16, expected UTF-8", Place(file, 1, 1), "save the file as UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        what = f"byte 0x{data[error.start]:02x} is not UTF-8 text"
        raise ZenError(what, place_after(before, file), "save the file as UTF-8") from None


def place_after(before: str, file: str) -> Place:
    """The place of the character that follows the text `before`.

    >>> str(place_after("a: 1\\r\\nb: ", "x.yaml"))
    'x.yaml:2:4'
    """
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Place(file, len(lines), len(lines[-1]) + 1)


def _from_stdin(stdin: BinaryIO | None) -> bytes:
    hint = "pipe a file in: zen train - < config.yaml"
    if stdin is None or stdin.closed:
        raise ZenError("standard input is closed", Place(STDIN), hint)
    if stdin.isatty():
        raise ZenError("standard input is a terminal", Place(STDIN), hint)
    return _bounded(stdin)


def _bounded(stream: BinaryIO) -> bytes:
    """At most one byte more than the limit; a pipe may hand out its bytes in pieces."""
    data = b""
    while len(data) <= MAX_BYTES and (piece := stream.read(MAX_BYTES + 1 - len(data))):
        data += piece
    return data


def _unreadable(path: str, error: OSError | ValueError) -> ZenError:
    where = Place(path)
    if isinstance(error, FileNotFoundError):
        return ZenError("no such file", where, _suggestion(path))
    if isinstance(error, IsADirectoryError):
        return ZenError("is a directory", where, _inside(path))
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a valid file name"
    return ZenError(f"cannot be read: {reason[0].lower()}{reason[1:]}", where)


def _configs(folder: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder or ".") if name.endswith((".yaml", ".yml")))
    except OSError:
        return []


def _suggestion(path: str) -> str | None:
    from difflib import get_close_matches

    folder, name = os.path.split(path)
    for place in dict.fromkeys((folder, os.path.join(folder, "configs"), "configs")):
        stems = {os.path.splitext(found)[0]: found for found in _configs(place)}
        stem = os.path.splitext(name)[0]
        close = [stem] if stem in stems else get_close_matches(stem, stems, n=1)
        if close:
            return f"did you mean {os.path.join(place, stems[close[0]])}"
    return None


def _inside(path: str) -> str:
    names = ", ".join(os.path.join(path, name) for name in _configs(path)[:3])
    return "name a .yaml file inside it" + (f": {names}" if names else "")
