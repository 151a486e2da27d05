"""How one number is made of one for each class."""

from __future__ import annotations

import numpy as np

from zen_cli.metrics.base import Array, Metric
from zen_cli.registry import option

AVERAGES = ("auto", "macro", "micro", "weighted")


class Averaged(Metric):
    """A number of each class, and what `average` makes of them."""

    goal, classes = "max", True
    average: str

    @property
    def label(self) -> str:
        return self.name if self.average == "auto" else f"{self.name}_{self.average}"


def average_option(micro: str) -> str:
    """The option `average`; `micro` says what that is."""
    meaning = "auto: of two classes the second one's, else macro; macro: the mean over the classes that occur; "
    chosen: str = option("auto", f"{meaning}weighted: by their rows; micro: {micro}", choices=AVERAGES)
    return chosen


def mean(values: Array, weights: Array | None = None) -> float:
    """The mean of what is not NaN; NaN if nothing is left, 0 if nothing has any weight."""
    known = ~np.isnan(values)
    if not known.any():
        return float("nan")
    if weights is None:
        return float(values[known].mean())
    total = weights[known].sum()
    return float((values[known] * weights[known]).sum() / total) if total else 0.0
