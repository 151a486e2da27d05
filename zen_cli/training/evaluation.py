"""Loss and metrics of a network on rows, in batches, for one net or a stack of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from zen_cli.data.target import TargetScale
from zen_cli.experiment import Experiment, sample_of
from zen_cli.nn.programs import Batch, Inference
from zen_cli.nn.state import State
from zen_cli.training.events import Metrics
from zen_cli.training.part import Part
from zen_cli.training.rows import encode

Array = np.ndarray[Any, Any]
BATCH, LEAST = 1024, 16  # rows at a time: predictions do not depend on it beyond rounding
ROOM = 1 << 22  # numbers between the layers up to which so many rows are taken


class Judged(NamedTuple):
    """Of each row what a user reads, and its loss."""

    prediction: Array
    losses: Array


class Evaluation:
    """Runs the network as `state` holds it; predictions and metrics are in the target's own unit.

    Programs are compiled once for each size of batch. `weights`: the vector of its weights that is to predict; default:
    as the state says.
    """

    def __init__(
        self, experiment: Experiment, state: State, constants: Mapping[str, Array] | None = None,
        scale: TargetScale | None = None, weights: str | None = None,
    ) -> None:  # fmt: skip
        self.experiment, self.state, self.constants, self.scale = experiment, state, constants, scale
        self.weights = weights or state.predicting
        self._programs: dict[tuple[int, bool, bool], Inference] = {}
        self.batch = max(LEAST, min(BATCH, ROOM // max(1, experiment.activations)))

    def program(self, rows: int, with_loss: bool = True, each: bool = False) -> Inference:
        """The inference program for `rows` rows of each replica."""
        key = (rows, with_loss, each)
        if key not in self._programs:
            self._programs[key] = self._compile(*key)
        return self._programs[key]

    def _compile(self, rows: int, with_loss: bool, each: bool) -> Inference:
        it = self.experiment
        encoded = encode(it, sample_of(it.target), None)
        batch = Batch(rows, encoded.shape[1:], encoded.dtype.kind == "i")
        return Inference(
            it.network, it.loss, self.state, batch, constants=self.constants, with_loss=with_loss, each=each,
            weights=self.weights,
        )  # fmt: skip

    def predict(self, x: Array) -> Array:
        """What a user reads for each row of one net: probabilities, or numbers.

        Few rows are padded, so that rows that come in twos and threes need no program for each of these numbers.
        """
        found = [self._padded(x[start : start + self.batch]) for start in range(0, len(x), self.batch)]
        return np.concatenate(found) if found else np.zeros((0, self.experiment.width))

    def _padded(self, x: Array) -> Array:
        inputs = self.program(1 << (len(x) - 1).bit_length(), with_loss=False).x
        inputs[: len(x)], inputs[len(x) :] = x, 0
        return self._run([inputs], None)[: len(x)]

    def judge(self, part: Part) -> Judged:
        """Every row of one net for itself."""
        predictions, losses = [], []
        for start in range(0, part.rows, self.batch):
            chunk = slice(start, start + self.batch)
            predictions.append(self._run([part.x[chunk]], [part.y[chunk]], each=True))
            losses.append(self.program(len(predictions[-1]), each=True).losses.astype(np.float64))
        return Judged(np.concatenate(predictions), np.concatenate(losses))

    def _run(self, xs: Sequence[Array], ys: Sequence[Array] | None, each: bool = False) -> Array:
        inference = self.program(len(xs[0]), ys is not None, each)
        with np.errstate(all="ignore"):  # what overflows on the way to a right result is no news
            for place, x in zip(self._places(inference.x), xs, strict=True):
                place[...] = x
            for place, y in zip(self._places(inference.y), ys or (), strict=ys is not None):
                place[...] = y
            inference.run()
        found = inference.prediction.astype(np.float64)
        return found if self.scale is None else self.scale.undo(found)

    def _places(self, array: Array) -> Sequence[Array]:
        return array if self.state.replicas is not None else (array,)  # type: ignore[return-value]

    def measure(self, parts: Sequence[Part]) -> Metrics:
        """The mean loss and every metric on a part of each replica's rows; tuples where there are replicas."""
        if self.experiment.target.steps:
            return self._measure_steps(parts)
        total: Any = 0.0
        predictions = []
        for start in range(0, parts[0].rows, self.batch):
            chunk = slice(start, start + self.batch)
            predictions.append(self._run([p.x[chunk] for p in parts], [p.y[chunk] for p in parts]))
            count = len(parts[0].x[chunk])
            total = total + self.program(count).loss.astype(np.float64) * count
        prediction = np.concatenate(predictions, axis=-2)
        found: dict[str, list[float]] = {"loss": np.atleast_1d(total / parts[0].rows).tolist()}
        with np.errstate(all="ignore"):  # of a net that is lost
            for metric in self.experiment.metrics:
                found[metric.label] = metric.of_each(self._places(prediction), [part.targets for part in parts])
        return self._named(found)

    def _named(self, found: dict[str, list[float]]) -> Metrics:
        stacked = self.state.replicas is not None
        return {name: tuple(values) if stacked else values[0] for name, values in found.items()}

    def _measure_steps(self, parts: Sequence[Part]) -> Metrics:
        """The same where each step of a row has a target: piece by piece, as means over all steps that have one."""
        losses, counts = [], []
        values: dict[str, list[Any]] = {metric.label: [] for metric in self.experiment.metrics}
        for start in range(0, parts[0].rows, self.batch):
            chunk = slice(start, start + self.batch)
            predictions = self._places(self._run([p.x[chunk] for p in parts], [p.y[chunk] for p in parts]))
            wanted = [part.targets[chunk] >= 0 for part in parts]
            losses.append(np.atleast_1d(self.program(len(wanted[0])).loss).astype(np.float64))
            counts.append([mask.sum() for mask in wanted])
            with np.errstate(all="ignore"):
                for metric in self.experiment.metrics:
                    triples = zip(predictions, parts, wanted, strict=True)
                    values[metric.label].append([metric(p[m], part.targets[chunk][m]) for p, part, m in triples])
        weights = np.array(counts)
        found = {"loss": (np.array(losses) * weights).sum(0) / weights.sum(0)}
        for metric in self.experiment.metrics:
            found[metric.label] = metric.joined(np.array(values[metric.label]), weights)
        return self._named({name: np.asarray(each).tolist() for name, each in found.items()})
