"""How the errors of a regression are spread: no single number, shown by `zen evaluate`."""

from __future__ import annotations

import numpy as np

from zen_cli.metrics.base import Array
from zen_cli.metrics.numbers import errors

SHARES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


def residuals(prediction: Array, target: Array) -> Array:
    """The quantiles of target less prediction at `SHARES`, for each column (columns, shares); linear between two.

    >>> residuals(np.array([0.0, 0.0, 0.0]), np.array([1.0, 2.0, 3.0])).tolist()
    [[1.0, 1.1, 1.5, 2.0, 2.5, 2.9, 3.0]]
    """
    missed = -errors(prediction, target).reshape(len(prediction), -1)
    return np.quantile(missed, SHARES, axis=0).T
