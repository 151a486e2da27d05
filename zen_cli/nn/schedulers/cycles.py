"""Up and down again: once, or all the time."""

from typing import ClassVar, Literal

from zen_cli.nn.schedulers.base import Factor, Horizon, Scheduler, schedulers, warming
from zen_cli.nn.schedulers.cosine import wave
from zen_cli.registry import Length, Share, option


@schedulers.register("one_cycle")
class OneCycle(Scheduler):
    """lr_t = lr from lr / div up to lr at the `peak`, then down to lr / div / final_div, along cosines or lines.

    lr is the highest rate. The peak is at step peak T - 1 and the end at step T - 1 of T, as in torch. It is a warm-up
    of its own. Momentum and beta1 stay as they are: torch moves them against the rate unless cycle_momentum is off.
    Source: Smith and Topin 2018, arXiv:1708.07120; torch.optim.lr_scheduler.OneCycleLR.

    >>> from zen_cli.nn.worked import rates
    >>> rates(OneCycle(peak=0.5, div=4, final_div=25, shape="linear"), steps=8)
    [0.25, 0.5, 0.75, 1.0, 0.7525, 0.505, 0.2575, 0.01]
    """

    example: ClassVar[str] = "{type: one_cycle, peak: 30%}"
    peak: Share = option(0.3, help="when the rate is highest", above=0, below=1)
    div: float = option(25.0, help="the first rate is lr / div", low=1)
    final_div: float = option(1e4, help="the last rate is lr / div / final_div", low=1)
    shape: Literal["cosine", "linear"] = option("cosine", help="along what it goes up and down")

    def factors(self, horizon: Horizon) -> Factor:
        end = max(horizon.steps - 1, 1)
        peak = self.peak * horizon.steps - 1.0
        low, last = 1.0 / self.div, 1.0 / (self.div * self.final_div)

        def factor(t: int) -> float:
            if t <= peak:
                return self._between(low, 1.0, t / peak if peak else 1.0)
            return self._between(1.0, last, min((t - peak) / (end - peak), 1.0))

        return factor

    def _between(self, start: float, end: float, progress: float) -> float:
        way = progress if self.shape == "linear" else 1.0 - wave(progress, 0.0)
        return start + (end - start) * way


@schedulers.register("cyclic", main="rise")
class Cyclic(Scheduler):
    """lr_t = lr (low + (1 - low) s), s from 0 up to 1 in `rise` steps and down to 0 in as many, again and again.

    lr is the highest rate; `halve` has each peak half as high above the lowest rate as the one before it. Momentum
    stays as it is, as in torch with cycle_momentum off.
    Source: Smith 2017, arXiv:1506.01186; torch.optim.lr_scheduler.CyclicLR (modes triangular and triangular2).

    >>> from zen_cli.nn.worked import rates
    >>> rates(Cyclic(rise=2, low=0.2), steps=6)
    [0.2, 0.6, 1.0, 0.6, 0.2, 0.6]
    """

    example: ClassVar[str] = "{type: cyclic, rise: 5%, low: 0.1}"
    rise: Length = option(help="how long it rises, and falls: 5%, 100 (steps) or `3 epochs`", above=0)
    low: Share = option(0.1, help="the lowest rate as a share of lr", low=0, high=1)
    halve: bool = option(False, help="each cycle half as high as the one before it")
    warmup: Length = warming()

    def factors(self, horizon: Horizon) -> Factor:
        rise = horizon.count(self.rise)

        def factor(t: int) -> float:
            cycle, within = divmod(t, 2 * rise)
            height = 0.5**cycle if self.halve else 1.0
            return self.low + (1.0 - self.low) * height * (1.0 - abs(within / rise - 1.0))

        return factor
