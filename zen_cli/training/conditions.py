"""Conditions on a measured number, such as `validation.loss<0.1`: for --until, success and --fail-under."""

from __future__ import annotations

import math
import operator
from typing import NamedTuple

from zen_cli.errors import Place, ZenError
from zen_cli.training.events import Metrics

COMPARISONS = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}
FORM = "write it like 'validation.loss<0.1'"


class Condition(NamedTuple):
    """`split.metric` compared with a number. What does not exist, or is no number, does not fulfil it."""

    split: str
    metric: str
    sign: str
    bound: float

    def holds(self, value: float) -> bool:
        return bool(COMPARISONS[self.sign](value, self.bound))

    def fulfilled(self, measured: dict[str, Metrics]) -> bool:
        """Whether every replica's number fulfils it."""
        value = measured.get(self.split, {}).get(self.metric)
        values = value if isinstance(value, tuple) else (value,)
        return all(number is not None and self.holds(number) for number in values)

    @property
    def exact(self) -> str:
        """As `condition` reads it back."""
        return f"{self.split}.{self.metric}{self.sign}{self.bound!r}"

    def __str__(self) -> str:
        return f"{self.split}.{self.metric}{self.sign}{self.bound:g}"


def condition(text: str, where: Place | None = None) -> Condition:
    """Reads a condition; without a split, `train` is meant.

    >>> condition("validation.loss < 0.1")
    Condition(split='validation', metric='loss', sign='<', bound=0.1)
    """
    for sign in COMPARISONS:
        name, found, bound = text.partition(sign)
        if found:
            split, _, metric = name.strip().rpartition(".")
            return Condition(split or "train", _metric(metric, text, where), sign, _number(bound, text, where))
    raise ZenError(f"'{text}' is no condition", where, FORM)


def _metric(metric: str, text: str, where: Place | None) -> str:
    if not metric.isidentifier():
        raise ZenError(f"'{text}' names no metric", where, FORM)
    return metric


def _number(bound: str, text: str, where: Place | None) -> float:
    try:
        number = float(bound)
    except ValueError:
        number = math.nan
    if math.isnan(number):
        raise ZenError(f"'{text}' has no number to compare with", where, FORM)
    return number


def values_of(measured: dict[str, Metrics], name: str) -> tuple[float, ...]:
    """The numbers that `validation.loss` names: one for each net, NaN where it was not measured.

    >>> values_of({"train": {"loss": 0.5}}, "train.loss")
    (0.5,)
    """
    split, _, metric = name.rpartition(".")
    value = measured.get(split, {}).get(metric, math.nan)
    return value if isinstance(value, tuple) else (value,)
