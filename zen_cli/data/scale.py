"""Shifting and scaling features: fitted on training rows, applied to all."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from zen_cli.data.dataset import Dataset, Schema

Array = NDArray[Any]
BLOCK = 1 << 17  # numbers converted at a time: the float64 copy stays in the cache


class Standardizer(NamedTuple):
    """x -> (x - mean) / scale. mean and scale: float64 of the shape of a row, or () for all alike."""

    mean: Array
    scale: Array

    def apply(self, features: Array, dtype: DTypeLike) -> Array:
        """Computed in float64, given in `dtype`, in a new array.

        >>> standardizer = Standardizer(np.array([1.0, 2.0]), np.array([2.0, 4.0]))
        >>> standardizer.apply(np.array([[5, 4]], np.uint8), np.float32)
        array([[2. , 0.5]], dtype=float32)
        """
        result: Array = np.empty(features.shape, dtype)
        step = max(1, BLOCK // max(1, features[:1].size))
        for start in range(0, len(features), step):
            block = slice(start, start + step)
            result[block] = (features[block] - self.mean) / self.scale
        return result


def standardizes(schema: Schema, choice: bool | Literal["auto"]) -> bool:
    """Whether features are shifted and scaled: `auto` does columns of a file, not pixels or built-ins."""
    if choice != "auto":
        return choice
    columns = schema.kind == "array" and len(schema.shape) == 1 and schema.divisor == 1
    return schema.kind == "table" or columns


def fit(
    dataset: Dataset, rows: Array, choice: bool | Literal["auto"]
) -> tuple[Standardizer, tuple[str, ...]]:
    """What is applied to the features, and warnings.

    Standardizing takes mean and standard deviation (of the population) of each column over the training
    `rows`, of all values together where a row has more than one axis. Otherwise pixels are divided by 255 and
    the rest is left alone. A column that is constant in the training rows is only shifted.
    """
    if not standardizes(dataset.schema, choice):
        return Standardizer(np.array(0.0), np.array(dataset.schema.divisor)), ()
    values = dataset.features[rows].astype(np.float64)
    axis = 0 if values.ndim == 2 else None
    mean, scale = np.asarray(values.mean(axis)), np.asarray(values.std(axis))
    # The deviation of equal numbers need not be exactly 0: their mean is rounded.
    constant = np.asarray(values.max(axis) == values.min(axis))
    return Standardizer(mean, np.where(constant, 1.0, scale)), _warnings(constant, dataset.schema.features)


def _warnings(constant: Array, names: tuple[str, ...]) -> tuple[str, ...]:
    found = [names[i] if names else "all" for i in np.flatnonzero(constant)]
    if not found:
        return ()
    listed = ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
    return (f"constant in the training rows, so only shifted and not scaled: {listed}",)
