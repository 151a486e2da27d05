"""How many of an epoch's steps had a gradient that was clipped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from zen_cli.training.events import Value

Array = np.ndarray[Any, Any]


class ClippedSteps:
    """Looks at the count that the training step keeps, one for each net."""

    def __init__(self, counts: Array) -> None:
        self.counts = counts

    def share(self, steps: int) -> Value:
        """The share of the `steps` since the last time; the count begins anew."""
        found = (self.counts.astype(np.float64) / steps).tolist()
        self.counts[...] = 0
        return tuple(found) if isinstance(found, list) else found

    def saved(self) -> dict[str, Any]:
        return {"counts": self.counts}

    def restore(self, saved: Mapping[str, Any]) -> None:
        self.counts[...] = saved["counts"]
