"""How predictions and targets are read where numbers are compared."""

from __future__ import annotations

import numpy as np

from zen_cli.metrics.base import Array


def errors(prediction: Array, target: Array) -> Array:
    """Prediction less target, in float64, in the target's shape."""
    wanted = numbers(target, prediction)
    return prediction.astype(np.float64).reshape(wanted.shape) - wanted


def numbers(target: Array, prediction: Array) -> Array:
    """Targets as float64: labels of several classes as one-hot rows.

    Raises:
        ValueError: they do not fit the predictions.
    """
    rows = len(prediction)
    if target.size == prediction.size and len(target) == rows:
        return target.astype(np.float64)
    if target.dtype.kind in "iu" and target.size == rows and prediction.ndim == 2:
        return np.eye(prediction.shape[1])[target.reshape(-1)]
    raise ValueError(f"targets {target.shape} do not fit predictions {prediction.shape}")
