"""The way of a point over a surface: the training again, with the position noted after every step."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from zen_cli.experiment import Experiment
from zen_cli.problems.surface import Surface
from zen_cli.training.events import DIVERGED, End, Epoch, Start
from zen_cli.training.training import Training


class Path(NamedTuple):
    """The places from the start on, one a step; the height at the end; whether it ended by leaving all bounds."""

    places: list[tuple[float, float]]
    height: float
    diverged: bool

    @property
    def steps(self) -> int:
        return len(self.places) - 1


def path(experiment: Experiment) -> Path:
    """The way that a training takes on a surface: the same numbers as in its run, bit for bit."""
    assert isinstance(experiment.problem, Surface)
    training = Training(experiment)
    (position,) = training.state.views("parameters").values()
    places, diverged = [], False
    with np.errstate(all="ignore"):
        for event in training.events(lambda: 0.0):
            if isinstance(event, (Start, Epoch)):
                x, y = position.ravel().tolist()
                places.append((x, y))
            diverged = diverged or (isinstance(event, End) and event.status == DIVERGED)
        height = float(experiment.problem.height(*map(np.float64, places[-1])))
    return Path(places, height if math.isfinite(height) else math.inf, diverged)
