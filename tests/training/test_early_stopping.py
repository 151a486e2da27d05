"""The patience of nets that train together."""

from __future__ import annotations

import math

import numpy as np
import pytest

from zen_cli.config.sections import EarlyStopping
from zen_cli.nn.initializers import Zeros
from zen_cli.nn.network import Parameter
from zen_cli.nn.optimizers.nadam import NAdam
from zen_cli.nn.state import State
from zen_cli.training.early_stopping import EarlyStop

LOSSES = [(5.0, 3.0), (4.0, 4.0), (6.0, 5.0), (7.0, 1.0), (8.0, 0.5)]


def state(replicas: int | None) -> State:
    weight = Parameter("model.0.weight", (2,), Zeros(), (1, 1))
    return State([weight], NAdam(), replicas, np.float64)


def seen(stop: EarlyStop, vectors: State, epochs: int) -> None:
    """Epochs whose weights are the number of the epoch."""
    for epoch, losses in enumerate(LOSSES[:epochs], 1):
        for vector in vectors.vectors.values():
            vector[...] = epoch
        train = stop.hold({"loss": losses})
        stop.see(epoch, {"train": train})


def test_each_net_stops_at_its_best() -> None:
    vectors = state(2)
    stop = EarlyStop(EarlyStopping(patience=2), "train.loss", vectors)
    seen(stop, vectors, 3)
    assert [net.exhausted for net in stop.nets] == [False, True] and not stop.exhausted
    assert vectors.vectors["parameters"].tolist() == [[3.0, 3.0], [1.0, 1.0]]
    vectors.vectors["parameters"][...] = 9.0
    assert stop.hold({"loss": (7.0, 1.0)}) == {"loss": (7.0, 5.0)}  # what it was when it stopped
    stop.see(4, {"train": {"loss": (7.0, 5.0)}})
    assert stop.exhausted
    assert vectors.vectors["parameters"].tolist() == [[2.0, 2.0], [1.0, 1.0]]
    assert vectors.vectors["optimizer.square"].tolist() == [[2.0, 2.0], [1.0, 1.0]]
    assert vectors.vectors["optimizer.product"].tolist() == [2.0, 1.0]


def test_one_net() -> None:
    vectors = state(None)
    stop = EarlyStop(EarlyStopping(patience=1), "train.loss", vectors)
    for epoch, loss in enumerate((2.0, 1.0, math.nan), 1):
        vectors.vectors["parameters"][...] = epoch
        assert not stop.exhausted
        stop.see(epoch, {"train": stop.hold({"loss": loss})})
    assert stop.exhausted and vectors.vectors["parameters"].tolist() == [2.0, 2.0]


def test_min_delta_is_what_counts_as_better() -> None:
    vectors = state(None)
    stop = EarlyStop(EarlyStopping(patience=2, min_delta=0.5), "train.loss", vectors)
    for epoch, loss in enumerate((2.0, 1.8, 1.6), 1):
        stop.see(epoch, {"train": {"loss": loss}})
    assert stop.exhausted
    assert stop.nets[0].best.epoch == 3  # the best is the best, however small the step


@pytest.mark.parametrize("monitor, values", [("validation.accuracy", (0.5, 0.4)), ("validation.loss", (0.4, 0.5))])
def test_direction_follows_the_metric(monitor: str, values: tuple[float, ...]) -> None:
    stop = EarlyStop(EarlyStopping(monitor=monitor, patience=1), "train.loss", state(None))
    for epoch, value in enumerate(values, 1):
        assert not stop.exhausted
        stop.see(epoch, {"train": {"loss": 1.0}, "validation": {monitor.partition(".")[2]: value}})
    assert stop.exhausted
