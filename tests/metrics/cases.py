"""Predictions and targets of every awkward kind, by name."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

ROWS = 60


class Case(NamedTuple):
    prediction: Any
    target: Any


def _shares(scores: Any) -> Any:
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def _several() -> dict[str, Case]:
    """Probabilities of four classes."""
    rng = np.random.default_rng(1)
    p, y = _shares(rng.normal(size=(ROWS, 4))), rng.integers(0, 4, ROWS)
    coarse = _shares(np.round(rng.normal(size=(ROWS, 4)) * 2) / 2)
    sure = np.eye(4)[rng.integers(0, 4, ROWS)]
    return {
        "ordinary": Case(p, y),
        "ties": Case(coarse, y),
        "all equal": Case(np.full((ROWS, 4), 0.25), y),
        "certain": Case(sure, y),
        "perfect": Case(np.eye(4)[y], y),
        "a class never predicted": Case(_shares(rng.normal(size=(ROWS, 4)) - [0, 0, 0, 50]), y),
        "a class absent": Case(p, np.where(y == 2, 0, y)),
        "one class only": Case(p, np.full(ROWS, 1)),
        "one row": Case(p[:1], y[:1]),
        "rare": Case(p, np.where(np.arange(ROWS) < 2, 3, 0)),
    }


def _two() -> dict[str, Case]:
    """The probability of the second of two classes."""
    rng = np.random.default_rng(2)
    p, y = rng.random(ROWS), rng.integers(0, 2, ROWS)
    return {
        "ordinary": Case(p, y),
        "ties": Case(np.round(p * 4) / 4, y),
        "all equal": Case(np.full(ROWS, 0.3), y),
        "on the threshold": Case(np.full(ROWS, 0.5), y),
        "certain": Case(np.round(p), y),
        "perfect": Case(y.astype(np.float64), y),
        "denormal": Case(p * 5e-323, y),
        "nearly one": Case(1 - p * 1e-15, y),
        "only the first": Case(p, np.zeros(ROWS, np.int64)),
        "only the second": Case(p, np.ones(ROWS, np.int64)),
        "one row": Case(p[:1], y[:1]),
    }


def _labels() -> dict[str, Case]:
    """Three independent answers a row."""
    rng = np.random.default_rng(3)
    p, y = rng.random((ROWS, 3)), rng.integers(0, 2, (ROWS, 3)).astype(np.float64)
    return {
        "ordinary": Case(p, y),
        "ties": Case(np.round(p * 4) / 4, y),
        "one answer never": Case(p, y * [1, 0, 1]),
        "one answer always": Case(p, np.maximum(y, [0, 1, 0])),
        "none": Case(p, y * 0),
    }


def _numbers() -> dict[str, Case]:
    rng = np.random.default_rng(4)
    p, t = rng.normal(size=(ROWS, 3)), rng.normal(size=(ROWS, 3))
    return {
        "three columns": Case(p, t),
        "one column": Case(p[:, :1], t[:, :1]),
        "constant prediction": Case(p * 0 + 2, t),
        "the mean": Case(t * 0 + t.mean(0), t),
        "constant target": Case(p, t * 0 + 3),
        "constant and met": Case(t * 0 + 3, t * 0 + 3),
        "perfect": Case(t, t),
        "off by a constant": Case(t + 5, t),
        "huge": Case(p * 1e150, t * 1e150),
        "denormal": Case(p * 1e-310, t * 1e-310),
        "far from zero": Case(p + 1e8, t + 1e8),
        "a target of 0": Case(p, np.where(np.arange(ROWS)[:, None] == 3, 0.0, t)),
        "one row": Case(p[:1], t[:1]),
        "two rows": Case(p[:2], t[:2]),
    }


SEVERAL, TWO, LABELS, NUMBERS = _several(), _two(), _labels(), _numbers()
