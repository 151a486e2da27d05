"""How large gradients and updates are, of every net of a stack, at the steps after which nets are measured."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from zen_cli.nn.state import State

Array = np.ndarray[Any, Any]
GRADIENT, UPDATE, CLIPPED = "grad_norm_max", "update_norm_ratio_median", "frac_clipped"
EVALUATIONS = "grad_evals"


class Traits:
    """`begin` comes before such a step, `end` after it."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.before = np.zeros_like(state.vectors["parameters"])
        self.gradients: list[Array] = []
        self.updates: list[Array] = []

    def begin(self) -> None:
        self.before[...] = self.state.vectors["parameters"]

    def end(self) -> None:
        """The norm of the gradient, and that of the update over that of the weights before it."""
        self.gradients.append(_norms(self.state.vectors["gradients"]))
        moved = self.state.vectors["parameters"] - self.before
        self.updates.append(_norms(moved) / np.maximum(_norms(self.before), 1e-300))

    def of(self, i: int, count: int) -> dict[str, float]:
        """Of the i-th net, over its first `count` such steps: those before it broke."""
        gradients, updates = ([float(each[i]) for each in found[:count]] for found in (self.gradients, self.updates))
        middle = float(np.median(updates)) if updates else math.nan
        return {GRADIENT: max(gradients, default=math.nan), UPDATE: middle}

    def saved(self) -> dict[str, Any]:
        return {"gradients": np.array(self.gradients), "updates": np.array(self.updates)}

    def restore(self, saved: Mapping[str, Any]) -> None:
        self.gradients, self.updates = list(saved["gradients"]), list(saved["updates"])


def _norms(vectors: Array) -> Array:
    """The length of each net's vector."""
    wide = np.atleast_2d(vectors).astype(np.float64)
    lengths: Array = np.sqrt(np.einsum("ij,ij->i", wide, wide))
    return lengths
