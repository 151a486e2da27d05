"""The rate as it is."""

from typing import ClassVar

from zen_cli.nn.schedulers.base import Factor, Horizon, Scheduler, schedulers, warming
from zen_cli.registry import Length


@schedulers.register("constant")
class Constant(Scheduler):
    """lr_t = lr; with a warm-up it rises to lr and stays there.

    torch's ConstantLR is no such thing: it is a warm-up from lr / 3.
    Source: Robbins and Monro 1951 have rates that fall; this is what is left when they do not.

    >>> from zen_cli.nn.worked import rates
    >>> rates(Constant(warmup=2), steps=4)
    [0.5, 1.0, 1.0, 1.0]
    """

    example: ClassVar[str] = "{type: constant, warmup: 5%}"
    warmup: Length = warming()

    def factors(self, horizon: Horizon) -> Factor:
        return lambda t: 1.0
