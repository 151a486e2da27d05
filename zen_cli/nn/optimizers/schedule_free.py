"""Schedule-free gradient descent and AdamW: averages take the place of a falling rate."""

from typing import ClassVar

from zen_cli.compiler.primitives import maximum, minimum, sqrt, square
from zen_cli.compiler.tensor import Tensor
from zen_cli.nn.optimizers.adam import BETAS
from zen_cli.nn.optimizers.base import Number, Optimizer, decay, optimizers, rate
from zen_cli.registry import option

WARMUP = "steps in which the rate rises evenly to lr"
POWER = "r: the average weighs step t by t^r"
TINY = 1e-37  # so that a rate of zero averages nothing in
SLOTS = ("ahead", "lead", Number("largest_rate"), Number("weights"))


@optimizers.register("schedule_free_sgd")
class ScheduleFreeSgd(Optimizer):
    """g at y = p + (1 - mu) (z - p); z <- z - lr g; p <- p + c (z - p), c = w / (sum of all w), w = t^r max(lr)^2.

    p is the average of the z, and what predictions are made with; the loss in training is that at y. Weight decay
    joins g, taken at y. lr is that of the step: it rises over warmup_steps and is best left constant otherwise.
    Source: Defazio et al. 2024, arXiv:2405.15682; schedulefree.SGDScheduleFree.

    >>> from zen_cli.nn.worked import steps
    >>> steps(ScheduleFreeSgd(lr=0.1), 1.0, [1, 1, 1])  # z is 0.9, 0.8, 0.7: their means
    [0.9, 0.85, 0.8]
    """

    example: ClassVar[str] = "{type: schedule_free_sgd, lr: 1.0}"
    decays_itself: ClassVar[bool] = True
    lr_center = 1.0
    lr: float = rate(1.0)
    momentum: float = option(0.9, help="mu: how near y is to the average p", low=0, below=1)
    weight_decay: float = decay()
    warmup_steps: int = option(0, help=WARMUP, low=0)
    r: float = option(0.0, help=POWER, low=0)

    def slots(self) -> tuple[str, ...]:
        return SLOTS

    def ahead(self, p: Tensor, slots: dict[str, Tensor]) -> Tensor:
        return p + (1.0 - self.momentum) * slots["lead"]

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        g = g + self.weight_decay * slots["ahead"] if self.weight_decay else g
        return average(p, g, slots, warm(lr, t, self.warmup_steps), t, self.r)


@optimizers.register("schedule_free_adamw")
class ScheduleFreeAdamW(Optimizer):
    """g at y = p + (1 - b1) (z - p); z <- z - lr (g / (sqrt(v^) + eps) + decay y); p <- p + c (z - p).

    v <- b2 v + (1 - b2) g^2, v^ = v / (1 - b2^t), and c as in schedule_free_sgd: p is the average of the z, and what
    predictions are made with; the loss in training is that at y.
    Source: Defazio et al. 2024, arXiv:2405.15682, algorithm 1; schedulefree.AdamWScheduleFree.

    >>> from zen_cli.nn.worked import steps
    >>> steps(ScheduleFreeAdamW(lr=0.1), 1.0, [5, 5, 5])  # z is 0.9, 0.8, 0.7: their means
    [0.9, 0.85, 0.8]
    """

    example: ClassVar[str] = "{type: schedule_free_adamw, lr: 2.5e-3}"
    decays_itself: ClassVar[bool] = True
    lr_center = 0.0025
    lr: float = rate(2.5e-3)
    betas: tuple[float, float] = option((0.9, 0.999), help=BETAS, low=0, below=1)
    eps: float = option(1e-8, help="added to the root", low=0)
    weight_decay: float = decay()
    warmup_steps: int = option(0, help=WARMUP, low=0)
    r: float = option(0.0, help=POWER, low=0)

    def slots(self) -> tuple[str, ...]:
        return ("square", *SLOTS)

    def ahead(self, p: Tensor, slots: dict[str, Tensor]) -> Tensor:
        return p + (1.0 - self.betas[0]) * slots["lead"]

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        beta2 = self.betas[1]
        v = slots["square"] = beta2 * slots["square"] + (1.0 - beta2) * square(g)
        step = g / (sqrt(v) / sqrt(1.0 - beta2**t) + self.eps)
        step = step + self.weight_decay * slots["ahead"] if self.weight_decay else step
        return average(p, step, slots, warm(lr, t, self.warmup_steps), t, self.r)


def warm(lr: Tensor, t: Tensor, steps: int) -> Tensor:
    """The rate while it rises over the first `steps`."""
    return lr * minimum(t / float(steps), 1.0) if steps else lr


def average(p: Tensor, step: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor, r: float) -> Tensor:
    """The average p after z <- z - lr step; the slot `lead` is z - p, which is zero at the start."""
    largest = slots["largest_rate"] = maximum(slots["largest_rate"], lr)
    weight = square(largest) * t**r if r else square(largest)
    total = slots["weights"] = slots["weights"] + weight
    share = weight / maximum(total, TINY)
    lead = slots["lead"] - lr * step
    slots["lead"] = lead * (1.0 - share)
    return p + share * lead
