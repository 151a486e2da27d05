"""Features into the inputs of a network: fitted on training rows, kept in the checkpoint, applied to all rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from zen_cli.data.dataset import Dataset, Schema
from zen_cli.data.facts import ROWS, moments
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.config.sections import Data

Array = NDArray[Any]
BLOCK = 1 << 17  # numbers converted at a time: the float64 copy stays in the cache
Fit = tuple["Encoder", tuple[str, ...]]


class Encoder(ABC):
    """What is fitted is a few arrays, which are named in the checkpoint."""

    @abstractmethod
    def apply(self, features: Any, dtype: DTypeLike) -> Array:
        """The inputs of rows (rows, ...), computed in float64, given in `dtype`, in a new array."""

    @abstractmethod
    def tensors(self) -> dict[str, Array]:
        """What is fitted, by name."""

    def apply_to(self, features: Any, rows: Array | None, shape: tuple[int, ...], dtype: DTypeLike) -> Array:
        """The inputs of these rows of all features (None: of all rows), (rows, *shape), block by block."""
        count = len(features) if rows is None else len(rows)
        result: Array = np.empty((count, *shape), dtype)
        step = max(1, BLOCK // max(1, result[:1].size))
        for start in range(0, count, step):
            block = slice(start, start + step)
            found = self.apply(features[block if rows is None else rows[block]], dtype)
            result[block] = found.reshape(len(found), *shape)
        return result


class Standardizer(Encoder):
    """x -> (x - mean) / scale of arrays. mean and scale: float64 of the shape of a row, or () for all alike.

    >>> Standardizer(np.array([1.0, 2.0]), np.array([2.0, 4.0])).apply(np.array([[5, 4]], np.uint8), np.float32)
    array([[2. , 0.5]], dtype=float32)
    """

    def __init__(self, mean: Array, scale: Array) -> None:
        self.mean, self.scale = mean, scale

    def apply(self, features: Array, dtype: DTypeLike) -> Array:
        return ((features - self.mean) / self.scale).astype(dtype)

    def tensors(self) -> dict[str, Array]:
        return {"data.mean": self.mean, "data.scale": self.scale}


class Numbered(Encoder):
    """Symbols, which are numbers already."""

    def apply(self, features: Array, dtype: DTypeLike) -> Array:
        return features.astype(dtype)

    def tensors(self) -> dict[str, Array]:
        return {}


def fit(dataset: Dataset, rows: Array, section: Data) -> Fit:
    """What is applied to the features, from the training `rows`, and warnings."""
    if dataset.schema.symbols:
        return Numbered(), ()
    if dataset.schema.columns:
        from zen_cli.data.table_encoder import fit_table

        return fit_table(dataset, rows)
    return _fit_array(dataset, rows, scaling(dataset.schema, section.scale))


def from_tensors(schema: Schema, tensors: dict[str, Array], where: Place) -> Encoder:
    """The encoder in the tensors of a checkpoint, which are taken out.

    Raises:
        ZenError: exit 3: they are missing or do not fit the schema.
    """
    if schema.symbols:
        return Numbered()
    try:
        if schema.columns:
            from zen_cli.data.table_encoder import TableEncoder

            return TableEncoder.from_tensors(schema, tensors)
        return Standardizer(tensors.pop("data.mean"), tensors.pop("data.scale"))
    except KeyError as error:
        what = f"no {error.args[0]} in this file: it is no model of zen"
    except ValueError as error:
        what = f"{error}: it does not fit the schema of the data"
    raise ZenError(what, where, code=Exit.FILES)


def scaling(schema: Schema, choice: str) -> str:
    """How features are scaled where they are no table: `auto` does columns of a file, not pixels or built-ins."""
    if choice != "auto":
        return choice
    columns = schema.kind == "array" and len(schema.shape) == 1 and schema.divisor == 1
    return "standard" if columns or schema.kind == "series" else "none"


def blocks_of(features: Any, rows: Array, size: int = ROWS) -> Iterator[Any]:
    """The rows in blocks of a fixed size."""
    for start in range(0, len(rows), size):
        yield features[rows[start : start + size]]


def _fit_array(dataset: Dataset, rows: Array, choice: str) -> Fit:
    """Of each column, also of a series; of all values together where else a row has more than one axis.

    `none`: pixels are divided by 255.

    A column that is constant in the training rows is only shifted.
    """
    schema, features = dataset.schema, dataset.features
    if choice == "none":
        return Standardizer(np.array(0.0), np.array(schema.divisor)), ()
    if choice not in ("standard", "minmax"):
        what = f"data.scale: {choice} is for the columns of a table"
        raise ZenError(what, hint="arrays take standard, minmax or none")
    flat = len(schema.shape) == 1 or schema.kind == "series"
    width = schema.shape[-1] if flat else 1

    def blocks() -> Iterator[Array]:
        for block in blocks_of(features, rows, max(1, ROWS * 16 // max(1, int(np.prod(schema.shape))))):
            yield block.astype(np.float64).reshape(-1, width)

    found = moments(blocks)
    shift, size = (found.mean, found.deviation) if choice == "standard" else (found.low, found.high - found.low)
    constant = found.low == found.high
    size = np.where(constant, 1.0, size)
    names = tuple(schema.features[i] if schema.features else "all" for i in np.flatnonzero(constant))
    return Standardizer(shift if flat else shift[0], size if flat else size[0]), constant_warning(names)


def constant_warning(names: tuple[str, ...]) -> tuple[str, ...]:
    """One warning for all columns that are constant in the training rows."""
    if not names:
        return ()
    listed = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return (f"constant in the training rows, so only shifted and not scaled: {listed}",)
