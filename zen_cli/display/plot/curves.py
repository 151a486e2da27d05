"""From the events of a run to curves: a number of a split, epoch by epoch."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from zen_cli.display.numbers import quantile
from zen_cli.errors import Place, ZenError
from zen_cli.metrics import larger_is_better

SPLITS = ("train", "validation")
LARGEST = 1e300  # what is greater cannot be drawn


class Point(NamedTuple):
    """The value after an epoch, NaN where it is not finite. Of a run of several seeds: their median and quartiles."""

    epoch: int
    low: float
    value: float
    high: float


class Curve(NamedTuple):
    """What one line shows: `label` and `number` (its colour) tell whose it is.

    `second`: it is the training curve of a run whose validation is drawn too in the same colour.
    """

    label: str
    number: int
    split: str
    points: list[Point]
    second: bool = False


def points(events: Sequence[dict[str, Any]], metric: str, where: str) -> dict[str, list[Point]]:
    """The points of each split that has the metric; `validation.accuracy` names one, `lr` has no split.

    Raises:
        ZenError: exit 2, with what is recorded.
    """
    epochs = [event for event in events if event["event"] == "epoch" and abs(event["epoch"]) < 2**53]
    split, _, name = metric.rpartition(".")
    found = {}
    for key in [split] if split else [*SPLITS, ""]:
        values = ((event["epoch"], _value(event, key, name)) for event in epochs)
        course = [Point(epoch, *_quartiles(value, name)) for epoch, value in values if value is not _MISSING]
        if course:
            found[key] = course
    if not found:
        known = ", ".join(dict.fromkeys(_recorded(epochs)))
        what = f"'{metric}' is not recorded" if epochs else "no epoch is recorded"
        raise ZenError(what, Place(where), f"recorded: {known}" if known else None)
    return found


def drawn(runs: Sequence[tuple[str, dict[str, list[Point]]]]) -> list[Curve]:
    """A line for each split: of a single run each has its own colour, of several runs each run has."""
    if len(runs) == 1:
        ((label, found),) = runs
        last = len(found) - 1  # what is judged by has the first colour
        return [Curve(split or label, last - i, split, points) for i, (split, points) in enumerate(found.items())]
    return [
        Curve(label, number, split, points, second=split == "train" and "validation" in found)
        for number, (label, found) in enumerate(runs) for split, points in found.items()
    ]  # fmt: skip


def thinned(points: Sequence[Point], most: int) -> list[Point]:
    """At most so many: of neighbours the least and the greatest, so that no spike is lost."""
    if len(points) <= most:
        return list(points)
    size, kept = -(-2 * len(points) // most), []
    for begin in range(0, len(points), size):
        chunk = points[begin : begin + size]
        least = min(chunk, key=lambda point: _or(point.value, math.inf))
        kept += sorted({least, max(chunk, key=lambda point: _or(point.value, -math.inf))})
    return kept


def pieces(points: Iterable[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """The stretches between gaps.

    >>> pieces([(1, 2.0), (2, math.nan), (3, 4.0)])
    [[(1, 2.0)], [(3, 4.0)]]
    """
    found: list[list[tuple[float, float]]] = [[]]
    for place in points:
        if math.isfinite(place[1]):
            found[-1].append(place)
        elif found[-1]:
            found.append([])
    return [piece for piece in found if piece]


_MISSING = object()


def _value(event: dict[str, Any], split: str, name: str) -> Any:
    values = event.get(split) if split else event
    return values.get(name, _MISSING) if isinstance(values, dict) and name not in ("event", *SPLITS) else _MISSING


def _quartiles(value: Any, name: str) -> tuple[float, float, float]:
    if not isinstance(value, list):
        number = _number(value)
        return number, number, number
    worst = -math.inf if larger_is_better(name) else math.inf
    ordered = sorted(_or(_number(each), worst) for each in value)
    low, middle, high = (quantile(ordered, share) for share in (0.25, 0.5, 0.75)) if ordered else (math.nan,) * 3
    return low, middle if math.isfinite(middle) else math.nan, high


def _number(value: Any) -> float:
    fits = isinstance(value, (int, float)) and abs(value) <= LARGEST
    return float(value) if fits else math.nan


def _or(value: float, instead: float) -> float:
    return instead if math.isnan(value) else value


def _recorded(epochs: Sequence[dict[str, Any]]) -> list[str]:
    if not epochs:
        return []
    last = {split: epochs[-1].get(split) for split in SPLITS}
    splits = (f"{split}.{name}" for split, values in last.items() if isinstance(values, dict) for name in values)
    return [*splits, *(name for name in ("lr", "seconds") if name in epochs[-1])]
