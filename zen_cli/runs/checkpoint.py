"""Checkpoints: safetensors files with a format version and a checksum, replaced as a whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Sequence
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from zen_cli.errors import Exit, Place, ZenError
from zen_cli.runs import safetensors
from zen_cli.runs.files import write_atomically
from zen_cli.runs.safetensors import Metadata, Tensors, damaged
from zen_cli.runs.upgrade import upgraded

FORMAT = 2  # raise it when older programs could not read what is written; keep reading the older ones

_FORMAT, _CHECKSUM = "zen_format", "checksum"
_MARK = b'"checksum":"%s"'  # quotes inside JSON text are escaped, so this stands in a header once
_BLANK = b"0" * 8
_FOREIGN = (
    (b"PK\x03\x04", "a zip archive (.pt, .keras and .npz are such)"),
    (b"\x80", "a pickle (.pt, .pkl, .joblib)"),
    (b"\x89HDF", "HDF5 (.h5)"),
    (b"\x93NUMPY", "an .npy array"),
    (b"GGUF", "GGUF"),
    (b"\x1f\x8b", "gzip"),
)


class Checkpoint(NamedTuple):
    """What a checkpoint file holds; `metadata` without the format version and the checksum."""

    path: Path
    tensors: Tensors
    metadata: Metadata


def save(path: Path, tensors: Tensors, metadata: Metadata, previous: Path | None = None) -> None:
    """Replaces `path`; on return it has reached the disk. The same content gives the same bytes.

    What was at `path` is kept at `previous`, if one is named.

    Raises:
        ZenError: exit 7 if it cannot be written; what was at `path` is still there.
    """
    marked = {**metadata, _FORMAT: str(FORMAT), _CHECKSUM: _BLANK.decode()}
    parts = safetensors.pieces(tensors, marked)
    parts[1] = bytes(parts[1]).replace(_MARK % _BLANK, _MARK % _checksum(parts))
    write_atomically(path, parts, sync=True, previous=previous)


def load(path: Path) -> Checkpoint:
    """Reads a checkpoint that `save` wrote, whole and unchanged.

    Raises:
        ZenError: exit 3: missing, damaged, another format, or written by a newer version; the hint names the
            sound checkpoints beside it.
    """
    try:
        return _load(path)
    except ZenError as error:
        error.hint = error.hint or _beside(path)
        raise


def _load(path: Path) -> Checkpoint:
    data = _read(path)
    name = str(path)
    tensors, metadata = safetensors.decode(data, name)
    version = _format(metadata, name)
    written = metadata.pop(_CHECKSUM, "").encode(errors="replace")
    end = safetensors.header_end(data, name)
    header = bytes(data[8:end])
    blank = header.replace(_MARK % written, _MARK % _BLANK)
    if header.count(_MARK % written) != 1 or _checksum([data[:8], blank, memoryview(data)[end:]]) != written:
        raise damaged(name, "the checksum does not fit the content")
    return Checkpoint(path, *upgraded(version, tensors, metadata))


def peek(path: Path) -> Metadata:
    """The metadata alone, read without the tensors and not held against the checksum.

    Raises:
        ZenError: exit 3, as `load`.
    """
    with _opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        start = file.read(16)
        _check_beginning(start, str(path), size)
        file.seek(0)
        return safetensors.header(file.read(safetensors.header_end(start, str(path))), str(path))[1]


def restamp(path: Path, config: str) -> None:
    """Says in a checkpoint, if a sound one is there, that it comes of this config: one that gives the same numbers.

    Raises:
        ZenError: exit 7 if it cannot be written; what was at `path` is still there.
    """
    if _sound(path):
        found = _load(path)
        save(path, found.tensors, {**found.metadata, "config": config})


def _format(metadata: Metadata, name: str) -> int:
    version = metadata.pop(_FORMAT, None)
    if version is None:
        hint = "this reads checkpoints that `zen train` wrote"
        raise ZenError("safetensors, but no zen checkpoint", Place(name), hint, Exit.FILES)
    if not (version.isascii() and version.isdigit() and len(version) < 6 and int(version) > 0):
        raise damaged(name, f"format version {version!r}")
    if int(version) > FORMAT:
        what = f"written in format {int(version)} by a newer version of zen; this one reads up to {FORMAT}"
        raise ZenError(what, Place(name), "upgrade: pip install --upgrade zen-train", Exit.FILES)
    return int(version)


def _checksum(parts: Sequence[bytes | bytearray | memoryview]) -> bytes:
    """CRC-32 of all parts in hexadecimal: every burst of up to 32 wrong bits changes it."""
    import zlib

    value = 0
    for part in parts:
        value = zlib.crc32(part, value)
    return b"%08x" % value


def _read(path: Path) -> bytearray:
    """The file's bytes, once its beginning makes sense: a lying header costs no memory."""
    with _opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        _check_beginning(file.read(16), str(path), size)
        file.seek(0)
        data, filled = bytearray(size), 0
        while filled < len(data) and (count := file.readinto(memoryview(data)[filled:])):
            filled += count
    if filled < len(data):
        raise damaged(str(path), f"{filled} of {len(data)} bytes can be read")
    return data


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[FileIO]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # to open a named pipe would wait for its other end
            raise ZenError("not a regular file", Place(str(path)), code=Exit.FILES)
        with open(path, "rb", buffering=0) as file:
            yield file
    except FileNotFoundError:
        raise ZenError("checkpoint not found", Place(str(path)), code=Exit.FILES) from None
    except OSError as error:
        raise ZenError(f"cannot read: {error.strerror}", Place(str(path)), code=Exit.FILES) from error


def _check_beginning(start: bytes, name: str, size: int) -> None:
    if not start:
        raise damaged(name, "the file is empty")
    for magic, kind in _FOREIGN:
        if start.startswith(magic) and start[8:9] != b"{":
            hint = "zen reads .safetensors files; convert it with the program that wrote it"
            raise ZenError(f"format not supported: this is {kind}", Place(name), hint, Exit.FILES)
    if start[8:9] not in (b"{", b""):
        hint = "zen reads .safetensors files that `zen train` wrote"
        raise ZenError("format not supported, or damaged: no safetensors header", Place(name), hint, Exit.FILES)
    end = safetensors.header_end(start, name)
    if end > size:
        raise damaged(name, f"the header should end at byte {end}, the file at {size}")


def _beside(path: Path) -> str:
    sound = [str(other) for other in sorted(path.parent.glob("*.safetensors")) if other != path and _sound(other)]
    return f"sound checkpoints there: {', '.join(sound)}" if sound else "no sound checkpoint is beside it"


def _sound(path: Path) -> bool:
    try:
        _load(path)
    except ZenError:
        return False
    return True
