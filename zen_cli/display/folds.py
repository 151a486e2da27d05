"""How a net fares in cross-validation: each fold, then mean and deviation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from zen_cli.display.table import Cell, table

if TYPE_CHECKING:
    from zen_cli.jobs.folds import Fold


def folds_summary(folds: Sequence[Fold]) -> dict[str, Any]:
    """`{"folds": 5, "test": {"accuracy": {"mean": ..., "deviation": ..., "each": [...]}}}`, with every split."""
    found: dict[str, Any] = {"folds": len(folds), "status": _status(folds)}
    for split in folds[0].measured:
        each = {name: [fold.measured[split][name] for fold in folds] for name in folds[0].measured[split]}
        found[split] = {
            name: {"mean": mean(one), "deviation": deviation(one), "each": one} for name, one in each.items()
        }
    return found


def folds_table(folds: Sequence[Fold], *, stream: TextIO, environ: Mapping[str, str]) -> None:
    """Writes a row a fold with what was measured on its test rows, then mean and deviation of each column.

    Raises:
        OSError: the stream cannot be written.
    """
    names = list(folds[0].measured["test"])
    columns: list[list[Any]] = [[fold.measured["test"][name] for fold in folds] for name in names]
    rows: list[list[Cell]] = [
        [str(fold.number), fold.rows["train"], fold.rows["test"], *numbers]
        for fold, *numbers in zip(folds, *columns, strict=True)
    ]
    rows.append(["mean", "", "", *map(mean, columns)])
    rows.append(["deviation", "", "", *map(deviation, columns)])
    table(["fold", "train", "test", *(f"test.{name}" for name in names)], rows, stream=stream, environ=environ)


def mean(values: Sequence[Any]) -> float:
    return float(sum(values)) / len(values)


def deviation(values: Sequence[Any]) -> float:
    """The sample's: with one less than the number of folds below.

    >>> deviation([1.0, 3.0])
    1.4142135623730951
    """
    middle = mean(values)
    return math.sqrt(sum((value - middle) ** 2 for value in values) / max(1, len(values) - 1))


def _status(folds: Sequence[Fold]) -> str:
    """That of the worst."""
    statuses = {fold.status for fold in folds}
    order = ("interrupted", "diverged", "stopped_early")
    return next((status for status in order if status in statuses), "completed")
