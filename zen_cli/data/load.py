"""The dataset that the section `data` of a config asks for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from zen_cli.data.builtin import Problem, datasets
from zen_cli.data.dataset import Dataset, Schema
from zen_cli.data.request import Request, Task
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.config.sections import Data

GROWTH = 4  # bytes of memory for a byte of CSV: 8 for a number of about 5 characters, twice while chunks are joined


def load(
    section: Data, where: Place | None = None, *, task: Task = None, stdin: BinaryIO | None = None,
    places: Mapping[str, Place] | None = None, available: int | None = None,
) -> Dataset:  # fmt: skip
    """Reads all rows of `section.source`: a built-in problem, `-` (CSV from `stdin`) or a file below `section.base`.

    Files are told apart by name: `.npy`, `.npz`, `...-ubyte` with or without `.gz` (idx), a folder (of idx files),
    everything else is CSV. A built-in goes before a file of that name (write `./xor` for the file).

    Args:
        section: `config.sections.Data`.
        where: place of the section or its source, for what is wrong with the config rather than with a file.
        task: `classes` (a loss on labels), `numbers` (a loss on numbers) or None: text becomes classes and numbers
            stay numbers; labels of idx files, arrays and built-ins, which are whole, become classes.
        stdin: standard input, as bytes.
        places: places of single options by name (`target`), where they are known.
        available: bytes of memory that may be used; a file that may need more is refused before it is read.

    Raises:
        ZenError: an unknown name or option (exit 2), data that is missing, damaged or unfit (exit 3), too large (7).
    """
    request = Request(section, task, where, places or {}, available)
    problem = _problem(request)
    if problem is not None:
        return _made(problem, request)
    assert isinstance(section.source, str)
    try:
        if section.source == "-":
            from zen_cli.data.files import STDIN, standard_input

            return _table(standard_input(stdin, request.place("source")), STDIN, request)
        return _file(os.path.normpath(os.path.join(section.base, section.source)), request)
    except OSError as error:  # a disk or a pipe that fails in the middle
        raise ZenError(f"cannot read: {error.strerror}", request.place("source"), code=Exit.FILES) from None


def _problem(request: Request) -> Problem | None:
    """The built-in problem that the source names, if it does."""
    source = request.section.source
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


def _file(path: str, request: Request) -> Dataset:
    from zen_cli.data.files import kind_of, open_data

    if kind_of(path, request.place("source")) == "a directory" or "-ubyte" in os.path.basename(path):
        from zen_cli.data.idx import read_idx

        return read_idx(path, request)
    _refuse_too_large(path, request)
    if path.endswith((".npy", ".npz")):
        from zen_cli.data.arrays import read_arrays

        return read_arrays(path, request)
    with open_data(path, request.place("source")) as stream:
        return _table(stream, path, request)


def _refuse_too_large(path: str, request: Request) -> None:
    size = os.path.getsize(path)
    if request.available is not None and size * GROWTH > request.available:
        what = f"{path} has {size >> 20} MiB and may need {size * GROWTH >> 20} MiB of memory"
        hint = f"{request.available >> 20} MiB are available; take a part of it"
        raise ZenError(what, request.place("source"), hint, Exit.ENVIRONMENT)


def _table(stream: BinaryIO, file: str, request: Request) -> Dataset:
    from zen_cli.data.reading import read_table
    from zen_cli.data.table import Table

    request = request.for_table(file)
    return read_table(Table(stream, file, request.dialect), request)
