"""idx files: images with their labels, plain or packed, alone or in a folder."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data.helpers import read, refused
from zen_cli.data.dataset import Schema
from zen_cli.data.idx import decode
from zen_cli.errors import Exit

IMAGES = np.arange(24, dtype=np.uint8).reshape(4, 2, 3)
LABELS = np.array([1, 0, 2, 1], np.uint8)


def encode(array: Any) -> bytes:
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


def write(folder: Path, part: str = "train", images: Any = IMAGES, labels: Any = LABELS, packed: bool = False) -> Path:
    pack = gzip.compress if packed else bytes
    path = folder / f"{part}-images-idx3-ubyte{'.gz' if packed else ''}"
    path.write_bytes(pack(encode(images)))
    path.with_name(path.name.replace("images-idx3", "labels-idx1")).write_bytes(pack(encode(labels)))
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_images_stay_bytes_and_labels_become_classes(tmp_path: Path, packed: bool) -> None:
    data = read(write(tmp_path, packed=packed))
    assert data.features.dtype == np.uint8 and data.features.shape == (4, 1, 2, 3)
    np.testing.assert_array_equal(data.features[:, 0], IMAGES)
    assert data.targets is not None and data.targets.tolist() == [1, 0, 2, 1]
    assert data.schema == Schema("image", (), (1, 2, 3), ("label",), ("0", "1", "2"), divisor=255.0)
    assert read(tmp_path / data.origin, "numbers").targets.tolist() == [[1.0], [0.0], [2.0], [1.0]]


def test_a_folder_has_test_rows_of_its_own(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, "t10k", IMAGES[:1] + 100, LABELS[:1], packed=True)
    data = read(tmp_path)
    assert data.rows == 5 and data.own_test == 1 and data.features[-1, 0, 0, 0] == 100


BROKEN = [
    ("no magic", b"\x01" + encode(IMAGES)[1:], "not an idx file"),
    ("floats", b"\0\0\x0d" + encode(IMAGES)[3:], "not an idx file"),
    ("no axes", b"\0\0\x08\0", "not an idx file"),
    ("empty", b"", "not an idx file"),
    ("cut header", encode(IMAGES)[:9], "cannot hold"),
    ("cut", encode(IMAGES)[:-1], "the header states 40 bytes"),
    ("trailing", encode(IMAGES) + b"x", "found 41"),
    ("packed, cut", gzip.compress(encode(IMAGES))[:-9], "cut off|damaged|or more"),
    ("packed, changed", gzip.compress(encode(IMAGES))[:-8] + b"12345678", "damaged"),
    ("packed, trailing", gzip.compress(encode(IMAGES) + b"x"), "found 41 or more"),
    ("packed, too small", gzip.compress(encode(IMAGES)[:-1]), "states 40 bytes, found 39"),
    ("lying about 2**96", bytes([0, 0, 8, 3]) + b"\xff" * 12, "cannot hold"),
    ("packed and lying", gzip.compress(bytes([0, 0, 8, 3]) + b"\xff" * 12), "cannot hold"),
    ("a bomb", gzip.compress(encode(LABELS[:, None, None]) + bytes(10**8)), "or more"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_damaged_files(data: bytes, message: str) -> None:
    import re

    assert re.search(message, refused(lambda: decode(data, "f")).what)


def test_images_and_labels_must_fit(tmp_path: Path) -> None:
    path = write(tmp_path, labels=LABELS[:3])
    assert "4 images, but 3 labels" in refused(lambda: read(path)).what
    assert "expected images with 3 axes" in refused(lambda: read(tmp_path / "train-labels-idx1-ubyte")).what
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    assert "no such file" in refused(lambda: read(path)).what
    assert "has no columns" in refused(lambda: read(path, target="label"), Exit.USAGE).what


def test_folders_that_are_not_one_set(tmp_path: Path) -> None:
    assert "is a directory" in refused(lambda: read(tmp_path)).what
    write(tmp_path)
    write(tmp_path, "t10k", IMAGES[:, :1])
    assert "differ in shape" in refused(lambda: read(tmp_path)).what
    write(tmp_path, "other-train")
    assert "holds several" in refused(lambda: read(tmp_path)).what
