"""When a net has stopped improving: each of several seeds by its own patience, as if it trained alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zen_cli.config.sections import EarlyStopping
from zen_cli.nn.state import State
from zen_cli.training.conditions import values_of
from zen_cli.training.events import Metrics, Value
from zen_cli.training.progress import Best, improves

Array = np.ndarray[Any, Any]


class Patience:
    """One net: counts its epochs without improvement, keeps its best numbers, and goes back to them at the end.

    `vectors` are views of the numbers that training changes.
    """

    def __init__(self, section: EarlyStopping, monitor: str, best: str, vectors: dict[str, Array]) -> None:
        self.section, self.monitor, self.vectors = section, monitor, vectors
        self.best = Best(best)
        self.kept: dict[str, Array] = {}
        self.lowest, self.waited, self.loss = math.nan, 0, math.nan

    @property
    def exhausted(self) -> bool:
        return self.waited >= self.section.patience

    def see(self, epoch: int, watched: float, best: float, loss: float) -> None:
        """Takes the numbers of an epoch; back to the best one when `patience` epochs in a row were no better."""
        if self.exhausted:
            return
        self.loss = loss
        if self.best.note(epoch, (best,)):
            for name, vector in self.vectors.items():
                np.copyto(self.kept.setdefault(name, np.empty_like(vector)), vector)
        if improves(self.monitor, watched, self.lowest, self.section.min_delta):
            self.lowest, self.waited = watched, 0
        else:
            self.waited += 1
        self.hold()

    def hold(self) -> None:
        """Once exhausted, undoes whatever has been trained since."""
        if self.exhausted:
            for name, vector in self.kept.items():
                self.vectors[name][...] = vector


class EarlyStop:
    """The patience of every net of a training."""

    def __init__(self, section: EarlyStopping, monitored: str, state: State) -> None:
        self.section, self.monitor, self.monitored = section, section.monitor or monitored, monitored
        changing = {name: vector for name, vector in state.vectors.items() if name != "gradients"}
        rows = [changing] if state.replicas is None else [
            {name: vector[i, ...] for name, vector in changing.items()} for i in range(state.replicas)
        ]
        self.nets: Sequence[Patience] = [Patience(section, self.monitor, monitored, row) for row in rows]

    @property
    def exhausted(self) -> bool:
        return all(net.exhausted for net in self.nets)

    def see(self, epoch: int, measured: dict[str, Metrics]) -> None:
        watched, best, losses = (values_of(measured, name) for name in (self.monitor, self.monitored, "train.loss"))
        for net, *numbers in zip(self.nets, watched, best, losses, strict=True):
            net.see(epoch, *numbers)

    def hold(self, train: Metrics) -> Metrics:
        """After an epoch: nets that have stopped are where they stopped, and so is their loss."""
        for net in self.nets:
            net.hold()
        loss: Value = train["loss"]
        if not isinstance(loss, tuple):
            return train
        held = zip(self.nets, loss, strict=True)
        return {"loss": tuple(net.loss if net.exhausted else number for net, number in held)}

    def saved(self) -> dict[str, Any]:
        numbers = {name: np.array([getattr(net, name) for net in self.nets]) for name in ("lowest", "waited", "loss")}
        best = {f"best_{name}": np.array([getattr(net.best, name) for net in self.nets]) for name in ("epoch", "value")}
        kept = {f"kept.{name}": np.stack(self._kept(name)) for name in self.nets[0].vectors}
        return {**numbers, **best, **kept}

    def _kept(self, name: str) -> list[Array]:
        """A vector of each net as it is kept; zeros where none is yet."""
        return [net.kept.get(name, np.zeros_like(net.vectors[name])) for net in self.nets]

    def restore(self, saved: Mapping[str, Any]) -> None:
        for i, net in enumerate(self.nets):
            net.lowest, net.waited, net.loss = (saved[name][i].item() for name in ("lowest", "waited", "loss"))
            net.best.epoch, net.best.value = saved["best_epoch"][i].item(), saved["best_value"][i].item()
            net.kept = {name: saved[f"kept.{name}"][i].copy() for name in net.vectors} if net.best.epoch else {}

    def __str__(self) -> str:
        return f"{self.monitor} has not improved for {self.section.patience} epochs"
