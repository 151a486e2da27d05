"""How the same net fares from many seeds: how often it succeeds, and the spread of its numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from zen_cli.display.numbers import quantile
from zen_cli.display.table import Cell, table
from zen_cli.display.terminal import encodable, escape
from zen_cli.metrics import larger_is_better
from zen_cli.training.events import End, Metrics, Value

if TYPE_CHECKING:
    from zen_cli.training.conditions import Condition

COLUMNS = ("metric", "median", "25 %", "75 %", "best", "seed", "worst", "seed")


class One(NamedTuple):
    """A seed and its number."""

    seed: int
    value: float


class Distribution(NamedTuple):
    """A metric over the seeds; one that is not a number counts as infinitely bad."""

    median: float
    quartiles: tuple[float, float]  # the first and the third, linear between two numbers
    best: One
    worst: One

    def as_json(self) -> dict[str, Any]:
        """Plain values; None for what is not finite."""
        return {
            "median": _finite(self.median), "quartiles": [_finite(value) for value in self.quartiles],
            "best": {"seed": self.best.seed, "value": _finite(self.best.value)},
            "worst": {"seed": self.worst.seed, "value": _finite(self.worst.value)},
        }


class Success(NamedTuple):
    """How many of the seeds reached the target; without one, how many ended with a finite loss."""

    reached: int
    of: int
    target: str | None

    def as_json(self) -> dict[str, Any]:
        return {"rate": self.reached / self.of, "count": self.reached, "of": self.of, "target": self.target}

    def __str__(self) -> str:
        """
        >>> str(Success(49, 50, "train.loss<0.01")), str(Success(2, 2, None))
        ('49 of 50 seeds (98 %) have train.loss<0.01', '2 of 2 seeds (100 %) have a finite loss')
        """
        percent = math.floor(100 * self.reached / self.of)  # 100 only where it is all of them
        return f"{self.reached} of {self.of} seeds ({percent} %) have {escape(self.target or 'a finite loss')}"


def distribution(metric: str, values: Sequence[float], seeds: Sequence[int]) -> Distribution:
    """
    >>> distribution("loss", (0.3, float("nan"), 0.1, 0.2), (0, 1, 2, 3)).best
    One(seed=2, value=0.1)
    """
    sign = -1.0 if larger_is_better(metric) else 1.0
    badness = [math.inf if math.isnan(value) else sign * value for value in values]
    each = [One(seed, value) for seed, value in zip(seeds, values, strict=True)]
    best, worst = (each[badness.index(found)] for found in (min(badness), max(badness)))
    ordered = sorted(sign * one for one in badness)
    quartiles = quantile(ordered, 0.25), quantile(ordered, 0.75)
    return Distribution(quantile(ordered, 0.5), quartiles, best, worst)


def success(end: End, goal: Condition | None) -> Success:
    """Counts the seeds whose numbers at the end fulfil the condition; what was not measured fulfils nothing."""
    loss = _each(end.train["loss"])
    if goal is None:
        return Success(sum(map(math.isfinite, loss)), len(loss), None)
    value = _splits(end).get(goal.split, {}).get(goal.metric)
    return Success(0 if value is None else sum(map(goal.holds, _each(value))), len(loss), str(goal))


def seeds_summary(end: End, seeds: Sequence[int], goal: Condition | None = None) -> dict[str, Any]:
    """`{"success": {...}, "loss": {...}}`: the loss is that of validation where there is one, else of training."""
    loss = (end.validation or end.train)["loss"]
    return {"success": success(end, goal).as_json(), "loss": distribution("loss", _each(loss), seeds).as_json()}


def seeds_table(
    end: End, seeds: Sequence[int], goal: Condition | None = None, *, stream: TextIO, environ: Mapping[str, str]
) -> None:
    """Writes the rate of success and a row for each metric of each split.

    Raises:
        OSError: the stream cannot be written.
    """
    stream.write(encodable(f"{success(end, goal)}\n", stream))
    table(COLUMNS, _rows(end, seeds), stream=stream, environ=environ)


def _rows(end: End, seeds: Sequence[int]) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for split, metrics in _splits(end).items():
        for name, value in metrics.items():
            found = distribution(name, _each(value), seeds)
            rows.append([f"{split}.{name}", found.median, *found.quartiles, *found.best[::-1], *found.worst[::-1]])
    return rows


def _splits(end: End) -> dict[str, Metrics]:
    return {"train": end.train, "validation": end.validation, "test": end.test}


def _each(value: Value) -> Sequence[float]:
    return value if isinstance(value, tuple) else (value,)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
