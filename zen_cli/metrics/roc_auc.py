"""The area under the ROC curve."""

from __future__ import annotations

import numpy as np

from zen_cli.metrics.averages import average_option
from zen_cli.metrics.base import metrics
from zen_cli.metrics.ranking import MICRO, Ranked, Steps


@metrics.register("roc_auc", "auc", main="average")
class RocAuc(Ranked):
    """The chance that a row of the class has a higher score than another row: the area under the ROC curve.

    Equal scores count half. Of two classes, the second against the first; of more, each against the rest. A class
    without rows, or with all of them, has none; NaN where no class has one.
    Source: Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747.

    >>> RocAuc()(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1]))
    0.75
    """

    average: str = average_option(MICRO)

    def of(self, at: Steps) -> float:
        right, wrong = (np.concatenate(([0], each)).astype(np.float64) for each in at)
        area = (wrong[1:] - wrong[:-1]) @ (right[1:] + right[:-1]) / 2
        all_pairs = right[-1] * wrong[-1]
        return float(area / all_pairs) if all_pairs else float("nan")
