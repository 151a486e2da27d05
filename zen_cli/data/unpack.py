"""Compressed files as streams of bytes, unpacked as they are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

from zen_cli.data.files import damaged

SUFFIXES = (".gz", ".bz2", ".xz")


def plain_name(path: str) -> str:
    """The name without what says how it is packed.

    >>> plain_name("rows.csv.gz"), plain_name("rows.csv")
    ('rows.csv', 'rows.csv')
    """
    return next((path.removesuffix(suffix) for suffix in SUFFIXES if path.endswith(suffix)), path)


def unpacked(stream: BinaryIO, path: str) -> BinaryIO:
    """The content of a file, by its name; the stream itself where nothing is packed."""
    suffix = next((suffix for suffix in SUFFIXES if path.endswith(suffix)), None)
    if suffix is None:
        return stream
    opener, name, errors = _opener(suffix)
    return _Guarded(opener(stream), name, errors, path)  # type: ignore[return-value]


def _opener(suffix: str) -> tuple[Callable[[Any], Any], str, tuple[type[Exception], ...]]:
    """Opens it, what it is called, and what it raises if it is damaged."""
    if suffix == ".gz":
        import gzip
        import zlib

        return gzip.open, "gzip", (EOFError, OSError, zlib.error)
    if suffix == ".bz2":
        import bz2

        return bz2.open, "bzip2", (EOFError, OSError, ValueError)
    import lzma

    return lzma.open, "xz", (EOFError, OSError, lzma.LZMAError)


class _Guarded:
    """A stream that says which file is damaged."""

    def __init__(self, stream: Any, name: str, errors: tuple[type[Exception], ...], file: str) -> None:
        self._stream, self._name, self._errors, self._file = stream, name, errors, file

    def read1(self, size: int) -> bytes:
        try:
            found: bytes = self._stream.read(size)
        except self._errors as error:
            raise damaged(f"not a {self._name} file, or damaged: {error}", self._file) from None
        return found

    read = read1
