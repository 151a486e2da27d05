"""NumPy's .npy and .npz files, read without pickle and without trusting the sizes that they state."""

from __future__ import annotations

import io
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.dataset import PIXEL, Dataset, Schema
from zen_cli.data.files import damaged, open_data
from zen_cli.data.labels import from_numbers
from zen_cli.data.npy import read_npy, stored_npy
from zen_cli.data.request import Request
from zen_cli.data.stored import ROWS as BLOCK_ROWS
from zen_cli.data.stored import Stored
from zen_cli.errors import Exit, Place, ZenError

Array = NDArray[Any]
NAMES = (("x", "y"), ("features", "targets"), ("x_train", "y_train"))
TEST = ("x_test", "y_test")
ZIP_ERRORS = (OSError, EOFError, RuntimeError, ValueError, OverflowError)  # what zipfile lets out
LARGE = 1 << 24  # bytes from which features stay on disk
BOMB_BYTES, BOMB_RATIO = 1 << 26, 100


def read_arrays(paths: list[str], request: Request) -> Dataset:
    """The dataset in an `.npz` file with arrays x and y (or features and targets, or x_train and y_train) and, if
    they are there, x_test and y_test as the test rows; or in `x.npy`, or several such files one after another, with
    the targets in the file or the files (`y-*.npy`) that `target` names beside it, else in `y.npy`.

    Features keep their shape; uint8 stays uint8 (pixels), all else becomes float64; large ones stay on disk. Whole
    targets (rows,) are labels unless the task says otherwise.

    Raises:
        ZenError: damaged, not of numbers, of different lengths, not finite.
    """
    path = paths[0]
    if path.endswith(".npz"):
        request.refuse_columns("an .npz file")
        if len(paths) > 1:
            raise ZenError("several .npz files cannot be joined", request.place("source"), "name one of them")
        arrays = _npz(path, request.place("source"))
    else:
        request.refuse_columns("an .npy file", target=False)
        arrays = _npy_pair(paths, request)
    features, targets, own_test = _joined(arrays, path)
    if not len(features):
        raise damaged("no rows", path)
    values, classes = _targets(targets, path, request)
    return Dataset(as_features(features, path), values, _schema(features, classes), path, own_test)


def as_features(array: Array, file: str) -> Array:
    """Numbers (rows, ...) as they are kept: uint8 as it is, else finite float64."""
    if array.ndim < 2:
        raise damaged(f"expected features with 2 axes or more, found {array.ndim}", file, "reshape to (rows, columns)")
    if array.dtype == np.uint8:
        return array
    if isinstance(array, Stored):
        for number, block in enumerate(array.blocks()):
            _refuse_broken(block, file, number)
        return array
    values = np.ascontiguousarray(array, np.float64)
    _refuse_broken(values, file)
    return values


def _refuse_broken(values: Array, file: str, block: int = 0) -> None:
    finite = np.isfinite(values)
    if not finite.all():
        place = np.argwhere(~finite)[0].tolist()
        what, row = f"expected finite numbers, found {values[tuple(place)]}", block * BLOCK_ROWS + place[0] + 1
        raise ZenError(what, Place(file, key=f"row {row}"), "remove such rows", Exit.FILES)


def _schema(features: Array, classes: tuple[str, ...] | None) -> Schema:
    flat, pixels = features.ndim == 2, features.dtype == np.uint8
    names = tuple(f"x{column}" for column in range(features.shape[1])) if flat else ()
    kind = "image" if pixels and not flat else "array"
    return Schema(kind, names, features.shape[1:], ("y",), classes, divisor=PIXEL if pixels else 1.0)


def _targets(targets: Array, path: str, request: Request) -> tuple[Array, tuple[str, ...] | None]:
    flat = targets.reshape(-1) if targets.ndim == 2 and targets.shape[1] == 1 else targets
    if flat.ndim == 1 and (request.task == "classes" or (request.task is None and flat.dtype.kind in "biu")):
        if flat.dtype.kind == "f":
            _refuse_broken(flat, path)
        return from_numbers(flat, lambda row: Place(path, key=f"target of row {row + 1}"))
    if request.task == "classes":
        raise damaged(f"expected labels (rows,) as targets, found the shape {targets.shape}", path)
    values = targets.astype(np.float64).reshape(len(targets), -1)
    _refuse_broken(values, path)
    return values, None


def _joined(arrays: tuple[Array, ...], path: str) -> tuple[Array, Array, int]:
    """Features and targets, the test rows at the end, and how many those are."""
    for features, targets in zip(arrays[::2], arrays[1::2], strict=True):
        if features.ndim == 0 or targets.ndim == 0 or len(features) != len(targets):
            counts = [array.shape[0] if array.ndim else "no" for array in (features, targets)]
            raise damaged(f"{counts[0]} rows of features, but {counts[1]} rows of targets", path)
    if len(arrays) == 2:
        return arrays[0], arrays[1], 0
    x, y, x_test, y_test = arrays
    if x.shape[1:] != x_test.shape[1:] or y.shape[1:] != y_test.shape[1:]:
        raise damaged(f"training and test rows differ in shape: {x.shape[1:]} and {x_test.shape[1:]}", path)
    return np.concatenate((x, x_test)), np.concatenate((y, y_test)), len(x_test)


def _npy_pair(paths: list[str], request: Request) -> tuple[Any, ...]:
    if len(request.targets) > 1:
        raise ZenError("expected one file of targets", request.place("target"), "name an .npy file, or a pattern")
    beside = os.path.join(os.path.dirname(paths[0]), request.targets[0] if request.targets else "y.npy")
    place = request.place("target" if request.targets else "source")
    targets = [_npy_file(path, place) for path in request.files(beside, "target")]
    features: Any
    if sum(map(os.path.getsize, paths)) >= LARGE:
        features = stored_npy(paths, request.place("source"))
    else:
        features = _one_after_another([_npy_file(path, request.place("source")) for path in paths], paths[0])
    return features, _one_after_another(targets, beside)


def _one_after_another(arrays: list[Array], file: str) -> Array:
    if len({array.shape[1:] for array in arrays}) > 1 or (len(arrays) > 1 and not arrays[0].ndim):
        raise damaged(f"rows of different shapes: {', '.join(str(array.shape) for array in arrays)}", file)
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def _npy_file(path: str, where: Place | None) -> Array:
    with open_data(path, where) as stream:
        return read_npy(stream, os.fstat(stream.fileno()).st_size, path)


def _npz(path: str, where: Place | None) -> tuple[Array, ...]:
    import struct
    import zipfile
    import zlib

    with open_data(path, where) as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
                pair = next((names for names in NAMES if set(names) <= set(members)), None)
                if pair is None:
                    names = ", ".join(members) or "none"
                    raise damaged(f"no arrays x and y, found {names}", path, "numpy.savez(file, x=..., y=...)")
                wanted = (*pair, *(TEST if set(TEST) <= set(members) else ()))
                return tuple(_member(archive, members[name], f"{path}[{name}]") for name in wanted)
        except (zipfile.BadZipFile, zlib.error, struct.error, *ZIP_ERRORS) as error:
            raise damaged(f"not an .npz file, or damaged: {error}", path) from None


def _member(archive: Any, info: Any, file: str) -> Array:
    """One array, refused by its stated size before it is unpacked."""
    if info.file_size > BOMB_BYTES and info.file_size > BOMB_RATIO * info.compress_size:
        what = f"{info.compress_size} bytes that grow to {info.file_size}, refused"
        raise damaged(what, file, "save it with numpy.savez, uncompressed")
    with archive.open(info) as stream:
        return read_npy(io.BytesIO(stream.read()), info.file_size, file)
