"""Gradient descent, with and without momentum."""

from typing import ClassVar

from zen_cli.compiler.primitives import maximum
from zen_cli.compiler.tensor import Tensor
from zen_cli.nn.optimizers.base import Optimizer, decay, decoupled, optimizers, rate, rate_inside
from zen_cli.registry import option

KERAS = {"lr": 0.01, "decoupled_weight_decay": True}
WITH_MOMENTUM = {"keras": {**KERAS, "rate_inside": True}, "optax": {}, "seed": {"lr": 0.01, "rate_inside": True}}


@optimizers.register("sgd")
class Sgd(Optimizer):
    """p <- p - lr g.

    Source: Robbins and Monro 1951; torch.optim.SGD.

    >>> from zen_cli.nn.worked import steps
    >>> steps(Sgd(lr=0.1), 1.0, [1, 2])
    [0.9, 0.7]
    """

    example: ClassVar[str] = "{type: sgd, lr: 0.1}"
    presets = {"keras": KERAS, "optax": {}, "seed": {"lr": 0.01}}
    lr_center = 0.1
    lr: float = rate(1e-3)
    weight_decay: float = decay()
    decoupled_weight_decay: bool = decoupled()

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        return p - lr * g


@optimizers.register("momentum")
class Momentum(Optimizer):
    """b <- mu b + (1 - dampening) g (the first step undamped); p <- p - lr b.

    The rate stands outside b, so that a schedule acts at once. rate_inside, as in Keras: b <- mu b + lr g; p <- p - b.
    Source: Polyak 1964; torch.optim.SGD.

    >>> from zen_cli.nn.worked import steps
    >>> steps(Momentum(lr=0.1), 1.0, [1, 1])
    [0.9, 0.71]
    """

    example: ClassVar[str] = "{type: momentum, lr: 0.1}"
    presets = WITH_MOMENTUM
    aliases = {**Optimizer.aliases, "beta": "momentum"}
    lr_center = 0.03
    lr: float = rate(1e-3)
    momentum: float = option(0.9, help="mu, the share of b that is kept", low=0, below=1)
    dampening: float = option(0.0, help="share of g that is held back", low=0, below=1)
    weight_decay: float = decay()
    decoupled_weight_decay: bool = decoupled()
    rate_inside: bool = rate_inside()

    def slots(self) -> tuple[str, ...]:
        return ("momentum",)

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        damping = 1.0 + self.dampening * maximum(1.0 - t, -1.0)
        inside, outside = (lr, 1.0) if self.rate_inside else (1.0, lr)
        b = slots["momentum"] = self.momentum * slots["momentum"] + inside * (damping * g)
        return p - outside * b


@optimizers.register("nesterov")
class Nesterov(Optimizer):
    """b <- mu b + g; p <- p - lr (g + mu b).

    rate_inside, as in Keras: b <- mu b + lr g; p <- p - lr g - mu b.
    Source: Nesterov 1983 in the form of Sutskever et al. 2013; torch.optim.SGD(nesterov=True).

    >>> from zen_cli.nn.worked import steps
    >>> steps(Nesterov(lr=0.1), 1.0, [1, 1])
    [0.81, 0.539]
    """

    example: ClassVar[str] = "{type: nesterov, lr: 0.03}"
    presets = WITH_MOMENTUM
    aliases = {**Optimizer.aliases, "beta": "momentum"}
    lr_center = 0.03
    lr: float = rate(1e-3)
    momentum: float = option(0.9, help="mu, the share of b that is kept", low=0, below=1)
    weight_decay: float = decay()
    decoupled_weight_decay: bool = decoupled()
    rate_inside: bool = rate_inside()

    def slots(self) -> tuple[str, ...]:
        return ("momentum",)

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        inside, outside = (lr, 1.0) if self.rate_inside else (1.0, lr)
        b = slots["momentum"] = self.momentum * slots["momentum"] + inside * g
        return p - outside * (inside * g + self.momentum * b)
