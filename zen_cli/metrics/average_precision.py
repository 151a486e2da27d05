"""The area under the curve of precision over recall."""

from __future__ import annotations

import numpy as np

from zen_cli.metrics.averages import average_option
from zen_cli.metrics.base import metrics
from zen_cli.metrics.ranking import MICRO, Ranked, Steps


@metrics.register("average_precision", main="average")
class AveragePrecision(Ranked):
    """The mean precision over the recalls: sum_n (R_n - R_(n-1)) P_n, n over the distinct scores from the highest.

    The share of the class is what guessing gives. A class without rows has none; NaN where no class has one.
    Source: Zhu 2004, Recall, Precision and Average Precision; without interpolation.

    >>> AveragePrecision()(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1])).__round__(4)
    0.8333
    """

    average: str = average_option(MICRO)

    def of(self, at: Steps) -> float:
        total = at.right[-1]
        precision = at.right / (at.right + at.wrong)
        return float(np.diff(at.right, prepend=0) @ precision / total) if total else float("nan")
