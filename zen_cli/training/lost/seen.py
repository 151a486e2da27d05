"""Whether a training is lost: looked at after each epoch, so it must cost little."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from zen_cli.nn.state import State


def what_is_lost(state: State, loss: Any) -> str:
    """What is not finite any more, in every net; empty if some net is well."""
    if not any(map(math.isfinite, loss if isinstance(loss, tuple) else (loss,))):
        return "the loss is not finite"
    weights = state.vectors["parameters"]
    with np.errstate(all="ignore"):
        if math.isfinite(np.vdot(weights, weights)) or np.isfinite(weights).all(-1).any():
            return ""
    views = state.views("parameters").items()
    return next(f"{name} is not finite" for name, view in views if not np.isfinite(view).all())
