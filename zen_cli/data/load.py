"""The dataset that the section `data` of a config asks for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from zen_cli.data.builtin import Problem, datasets
from zen_cli.data.dataset import Dataset, Schema
from zen_cli.data.request import Request, Task
from zen_cli.data.room import ANY, Room
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.config.sections import Data

LARGE = 1 << 24  # bytes of text from which a table is kept in the cache
GROWTH = 4  # bytes of memory for a byte of CSV: 8 for a number of about 5 characters, twice while chunks are joined


def load(
    section: Data, where: Place | None = None, *, task: Task = None, stdin: BinaryIO | None = None,
    places: Mapping[str, Place] | None = None, room: Room = ANY,
) -> Dataset:  # fmt: skip
    """Reads all rows of `section.source`: a built-in problem, `-` (`stdin`), or files below `section.base`.

    Files are told apart by name: `.npy`, `.npz`, `...-ubyte` with or without `.gz` (idx), a folder (of idx files or
    pictures), everything else is a table, see `open_table`. A built-in goes before a file of that name (write `./xor`
    for it).

    Args:
        section: `config.sections.Data`.
        where: place of the section or its source, for what is wrong with the config rather than with a file.
        task: `classes` (a loss on labels), `numbers` (a loss on numbers) or None: text becomes classes and numbers
            stay numbers; labels of idx files, arrays and built-ins, which are whole, become classes.
        stdin: standard input, as bytes.
        places: places of single options by name (`target`), where they are known.
        room: memory and disk that may be used; a file that may need more is refused before it is read.

    Raises:
        ZenError: an unknown name or option (exit 2), data that is missing, damaged or unfit (exit 3), too large (7).
    """
    request = Request(section, task, where, places or {}, room)
    problem = _problem(request)
    if problem is not None:
        return _made(problem, request)
    try:
        return _read(request, stdin)
    except OSError as error:  # a disk or a pipe that fails in the middle
        raise ZenError(f"cannot read: {error.strerror}", request.place("source"), code=Exit.FILES) from None


def _read(request: Request, stdin: BinaryIO | None) -> Dataset:
    from zen_cli.data.files import kind_of, open_data

    if request.section.text or request.section.series:
        return _sequences(request, stdin)
    if request.section.source == "-":
        return _table({"source": ["-"]}, request, stdin)
    paths = request.paths("source")
    first, kind = paths[0], kind_of(paths[0], request.place("source"))
    if kind == "a directory" and (pictures := _pictures(_only(paths, request), request)):
        return pictures
    if kind == "a directory" and not any("-ubyte" in name for name in os.listdir(first)):
        open_data(first, request.place("source"))
    if kind == "a directory" or "-ubyte" in os.path.basename(first):
        from zen_cli.data.idx import read_idx

        return read_idx(_only(paths, request), request)
    if first.endswith((".npy", ".npz")):
        from zen_cli.data.arrays import read_arrays

        if first.endswith(".npz"):
            _refuse_too_large(paths, request)
        return read_arrays(paths, request)
    return _table({option: request.paths(option) for option in ("source", "validation", "test")}, request, stdin)


def _sequences(request: Request, stdin: BinaryIO | None) -> Dataset:
    """A text or a series."""
    files = {option: _readable(option, request) for option in ("source", "validation", "test")}
    request = request.for_table(files["source"][0])
    text = request.section.text
    if text is None:
        from zen_cli.data.series import read_series

        return read_series(files, request, stdin)
    if text.column is None:
        from zen_cli.data.text import read_text

        return read_text(files, request, stdin)
    from zen_cli.data.text_table import read_text_column

    return read_text_column(files, request, stdin)


def _readable(option: str, request: Request) -> list[str]:
    """The files of an option, which are there and not too large."""
    if option == "source" and request.section.source == "-":
        return ["-"]
    paths = request.paths(option)
    _require_files(paths, request.place(option))
    _refuse_too_large(paths, request)
    return paths


def _pictures(path: str, request: Request) -> Dataset | None:
    """The dataset in a folder of pictures, if it is one."""
    from zen_cli.data.image_folder import is_image_folder, read_image_folder

    return read_image_folder(path, request) if is_image_folder(path) else None


def _only(paths: list[str], request: Request) -> str:
    if len(paths) > 1:
        what = f"several files are read as one table, {os.path.basename(paths[0])} is none"
        raise ZenError(what, request.place("source"), "name one file")
    return paths[0]


def _problem(request: Request) -> Problem | None:
    """The built-in problem that the source names, if it does."""
    source = request.section.source
    if isinstance(source, list) or request.section.text or request.section.series:
        return None
    if isinstance(source, str):
        return datasets[source]() if source in datasets else None
    from zen_cli.config.component import build
    from zen_cli.errors import Problems

    problems = Problems()
    problem = build(source, datasets, problems)
    problems.check()
    return problem


def _made(problem: Problem, request: Request) -> Dataset:
    request.refuse_columns("a built-in problem")
    features, targets = problem.make()
    names = tuple(f"x{column}" for column in range(features.shape[1]))
    classes: tuple[str, ...] | None = None
    if targets.dtype.kind == "i" and request.task != "numbers":
        classes = tuple(str(label) for label in range(int(targets.max()) + 1))
    elif request.task == "classes":
        what = f"the targets of '{problem.name}' are numbers, the loss expects classes"
        raise ZenError(what, request.place("source"), "use a loss such as mse")
    if classes is None:
        targets = targets.astype(np.float64).reshape(len(targets), -1)
    schema = Schema("builtin", names, features.shape[1:], ("y",), classes)
    return Dataset(features, targets, schema, problem.name)


def _table(files: dict[str, list[str]], request: Request, stdin: BinaryIO | None) -> Dataset:
    from zen_cli.data.reading import read_tables

    for option, paths in files.items():
        _require_files(paths, request.place(option))
    request = request.for_table(files["source"][0])
    size = sum(os.path.getsize(path) for paths in files.values() for path in paths if os.path.isfile(path))
    if size >= LARGE or files["source"] == ["-"]:
        from zen_cli.data.large import cache_of, read_large

        if cache := cache_of(request.room, wanted=size >= LARGE):
            return read_large(files, size, request, cache, stdin)
    _refuse_too_large([path for paths in files.values() for path in paths], request)
    return read_tables(files, request, stdin)


def _refuse_too_large(paths: list[str], request: Request) -> None:
    size = sum(os.path.getsize(path) for path in paths if os.path.isfile(path))
    memory = request.room.memory
    if memory is not None and size * GROWTH > memory:
        named = paths[0] if len(paths) == 1 else f"{len(paths)} files"
        what = f"{named} has {size >> 20} MiB and may need {size * GROWTH >> 20} MiB of memory"
        hint = f"{memory >> 20} MiB are available; take a part of it"
        raise ZenError(what, request.place("source"), hint, Exit.ENVIRONMENT)


def _require_files(paths: list[str], where: Place | None) -> None:
    """That all of them are there, before the first is read."""
    from zen_cli.data.files import kind_of

    for path in paths:
        if path != "-":
            kind_of(path, where)
