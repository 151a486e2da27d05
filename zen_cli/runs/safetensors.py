"""The safetensors layout: length of the header (8 bytes), a JSON header, then the arrays' bytes.

Files written here are readable by the `safetensors` package and the other way round. Reading is stricter than
the package: every size, offset, name and byte must be accounted for, and nothing is guessed.

Source: https://huggingface.co/docs/safetensors, "Format".
"""

from __future__ import annotations

import json
import math
from collections import Counter
from operator import itemgetter
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zen_cli.errors import Exit, Place, ZenError

Tensors: TypeAlias = dict[str, NDArray[Any]]
Metadata: TypeAlias = dict[str, str]

_DTYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "|u1", "BOOL": "|b1",
}
_NAMES = {np.dtype(code): name for name, code in _DTYPES.items()}
_METADATA = "__metadata__"
_LONGEST_HEADER = 100_000_000  # bytes; the package's own limit
_LENGTH = 8  # bytes before the header that hold its length; also what the header is padded to


def encode(tensors: Tensors, metadata: Metadata) -> bytes:
    """The file's bytes; the same content gives the same bytes.

    >>> decode(encode({"w": np.ones((2, 3))}, {"epoch": "1"}), "a.safetensors")[0]["w"].shape
    (2, 3)
    """
    return b"".join(pieces(tensors, metadata))


def pieces(tensors: Tensors, metadata: Metadata) -> list[bytes | memoryview]:
    """The file in parts, without a copy of arrays that already lie in memory as they are written.

    Wide types come first, so that every array starts at a multiple of its item size, then by name.

    Raises:
        ValueError: a reserved name or a dtype that the layout does not have.
    """
    header: dict[str, Any] = {_METADATA: dict(sorted(metadata.items()))} if metadata else {}
    body: list[bytes | memoryview] = []
    offset = 0
    for name, array in sorted(tensors.items(), key=lambda item: (-item[1].itemsize, item[0])):
        little = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
        if name == _METADATA or little.dtype not in _NAMES:
            raise ValueError(f"tensor {name!r} of {array.dtype} has no place in safetensors")
        end = offset + little.nbytes
        header[name] = {
            "dtype": _NAMES[little.dtype], "shape": list(array.shape), "data_offsets": [offset, end]
        }
        body.append(little.reshape(-1).view(np.uint8).data)
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _LENGTH)
    return [len(text).to_bytes(_LENGTH, "little"), text, *body]


def header_end(data: bytes | bytearray | memoryview, name: str) -> int:
    """Where the header ends; `data` needs no more than the first 8 bytes to tell."""
    length = int.from_bytes(data[:_LENGTH], "little")
    if len(data) < _LENGTH or length > _LONGEST_HEADER:
        raise damaged(name, "the header's length is missing or too large")
    return _LENGTH + length


def decode(data: bytes | bytearray | memoryview, name: str) -> tuple[Tensors, Metadata]:
    """The tensors, as views of `data`, and the metadata.

    Raises:
        ZenError: exit 3, `name` and the reason, for anything that is not exactly such a file.
    """
    entries, metadata = header(data, name)
    body = memoryview(data)[header_end(data, name) :]
    _account(entries, len(body), name)
    return {key: _array(key, entry, body, name) for key, entry in entries.items()}, metadata


def header(data: bytes | bytearray | memoryview, name: str) -> tuple[dict[str, Any], Metadata]:
    """What the header says of each tensor, unchecked, and the metadata; `data` needs no more than the header.

    Raises:
        ZenError: exit 3.
    """
    end = header_end(data, name)
    if end > len(data):
        raise damaged(name, f"the header should end at byte {end}, the file at {len(data)}")
    entries = _parsed(bytes(data[_LENGTH:end]), name)
    metadata = entries.pop(_METADATA, {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise damaged(name, "the metadata is not text by name")
    return entries, metadata


def damaged(name: str, reason: str, hint: str | None = None) -> ZenError:
    return ZenError(f"damaged: {reason}", Place(name), hint, Exit.FILES)


def _parsed(text: bytes, name: str) -> dict[str, Any]:
    try:
        header = json.loads(text.decode(), object_pairs_hook=_distinct, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise damaged(name, f"the header cannot be read: {error}") from None
    if not text.startswith(b"{") or not isinstance(header, dict):
        raise damaged(name, "the header does not start with {")
    return header


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) < len(pairs):
        twice = max(Counter(name for name, _ in pairs).items(), key=itemgetter(1))[0]
        raise ValueError(f"{twice!r} is there twice")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def _account(header: dict[str, Any], size: int, name: str) -> None:
    """Checks that the tensors lie end to end and fill the rest of the file."""
    spans = []
    for key, entry in header.items():
        if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
            raise damaged(name, f"tensor {key!r} needs dtype, shape and data_offsets, and nothing else")
        offsets = entry["data_offsets"]
        if not _counts(offsets) or len(offsets) != 2:
            raise damaged(name, f"tensor {key!r} has no valid data_offsets")
        spans.append((*offsets, key))
    position = 0
    for begin, end, key in sorted(spans):
        if begin != position or end < begin:
            raise damaged(name, f"tensor {key!r} should start at byte {position}, not {begin}")
        position = end
    if position != size:
        raise damaged(name, f"the tensors take {position} bytes, the file has {size} for them")


def _array(key: str, entry: dict[str, Any], body: memoryview, name: str) -> NDArray[Any]:
    kind, shape, (begin, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(kind, str) or kind not in _DTYPES:
        raise damaged(name, f"tensor {key!r} has the dtype {kind!r}; known are {', '.join(_DTYPES)}")
    if not _counts(shape):
        raise damaged(name, f"tensor {key!r} has no valid shape")
    dtype = np.dtype(_DTYPES[kind])
    if math.prod(shape) * dtype.itemsize != end - begin:
        raise damaged(name, f"tensor {key!r} of {kind} {shape} does not take {end - begin} bytes")
    try:
        array = np.frombuffer(body[begin:end], dtype).reshape(shape)
    except ValueError as error:  # more axes, or larger ones beside an empty one, than NumPy has
        raise damaged(name, f"tensor {key!r}: {error}") from None
    if kind == "BOOL" and array.view(np.uint8).max(initial=0) > 1:
        raise damaged(name, f"tensor {key!r} of BOOL holds more than 0 and 1")
    return array.astype(dtype.newbyteorder("="), copy=False)


def _counts(value: Any) -> bool:
    """Whether `value` is a list of whole numbers from 0 (JSON's true is none)."""
    return isinstance(value, list) and all(type(item) is int and 0 <= item < 2**63 for item in value)
