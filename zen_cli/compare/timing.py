"""What a step costs: measured one after another in turn, with nothing else of ours running."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from zen_cli.compare.entries import Entry
from zen_cli.compare.protocol import Protocol
from zen_cli.compiler.program import Program
from zen_cli.config.comparison import Timing
from zen_cli.nn.optimizers.step import looking_ahead, updates
from zen_cli.training.training import Training

WARM = 10  # steps before the first that is timed
UNSTEADY = 0.2  # interquartile range over the median, from which a cost says nothing
LONGEST = 1.0  # seconds for a block: of large nets fewer steps are taken


class Cost(NamedTuple):
    """Microseconds a step, and of its update alone; `spread` is the interquartile range over the median."""

    step: float
    update: float
    spread: float


def doubtful(cost: Cost, env: Mapping[str, Any], threads: int = 1) -> str | None:
    """Why a cost says nothing, if it does not: then it is not shown. `threads`: for how many it is stated."""
    if env.get("blas_threads", threads) != threads:
        return f"{env['blas_threads']} BLAS threads ran, times are stated for {threads}"
    cores, load = env.get("cores"), env.get("load")
    if cores and load is not None and load > cores - 0.5:
        return f"the machine was busy (load {load:.1f} on {cores} cores)"
    if cost.spread > UNSTEADY:
        return f"its step times vary by {cost.spread:.0%}"
    return None


def calibrate(protocol: Protocol, clock: Callable[[], float]) -> dict[str, Cost]:
    """The cost of each entry's step: blocks in the order A B C, A B C, ..., median over the blocks."""
    stepping = {entry.label: _step(protocol, entry) for entry in protocol.entries}
    updating = {entry.label: _update(protocol, entry) for entry in protocol.entries}
    with np.errstate(all="ignore"):
        steps, updates = (_in_turn(each, clock, protocol.timing) for each in (stepping, updating))
    return {label: _cost(steps[label], updates[label]) for label in stepping}


def _step(protocol: Protocol, entry: Entry) -> Callable[[], None]:
    training = Training(protocol.of(entry), protocol.seeds[0])
    each = batches(training)

    def step() -> None:
        segment, i = next(each)
        segment.load(i)
        training.step += 1
        segment.step.run(training.step, 1e-6)

    return step


def batches(training: Training) -> Iterator[tuple[Any, int]]:
    """Segment and number of each batch, epoch after epoch."""
    while True:
        for segment in training.feed.epoch():
            yield from ((segment, i) for i in range(segment.batches))


def _update(protocol: Protocol, entry: Entry) -> Callable[[], None]:
    training = Training(protocol.of(entry), protocol.seeds[0])
    state = training.state
    sections = [*looking_ahead(state.segments), *updates(state.segments)]
    program = Program(sections, state.leaves(), dtype=state.dtype, arguments=("t", "lr"))
    return lambda: program.run(1, 1e-6)


def _in_turn(
    steps: dict[str, Callable[[], None]], clock: Callable[[], float], timing: Timing
) -> dict[str, list[float]]:
    """Microseconds a call in each block."""
    found: dict[str, list[float]] = {label: [] for label in steps}
    counts = {label: _count(step, clock, timing.steps) for label, step in steps.items()}
    for _ in range(timing.blocks):
        for label, step in steps.items():
            begin = clock()
            for _ in range(counts[label]):
                step()
            found[label].append((clock() - begin) / counts[label] * 1e6)
    return found


def _count(step: Callable[[], None], clock: Callable[[], float], wanted: int) -> int:
    """Warms up; then how many calls fit into a block."""
    step()
    begin = clock()
    step()
    each = max(clock() - begin, 1e-9)
    for _ in range(min(WARM, int(LONGEST / each))):
        step()
    return max(1, min(wanted, int(LONGEST / each)))


def _cost(steps: list[float], updates: list[float]) -> Cost:
    low, middle, high = np.percentile(steps, (25, 50, 75))
    return Cost(float(middle), float(np.median(updates)), float((high - low) / middle))
