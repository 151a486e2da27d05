"""The .npy format of NumPy: a header that says type and shape, then the numbers.

Read by hand because `numpy.load` allocates what a header states before it looks whether the file holds it.
Source: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays".
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from math import prod
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.files import damaged, open_data
from zen_cli.data.stored import Piece, Stored
from zen_cli.errors import Place

MAGIC = b"\x93NUMPY"
LONGEST_HEADER = 10_000


class _Header(NamedTuple):
    dtype: np.dtype[Any]
    fortran: bool
    shape: tuple[int, ...]


def read_npy(stream: BinaryIO, size: int, file: str) -> NDArray[Any]:
    """The array of numbers in an .npy file of `size` bytes.

    Raises:
        ZenError: Python objects or other things than numbers, or another size than the header says.

    >>> import io
    >>> packed = io.BytesIO()
    >>> np.save(packed, np.array([[1.5, 2.0]]))
    >>> read_npy(io.BytesIO(packed.getvalue()), len(packed.getvalue()), "x.npy").tolist()
    [[1.5, 2.0]]
    """
    header = _numeric(stream, size, file)
    flat = np.frombuffer(stream.read(), header.dtype)
    return flat.reshape(header.shape, order="F" if header.fortran else "C")


def stored_npy(paths: Sequence[str], where: Place | None) -> Stored:
    """The rows of .npy files one after another, which stay on disk.

    Raises:
        ZenError: as `read_npy`; columns in place of rows (Fortran order); rows of different types or shapes.
    """
    pieces: list[Piece] = []
    kinds: dict[tuple[str, tuple[int, ...]], str] = {}
    for path in paths:
        with open_data(path, where) as stream:
            header = _numeric(stream, os.fstat(stream.fileno()).st_size, path)
            if not header.shape or header.fortran and len(header.shape) > 1:
                what = "the numbers lie column by column, so that rows cannot be read one by one"
                hint = "numpy.save(file, numpy.ascontiguousarray(x))"
                raise damaged(what if header.shape else "expected rows", path, hint)
            pieces.append(Piece(path, stream.tell(), header.shape[0]))
            kinds.setdefault((header.dtype.str, header.shape[1:]), path)
    if len(kinds) > 1:
        listed = ", ".join(f"{dtype} {shape} in {path}" for (dtype, shape), path in kinds.items())
        raise damaged(f"files of one array differ in the type or shape of rows: {listed}", paths[0])
    ((dtype, shape),) = kinds
    return Stored(pieces, dtype, shape)


def _numeric(stream: BinaryIO, size: int, file: str) -> _Header:
    """The header of an array of numbers that the file holds in full."""
    header = _header(stream, file)
    if header.dtype.hasobject:
        raise damaged("contains Python objects, which can run code when read; refused", file, "save numbers only")
    if header.dtype.kind not in "biuf":
        raise damaged(f"expected numbers, found {header.dtype}", file)
    stated, there = header.dtype.itemsize * prod(header.shape), size - stream.tell()
    if stated != there:
        raise damaged(f"the header states {stated} bytes of numbers, found {there}", file)
    return header


def _header(stream: BinaryIO, file: str) -> _Header:
    start = stream.read(8)
    if len(start) < 8 or not start.startswith(MAGIC) or start[6] not in (1, 2, 3):
        raise damaged("not an .npy file", file)
    length = int.from_bytes(stream.read(2 if start[6] == 1 else 4), "little")
    text = stream.read(length) if length <= LONGEST_HEADER else b""
    header = _parsed(text) if len(text) == length else None
    if header is None:
        raise damaged("the header of the .npy file is damaged", file)
    return header


def _parsed(text: bytes) -> _Header | None:
    from ast import literal_eval

    try:
        plain = literal_eval(text.decode("utf-8").strip())
        dtype, fortran, shape = np.dtype(plain["descr"]), plain["fortran_order"], plain["shape"]
    except (ValueError, SyntaxError, TypeError, KeyError, RecursionError, MemoryError):
        return None
    sizes = isinstance(shape, tuple) and all(type(size) is int and size >= 0 for size in shape)
    return _Header(dtype, fortran, shape) if sizes and isinstance(fortran, bool) else None
