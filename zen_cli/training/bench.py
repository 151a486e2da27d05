"""How long each layer takes in a training step, forward and backward, beside what the machine can do at most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from zen_cli.compiler.cost import Cost
from zen_cli.compiler.readable.body import rank
from zen_cli.compiler.timed import timed
from zen_cli.training.training import Training

BACKWARD = ", gradient"
REST = "optimizer"  # what belongs to no layer: clipping, the rule, averages
ROUNDS = 3  # at least
SIDE = 1024  # of the matrices whose product shows what the machine can do

Clock = Callable[[], float]


class Part(NamedTuple):
    """Of a layer, the loss or the optimizer: seconds, and what was worked out and moved."""

    name: str
    forward: float
    backward: float
    cost: Cost


class Measured(NamedTuple):
    """A step as it runs, in seconds; its parts, which are measured one by one; operations a second at most."""

    step: float
    rows: int
    parts: list[Part]
    peak: float

    @property
    def cost(self) -> Cost:
        total = Cost()
        for part in self.parts:
            total = total.plus(part.cost)
        return total


def measured(training: Training, seconds: float, clock: Clock) -> Measured:
    """Takes steps on the first batch, at a rate of 0, for about so many seconds. Medians."""
    segment = next(iter(training.feed.epoch()))
    segment.load(0)
    program, dtype = segment.step.program, training.state.dtype
    stamps: list[float] = []
    told = timed(program, lambda i: stamps.append(clock()), training.noise)
    given = (1, 0.0) if program.arguments else ()
    whole: list[float] = []
    each: list[Any] = []
    with np.errstate(all="ignore"):
        program.run(*given)
        end = clock() + seconds
        while clock() < end or len(each) < ROUNDS:
            begin = clock()
            program.run(*given)
            whole.append(clock() - begin)
            stamps.clear()
            told.run(*given)
            each.append(np.diff(stamps))
    stretches = zip(told.scopes, np.median(each, axis=0).tolist(), strict=True)
    rows = len(segment.step.x) if training.state.replicas is None else segment.step.x.shape[1]
    return Measured(float(np.median(whole)), rows, _parts(list(stretches), told.costs), peak(dtype, clock))


def _parts(stretches: list[tuple[str, float]], costs: dict[str, Cost]) -> list[Part]:
    """By layer, in the order of the network; then the loss, then the rest."""
    times: dict[str, float] = {}
    for scope, seconds in stretches:
        times[scope] = times.get(scope, 0.0) + seconds
    found: dict[str, Part] = {}
    for scope in sorted({*times, *costs}, key=rank):
        name, seconds = scope.removesuffix(BACKWARD) or REST, times.get(scope, 0.0)
        part = found.get(name, Part(name, 0.0, 0.0, Cost()))
        forward, backward = (0.0, seconds) if scope.endswith(BACKWARD) else (seconds, 0.0)
        total = part.cost.plus(costs.get(scope, Cost()))
        found[name] = Part(name, part.forward + forward, part.backward + backward, total)
    return list(found.values())


def peak(dtype: Any, clock: Clock) -> float:
    """Operations a second in the product of two large matrices: the fastest thing that NumPy does."""
    a, out = np.ones((SIDE, SIDE), dtype), np.empty((SIDE, SIDE), dtype)
    a.dot(a, out)
    best = min(_took(lambda: a.dot(a, out), clock) for _ in range(ROUNDS))
    return 2 * SIDE**3 / max(best, 1e-9)


def _took(act: Callable[[], Any], clock: Clock) -> float:
    begin = clock()
    act()
    return clock() - begin
