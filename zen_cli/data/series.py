"""A series of numbers as rows: a window of steps, and the steps that follow it."""

from __future__ import annotations

from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from zen_cli.config.sequences import Series
from zen_cli.data.cells import shown
from zen_cli.data.columns.number import Number
from zen_cli.data.dataset import Dataset, Keys, Schema
from zen_cli.data.frame_reader import FrameReader
from zen_cli.data.parts import in_order
from zen_cli.data.reading import Blocks
from zen_cli.data.request import Request
from zen_cli.data.text import Files
from zen_cli.errors import ZenError
from zen_cli.suggest import did_you_mean

Array = NDArray[Any]


def read_series(files: Files, request: Request, stdin: BinaryIO | None = None) -> Dataset:
    """A row for each window, whose targets are the steps that follow it.

    The last steps of the series are the targets that test, those before them validate, as `split` says. Windows may
    reach back into the part before, which is known at that time; a row whose targets lie in two parts is left out.

    Raises:
        ZenError: a table is damaged, a column is not in it, a cell is no number or empty, too few steps for a part.
    """
    options = request.section.series
    assert options is not None
    request.refuse_columns("a series")
    numbers, origin, dialect = _numbers(files, options, request, stdin)
    window, horizon = options.window, options.horizon
    why = f"data.series has a window of {window} and a horizon of {horizon}"
    pieces = in_order(len(numbers), request, "steps", (window + horizon, horizon), why)
    part = np.repeat(np.arange(3), [piece.stop - piece.start for piece in pieces])  # of each step
    features, targets = rows_of(numbers, window, horizon)
    first, last = part[window : window + len(targets)], part[window + horizon - 1 :]
    whole = first == last
    schema = Schema("series", tuple(options.columns), features.shape[1:], target_names(options), dialect=dialect)
    return Dataset(features[whole], targets[whole], schema, origin, keys=Keys(part=first[whole]))


def rows_of(numbers: Array, window: int, horizon: int) -> tuple[Array, Array]:
    """Windows (rows, window, columns), and the steps of the first column that follow each (rows, horizon).

    >>> rows, targets = rows_of(np.arange(5.0)[:, None], 3, 1)
    >>> rows[:, :, 0].tolist(), targets.tolist()
    ([[0.0, 1.0, 2.0], [1.0, 2.0, 3.0]], [[3.0], [4.0]])
    """
    count = max(len(numbers) - window - horizon + 1, 0)
    starts = np.arange(count)[:, None]
    return numbers[starts + np.arange(window)], numbers[starts + window + np.arange(horizon), 0]


def target_names(options: Series) -> tuple[str, ...]:
    name = options.columns[0]
    return (name,) if options.horizon == 1 else tuple(f"{name}+{step + 1}" for step in range(options.horizon))


def _numbers(
    files: Files, options: Series, request: Request, stdin: BinaryIO | None
) -> tuple[Array, str, Any]:
    """The columns of the whole table, in the order of its rows."""
    blocks = Blocks({"source": files["source"]}, request, stdin)
    for name in options.columns:
        if name not in blocks.names:
            what = f"no column {shown(name)}{did_you_mean(name, blocks.names)}"
            raise ZenError(what, request.place("series"), f"columns: {', '.join(blocks.names)}")
    reader = number_reader(options.columns, request.dialect)
    parts = [reader.read(block, strict=True).numbers for block in next(blocks.parts())]
    return np.concatenate(parts), blocks.origin, request.dialect


def number_reader(names: Any, dialect: Any) -> FrameReader:
    """Reads columns of numbers, none of which may be missing."""
    return FrameReader(dict.fromkeys(names, Number().with_options(missing="refuse", scale="none")), dialect)
