"""Gradient descent, with and without momentum."""

from typing import ClassVar

from zen_cli.compiler.primitives import maximum
from zen_cli.compiler.tensor import Tensor
from zen_cli.nn.optimizers.base import Optimizer, decay, optimizers, rate
from zen_cli.registry import option


@optimizers.register("sgd")
class Sgd(Optimizer):
    """p <- p - lr g.

    Source: Robbins and Monro 1951; torch.optim.SGD.

    >>> from zen_cli.nn.worked import steps
    >>> steps(Sgd(lr=0.1), 1.0, [1, 2])
    [0.9, 0.7]
    """

    example: ClassVar[str] = "{type: sgd, lr: 0.1}"
    lr_center = 0.1
    lr: float = rate(1e-3)
    weight_decay: float = decay()

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        return p - lr * g


@optimizers.register("momentum")
class Momentum(Optimizer):
    """b <- mu b + (1 - dampening) g (the first step undamped); p <- p - lr b.

    The rate stands outside b, so that a schedule acts at once (Keras and many posts have it inside).
    Source: Polyak 1964; torch.optim.SGD.

    >>> from zen_cli.nn.worked import steps
    >>> steps(Momentum(lr=0.1), 1.0, [1, 1])
    [0.9, 0.71]
    """

    example: ClassVar[str] = "{type: momentum, lr: 0.1}"
    lr_center = 0.03
    lr: float = rate(1e-3)
    momentum: float = option(0.9, help="mu, the share of b that is kept", low=0, below=1)
    dampening: float = option(0.0, help="share of g that is held back", low=0, below=1)
    weight_decay: float = decay()

    def slots(self) -> tuple[str, ...]:
        return ("momentum",)

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        damping = 1.0 + self.dampening * maximum(1.0 - t, -1.0)
        b = slots["momentum"] = self.momentum * slots["momentum"] + damping * g
        return p - lr * b


@optimizers.register("nesterov")
class Nesterov(Optimizer):
    """b <- mu b + g; p <- p - lr (g + mu b).

    Source: Nesterov 1983 in the form of Sutskever et al. 2013; torch.optim.SGD(nesterov=True).

    >>> from zen_cli.nn.worked import steps
    >>> steps(Nesterov(lr=0.1), 1.0, [1, 1])
    [0.81, 0.539]
    """

    example: ClassVar[str] = "{type: nesterov, lr: 0.03}"
    lr_center = 0.03
    lr: float = rate(1e-3)
    momentum: float = option(0.9, help="mu, the share of b that is kept", low=0, below=1)
    weight_decay: float = decay()

    def slots(self) -> tuple[str, ...]:
        return ("momentum",)

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        b = slots["momentum"] = self.momentum * slots["momentum"] + g
        return p - lr * (g + self.momentum * b)
