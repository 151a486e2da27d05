"""idx files, the format of MNIST: two zero bytes, a type, the number of axes, their sizes, then the numbers.

Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", the section on file formats.
"""

from __future__ import annotations

import os
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.dataset import PIXEL, Dataset, Schema
from zen_cli.data.files import damaged, open_data
from zen_cli.data.labels import from_numbers
from zen_cli.data.request import Request
from zen_cli.errors import Exit, Place, ZenError

Array = NDArray[Any]
UINT8 = 8
EXPANSION = 1032  # deflate makes nothing smaller than this, so a small file cannot hold more


def read_idx(path: str, request: Request) -> Dataset:
    """Images with their labels: `path` is the file of images, or a folder of them.

    The labels lie beside the images under the name with `labels` for `images` and `idx1` for `idx3`. A folder holds
    `*train-images...` and may hold `*t10k-images...`, which then are the test rows. Images are uint8 of the shape
    (1, height, width).

    Raises:
        ZenError: a file is missing or damaged, or images and labels differ in number.
    """
    request.refuse_columns("an idx file")
    train, test = _members(path, request.place("source"))
    parts = [_pair(file, request.place("source")) for file in (train, test) if file]
    if len({part[0].shape[1:] for part in parts}) > 1:
        shapes = " and ".join(str(part[0].shape[1:]) for part in parts)
        raise damaged(f"training and test images differ in shape: {shapes}", path)
    images, numbers = (np.concatenate(arrays) if test else arrays[0] for arrays in zip(*parts, strict=True))
    classes: tuple[str, ...] | None = None
    if request.task == "numbers":
        targets: Array = numbers.astype(np.float64)[:, None]
    else:
        targets, classes = from_numbers(numbers, lambda row: Place(path, key=f"row {row + 1}"))
    schema = Schema("image", (), images.shape[1:], ("label",), classes, divisor=PIXEL)
    return Dataset(images, targets, schema, path, len(parts[1][0]) if test else 0)


def read_images(path: str, where: Place | None) -> Array:
    """The images of one file as uint8 (rows, 1, height, width)."""
    images = decode(_bytes(path, where), path)
    if images.ndim != 3:
        raise damaged(f"expected images with 3 axes, found {images.ndim}", path, "name the file of images")
    return images[:, None]


def decode(data: bytes, file: str) -> Array:
    """The array in an idx file, gzip or not, as uint8 without a copy.

    Raises:
        ZenError: not an idx file of bytes, or another size than its header says; nothing is allocated before.

    >>> decode(bytes([0, 0, 8, 1, 0, 0, 0, 2, 5, 7]), "labels").tolist()
    [5, 7]
    """
    stated = _Gzip(data, file) if data[:2] == b"\x1f\x8b" else None
    head = stated.start(4 + 4 * 255) if stated else data
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] != UINT8 or not head[3]:
        raise damaged("not an idx file of bytes", file, "expected 0x00 0x00 0x08 and the number of axes")
    begin = 4 + 4 * head[3]
    shape = tuple(int.from_bytes(head[at : at + 4], "big") for at in range(4, begin, 4))
    size = begin + prod(shape)
    if len(head) < begin or size > len(data) * (EXPANSION if stated else 1):
        raise damaged(f"the header states {size} bytes, the file cannot hold them", file)
    whole = stated.rest(size) if stated else data
    if len(whole) != size:
        raise damaged(f"the header states {size} bytes, found {len(whole)}{' or more' * bool(stated)}", file)
    return np.frombuffer(whole, np.uint8, offset=begin).reshape(shape)


class _Gzip:
    """Unpacks no more than it is asked for, whatever the file would grow to."""

    def __init__(self, data: bytes, file: str) -> None:
        import zlib

        self._failure = zlib.error
        self._unpacker, self._packed, self._file = zlib.decompressobj(31), data, file
        self._unpacked = b""

    def start(self, size: int) -> bytes:
        """The first bytes, up to `size`."""
        self._unpacked += self._unpack(size)
        return self._unpacked

    def rest(self, size: int) -> bytes:
        """All bytes, but at most one more than `size`."""
        if not self._unpacker.eof and size >= len(self._unpacked):
            self._unpacked += self._unpack(size + 1 - len(self._unpacked))
        if len(self._unpacked) == size and not self._unpacker.eof:
            raise damaged("the gzip file is cut off", self._file)
        return self._unpacked

    def _unpack(self, size: int) -> bytes:
        try:
            unpacked = self._unpacker.decompress(self._packed, size)
        except self._failure as error:
            raise damaged(f"the gzip file is damaged: {error}", self._file) from None
        self._packed = self._unpacker.unconsumed_tail
        return unpacked


def _pair(path: str, where: Place | None) -> tuple[Array, Array]:
    images = read_images(path, where)
    folder, name = os.path.split(path)
    beside = os.path.join(folder, name.replace("images", "labels").replace("idx3", "idx1"))
    if beside == path:
        hint = "expected a name like train-images-idx3-ubyte"
        raise ZenError(f"{path} is no file of images", where, hint, Exit.FILES)
    labels = decode(_bytes(beside, where), beside)
    if labels.ndim != 1:
        raise damaged(f"expected labels with 1 axis, found {labels.ndim}", beside)
    if len(images) != len(labels):
        raise damaged(f"{len(images)} images, but {len(labels)} labels in {os.path.basename(beside)}", path)
    if not len(images):
        raise damaged("no rows", path)
    return images, labels


def _members(path: str, where: Place | None) -> tuple[str, str | None]:
    """The files of training and test images that `path` stands for."""
    if not os.path.isdir(path):
        return path, None
    found: list[list[str]] = []
    for part in ("train-images", "t10k-images"):
        names = sorted(name for name in os.listdir(path) if part in name and "ubyte" in name)
        found.append([os.path.join(path, name) for name in names])
    train, test = found
    if not train:
        raise ZenError(f"{path} is a directory, not a file", where, "name a data file inside it", Exit.FILES)
    if len(train) > 1 or len(test) > 1:
        more = " and ".join(map(os.path.basename, train if len(train) > 1 else test))
        raise ZenError(f"{path} holds several: {more}", where, "name one of them", Exit.FILES)
    return train[0], test[0] if test else None


def _bytes(path: str, where: Place | None) -> bytes:
    with open_data(path, where) as stream:
        return stream.read()
