"""Times several steps fairly on a machine that others use too: in turn, in blocks, and by their median.

A, B, C, A, B, C, ... lets a slow minute fall on all of them. A block runs for about a tenth of a second and
gives one figure; the median and the quartiles are over blocks.
"""

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple


class Timing(NamedTuple):
    """Microseconds a step: the median over blocks and its quartiles."""

    median: float
    low: float
    high: float
    blocks: int

    def __str__(self) -> str:
        return f"{significant(self.median)} ({significant(self.low)}-{significant(self.high)})"


def interleave(
    steps: Mapping[str, Callable[[], object]], *, batches: Mapping[str, int] | None = None, block: float = 0.1,
    total: float = 10.0, least: int = 3, clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Timing]:
    """Microseconds a step of each, from blocks of about `block` seconds run in turn for about `total` seconds.

    A step longer than `block` is a block of its own; each gets at least `least` blocks, whatever it takes. Where a
    call of a step trains several mini-batches, `batches` says how many, and the figures are for one of them.
    """
    start = clock()
    counts = {name: _steps_a_block(step, block, clock) for name, step in steps.items()}
    blocks: dict[str, list[float]] = {name: [] for name in steps}
    rounds = 0
    while rounds < least or clock() - start < total:
        for name, step in steps.items():
            blocks[name].append(_time_block(step, counts[name], clock) / (batches or {}).get(name, 1))
        rounds += 1
    return {name: summary(figures) for name, figures in blocks.items()}


def _steps_a_block(step: Callable[[], object], block: float, clock: Callable[[], float]) -> int:
    """Warms up by doubling until the last half took a block, and says how many steps that is."""
    step()
    count = 1
    while (seconds := _time_block(step, count, clock) * count / 1e6) < block / 2:
        count *= 2
    return max(1, round(count * block / seconds))


def _time_block(step: Callable[[], object], count: int, clock: Callable[[], float]) -> float:
    for _ in range(count // 20):  # fills the caches that the others emptied
        step()
    collecting = gc.isenabled()
    gc.disable()
    try:
        start = clock()
        for _ in range(count):
            step()
        seconds = clock() - start
    finally:
        if collecting:
            gc.enable()
    return seconds / count * 1e6


def summary(figures: Sequence[float]) -> Timing:
    """Median and quartiles.

    >>> summary([4.0, 1.0, 2.0, 3.0, 5.0])
    Timing(median=3.0, low=2.0, high=4.0, blocks=5)
    """
    low, median, high = statistics.quantiles(figures, n=4, method="inclusive")
    return Timing(median, low, high, len(figures))


def significant(value: float) -> str:
    """Three significant digits, thousands apart.

    >>> significant(12.345), significant(605123.0), significant(0.0123)
    ('12.3', '605,000', '0.0123')
    """
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if rounded >= 100 else f"{rounded:.3g}"

