"""Averaged gradient descent."""

from typing import ClassVar

from zen_cli.compiler.primitives import maximum
from zen_cli.compiler.tensor import Tensor
from zen_cli.nn.optimizers.base import Optimizer, decay, optimizers, rate
from zen_cli.registry import option


@optimizers.register("asgd")
class Asgd(Optimizer):
    """p <- p (1 - lambd eta) - eta g, eta = lr / (1 + lambd lr (t - 1))^alpha; a <- a + (p - a) / max(1, t - 1 - t0).

    The average a is remembered, not used: as in torch, predictions are made with p.
    Source: Polyak and Juditsky 1992; Bottou 2012, Stochastic Gradient Descent Tricks; torch.optim.ASGD.

    >>> from zen_cli.nn.worked import steps
    >>> steps(Asgd(lr=1.0, lambd=1.0, alpha=1.0), 1.0, [3, 1])  # eta is 1, then 1/2
    [-3.0, -2.0]
    """

    example: ClassVar[str] = "{type: asgd, lr: 0.01, t0: 100}"
    lr_center = 0.1
    lr: float = rate(1e-2)
    lambd: float = option(1e-4, help="how fast p decays, and eta falls", low=0)
    alpha: float = option(0.75, help="the power with which eta falls", low=0)
    t0: float = option(1e6, help="the step after which a averages", low=0)
    weight_decay: float = decay()

    def slots(self) -> tuple[str, ...]:
        return ("average",)

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        before = t - 1.0
        eta = lr / (1.0 + self.lambd * lr * before) ** self.alpha
        p = p * (1.0 - self.lambd * eta) - eta * g
        a = slots["average"]
        slots["average"] = a + (p - a) / maximum(before - self.t0, 1.0)
        return p
