"""A dataset as an entry of the cache, and back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zen_cli import __version__
from zen_cli.data.cache import FORMAT, Cache
from zen_cli.data.dataset import Dataset, Keys
from zen_cli.data.frame import Frame
from zen_cli.data.request import Request
from zen_cli.data.schema import from_plain, to_plain
from zen_cli.data.sink import writing
from zen_cli.data.stored import Piece, Stored
from zen_cli.errors import ZenError
from zen_cli.registry import options_of

Array = NDArray[Any]
NUMBERS, CODES = "numbers", "codes"
NOT_READ = ("source", "validation", "test", "split", "columns", "memory")


def key_of(cache: Cache, files: Mapping[str, Iterable[str]], request: Request) -> str:
    """The name of the entry: the content of the files, and all that decides what is read of it."""
    section = request.section
    stated = {option.name: getattr(section, option.name) for option in options_of(type(section))}
    contents = {option: [(_format(path), cache.content(path)) for path in paths] for option, paths in files.items()}
    asked = {name: value for name, value in stated.items() if name not in NOT_READ}
    columns = {name: column.to_dict() for name, column in request.columns.items()}
    whole = [FORMAT, __version__, contents, asked, columns, request.key_columns, request.task, request.dialect]
    return sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:40]


def keep(dataset: Dataset, cache: Cache, key: str, place: str) -> None:
    """Adds what is not yet in the folder, and makes an entry of it."""
    arrays: dict[str, Any] = {"targets": dataset.targets}
    arrays |= {f"key-{name}": array for name, array in dataset.keys._asdict().items()}
    described = {}
    for name, array in arrays.items():
        if array is not None:
            described[name] = [array.dtype.str, list(array.shape)]
            with writing(place):
                np.ascontiguousarray(array).tofile(os.path.join(place, name))
    frame = dataset.features
    for name in (NUMBERS, CODES):
        _settle(getattr(frame, name), os.path.join(place, name))
    meta = {
        "schema": to_plain(dataset.schema), "rows": dataset.rows, "own_test": dataset.own_test, "arrays": described,
        "own_validation": dataset.own_validation, "left_out": dataset.left_out, "notes": dataset.notes,
        "sha256": dataset.sha256, "widths": [frame.numbers.shape[1], frame.codes.shape[1]],
    }  # fmt: skip
    cache.keep(key, place, meta)


def restore(place: str, meta: Mapping[str, Any], origin: str) -> Dataset | None:
    """The dataset of an entry; None if it is not whole."""
    try:
        schema, rows = from_plain(meta["schema"]), meta["rows"]
        numbers, codes = (
            Stored([Piece(os.path.join(place, name), 0, rows)], dtype, (width,))
            for name, dtype, width in zip((NUMBERS, CODES), (np.float64, np.int32), meta["widths"], strict=True)
        )
        arrays = {name: _loaded(place, name, *found) for name, found in meta["arrays"].items()}
        keys = Keys(**{name: arrays.get(f"key-{name}") for name in Keys._fields})
        return Dataset(
            Frame(numbers, codes), arrays.get("targets"), schema, origin, meta["own_test"], meta["own_validation"],
            keys, tuple(meta["left_out"]), tuple(meta["notes"]), meta["sha256"],
        )  # fmt: skip
    except (OSError, KeyError, TypeError, ValueError, ZenError):
        return None


def _settle(array: Any, path: str) -> None:
    """What was gathered in memory, or under another name, as the file that an entry has."""
    with writing(path):
        if os.path.exists(f"{path}.converted"):
            os.replace(f"{path}.converted", path)
        elif not isinstance(array, Stored):
            np.ascontiguousarray(array).tofile(path)


def _loaded(place: str, name: str, dtype: str, shape: list[int]) -> Array:
    return np.fromfile(os.path.join(place, name), dtype).reshape(shape)


def _format(path: str) -> str:
    """What decides how a file is read."""
    return os.path.basename(path).partition(".")[2]
