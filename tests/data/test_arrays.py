"""NumPy files: what they are read as, and that nothing in them is run or trusted."""

from __future__ import annotations

import io
import os
import re
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data.helpers import CONFIG, read, refused
from zen_cli.config.sections import Data
from zen_cli.data import arrays
from zen_cli.data.dataset import Schema
from zen_cli.data.encoder import fit
from zen_cli.data.load import load
from zen_cli.data.npy import read_npy
from zen_cli.data.stored import Stored
from zen_cli.errors import Exit

X, Y = np.arange(6.0).reshape(3, 2), np.array([0, 1, 0])


def test_npz_with_labels_and_test_rows(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "a.npz", x=X.astype(np.float32), y=Y, x_test=X[:1], y_test=Y[:1])
    data = read(tmp_path / "a.npz")
    assert data.features.dtype == np.float64 and data.own_test == 1
    assert data.features.tolist() == [*X.tolist(), [0.0, 1.0]]
    assert data.schema == Schema("array", ("x0", "x1"), (2,), ("y",), ("0", "1"))


def test_names_numbers_and_layouts(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", features=np.asfortranarray(X), targets=Y * 0.5)
    data = read(tmp_path / "a.npz")
    assert data.features.tolist() == X.tolist()
    assert data.targets is not None and data.targets.tolist() == [[0], [0.5], [0]]
    np.savez(tmp_path / "b.npz", x=X, y=X)
    assert read(tmp_path / "b.npz").targets.tolist() == X.tolist()
    np.savez(tmp_path / "c.npz", x=X.astype(">i2"), y=Y[:, None])
    assert read(tmp_path / "c.npz", "numbers").targets.tolist() == [[0], [1], [0]]


def test_uint8_stays_until_it_is_scaled(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.full((3, 2, 2), 200, np.uint8), y=Y)
    data = read(tmp_path / "a.npz")
    assert data.features.dtype == np.uint8 and data.schema.kind == "image" and data.schema.divisor == 255.0


def test_npy_finds_its_targets(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", X)
    assert "y.npy" in refused(lambda: read(tmp_path / "x.npy")).what
    np.save(tmp_path / "y.npy", Y)
    np.save(tmp_path / "labels.npy", 1 - Y)
    assert read(tmp_path / "x.npy").targets.tolist() == [0, 1, 0]
    assert read(tmp_path / "x.npy", target="labels.npy").targets.tolist() == [1, 0, 1]


class Canary:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (Path.touch, (self.path,))


def test_python_objects_are_refused_and_not_run(tmp_path: Path) -> None:
    objects = np.array([Canary(tmp_path / "canary")] * 2, dtype=object)
    np.save(tmp_path / "x.npy", objects, allow_pickle=True)
    np.save(tmp_path / "y.npy", Y)
    np.savez(tmp_path / "a.npz", x=objects, y=Y)
    for name in ("x.npy", "a.npz"):
        assert "contains Python objects" in refused(lambda name=name: read(tmp_path / name)).what
    assert not (tmp_path / "canary").exists()


def npy(header: str, body: bytes = b"") -> bytes:
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + body


def described(descr: str = "<f8", shape: str = "(2,)") -> str:
    return f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}}}"


HEADERS = [
    ("D40 lying", npy(described(shape=f"({10**12},)"), bytes(32)), "states 8000000000000 bytes of numbers, found 32"),
    ("cut", npy(described(), bytes(15)), "states 16 bytes"),
    ("trailing", npy(described(), bytes(17)), "states 16 bytes"),
    ("negative", npy(described(shape="(-1,)"), bytes(8)), "damaged"),
    ("no shape", npy("{'descr': '<f8'}"), "damaged"),
    ("no mapping", npy("[1]"), "damaged"),
    ("code", npy("__import__('os').system('true')"), "damaged"),
    ("deep", npy("(" * 9000), "damaged"),
    ("header cut", npy(described())[:20], "damaged"),
    ("text", npy(described("<U2"), bytes(16)), "expected numbers"),
    ("complex", npy(described("<c16"), bytes(32)), "expected numbers"),
    ("dates", npy(described("<M8[s]"), bytes(16)), "expected numbers"),
    ("no such type", npy(described("<q9")), "damaged"),
    ("no magic", b"NUMPY" * 9, "not an .npy file"),
    ("empty", b"", "not an .npy file"),
]


@pytest.mark.parametrize(("data", "message"), [case[1:] for case in HEADERS], ids=[case[0] for case in HEADERS])
def test_damaged_npy(data: bytes, message: str) -> None:
    assert message in refused(lambda: read_npy(io.BytesIO(data), len(data), "x.npy")).what


ARRAYS: list[tuple[str, dict[str, Any], str | None, str]] = [
    ("D38 lengths", {"x": X, "y": Y[:2]}, None, "3 rows of features, but 2 rows of targets"),
    ("no rows", {"x": X[:0], "y": Y[:0]}, None, "no rows"),
    ("names", {"a": X, "b": Y}, None, "no arrays x and y, found a, b"),
    ("flat features", {"x": X[:, 0], "y": Y}, None, "expected features with 2 axes or more"),
    ("a number", {"x": np.array(1.0), "y": Y}, None, "no rows of features"),
    ("NaN", {"x": X * np.nan, "y": Y}, None, "expected finite numbers, found nan"),
    ("NaN target", {"x": X, "y": Y + np.inf}, None, "expected finite numbers"),
    ("NaN label", {"x": X, "y": Y * np.nan}, "classes", "expected finite numbers"),
    ("D33 negative", {"x": X, "y": np.array([0, -1, 1])}, None, "row 2: label -1 is negative"),
    ("D30 one class", {"x": X, "y": Y * 0}, None, "one class only"),
    ("wide labels", {"x": X, "y": X}, "classes", "expected labels"),
    ("test shape", {"x": X, "y": Y, "x_test": X[:, :1], "y_test": Y}, None, "differ in shape"),
]


@pytest.mark.parametrize(("arrays", "task", "message"), [case[1:] for case in ARRAYS], ids=[case[0] for case in ARRAYS])
def test_arrays_that_do_not_fit(tmp_path: Path, arrays: dict[str, Any], task: str | None, message: str) -> None:
    np.savez(tmp_path / "a.npz", **arrays)
    assert re.search(message, str(refused(lambda: read(tmp_path / "a.npz", task))))


def test_a_zip_bomb_is_refused_by_its_stated_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "BOMB_BYTES", 1 << 20)
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", npy(described(shape="(1000000, 1)"), bytes(8_000_000)))
        archive.writestr("y.npy", npy(described()))
    tracemalloc.start()
    try:
        assert "that grow to 80000" in refused(lambda: read(tmp_path / "a.npz")).what
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_damaged_archives(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "a.npz", x=X, y=Y)
    whole = (tmp_path / "a.npz").read_bytes()
    for at in range(0, len(whole), 7):
        (tmp_path / "b.npz").write_bytes(whole[:at])
        refused(lambda: read(tmp_path / "b.npz"))
    assert "has no columns" in refused(lambda: read(tmp_path / "a.npz", drop=["x0"]), Exit.USAGE).what
    assert os.path.getsize(tmp_path / "a.npz") == len(whole)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int16, np.uint8, ">f8"])
def test_large_files_stay_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dtype: Any) -> None:
    rows = np.arange(60).reshape(20, 3).astype(dtype)
    for i, part in enumerate(np.array_split(rows, 3)):
        np.save(tmp_path / f"x-{i}.npy", part)
        np.save(tmp_path / f"y-{i}.npy", np.arange(len(part)) % 2)
    options: Any = {"source": str(tmp_path / "x-*.npy"), "target": "y-*.npy"}
    memory = load(Data(**options), CONFIG)
    monkeypatch.setattr(arrays, "LARGE", 1)
    disk = load(Data(**options), CONFIG)
    assert isinstance(disk.features, Stored) and isinstance(memory.features, np.ndarray)
    for data in (memory, disk):
        encoder, _ = fit(data, np.arange(15), Data("x"))
        found = encoder.apply_to(data.features, np.array([0, 7, 19]), (3,), np.float32)
        wanted = fit(memory, np.arange(15), Data("x"))[0].apply(rows[[0, 7, 19]], np.float32)
        np.testing.assert_array_equal(found, wanted)
    assert disk.cells(7) == [21, 22, 23] and disk.labels is not None and len(disk.labels) == 20


def test_files_of_one_array_that_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.save(tmp_path / "x-0.npy", X)
    np.save(tmp_path / "x-1.npy", X[:, :1])
    np.save(tmp_path / "y.npy", Y)
    for large in (1, 1 << 30):
        monkeypatch.setattr(arrays, "LARGE", large)
        assert "shape" in refused(lambda: read(tmp_path / "x-*.npy")).what
    monkeypatch.setattr(arrays, "LARGE", 1)
    np.save(tmp_path / "x.npy", np.asfortranarray(X))
    assert "column by column" in refused(lambda: read(tmp_path / "x.npy")).what
    np.save(tmp_path / "x.npy", np.array([[1.0, np.nan]] * 3))
    assert "row 1" in str(refused(lambda: read(tmp_path / "x.npy")))
    np.save(tmp_path / "x.npy", np.array(1.0))
    assert "expected rows" in refused(lambda: read(tmp_path / "x.npy")).what
