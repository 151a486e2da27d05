"""Warm up, stay, decay."""

import math
from collections.abc import Callable
from typing import ClassVar, Literal

from zen_cli.nn.schedulers.base import Factor, Horizon, Scheduler, remaining, schedulers, warming
from zen_cli.nn.schedulers.cosine import wave
from zen_cli.registry import Length, option

SHAPES: dict[str, Callable[[float], float]] = {
    "sqrt": lambda x: 1.0 - math.sqrt(x), "linear": lambda x: 1.0 - x, "cosine": lambda x: wave(x, 0.0),
}  # fmt: skip


@schedulers.register("wsd")
class Wsd(Scheduler):
    """lr_t = lr, and in the last `decay` steps lr (floor + (1 - floor) (1 - sqrt(x))), x from 0 to 1 over them.

    Until the decay begins nothing depends on the budget: a run may be made longer from there. `linear` is also known
    as the trapezoid.
    Source: Hu et al. 2024, arXiv:2404.06395; Haegele et al. 2024, arXiv:2405.18392 (1 - sqrt).

    >>> from zen_cli.nn.worked import rates
    >>> rates(Wsd(decay=4), steps=6)
    [1.0, 1.0, 1.0, 0.5, 0.292893, 0.133975]
    """

    example: ClassVar[str] = "{type: wsd, warmup: 5%, decay: 20%}"
    decay: Length = option(0.2, help="how long it falls in the end: 20%, 100 (steps) or `3 epochs`", above=0)
    shape: Literal["sqrt", "linear", "cosine"] = option("sqrt", help="along what it falls")
    floor: float = remaining()
    warmup: Length = warming()

    def factors(self, horizon: Horizon) -> Factor:
        decay, shape = horizon.count(self.decay), SHAPES[self.shape]
        begin = horizon.steps - decay

        def factor(t: int) -> float:
            fallen = min(max((t - begin) / decay, 0.0), 1.0)
            return self.floor + (1.0 - self.floor) * shape(fallen)

        return factor
