"""RMSProp."""

from typing import ClassVar

from zen_cli.compiler.primitives import maximum, square
from zen_cli.compiler.tensor import Tensor
from zen_cli.nn.optimizers.base import Optimizer, decay, decoupled, optimizers, rate, rate_inside, root
from zen_cli.registry import option


@optimizers.register("rmsprop")
class Rmsprop(Optimizer):
    """v <- alpha v + (1 - alpha) g^2; p <- p - lr g / (sqrt(v) + eps).

    centered: a <- alpha a + (1 - alpha) g, and v - a^2 stands for v, never below 0.
    momentum: b <- mu b + g / (sqrt(v) + eps); p <- p - lr b.
    The first step is lr / sqrt(1 - alpha): nothing corrects the bias. eps_inside: sqrt(v + eps), as in Keras and optax,
    which weighs far more where gradients are small. rate_inside: b <- mu b + lr g / sqrt; p <- p - b.
    Source: Tieleman and Hinton 2012, lecture 6e; Graves 2013, arXiv:1308.0850 (centered); torch.optim.RMSprop.

    >>> from zen_cli.nn.worked import steps
    >>> steps(Rmsprop(lr=0.1, alpha=0.9), 1.0, [1, 1])
    [0.683772, 0.454357]
    """

    example: ClassVar[str] = "{type: rmsprop, lr: 0.02, alpha: 0.9}"
    presets = {
        "keras": {
            "lr": 1e-3, "alpha": 0.9, "eps": 1e-7, "eps_inside": True, "rate_inside": True,
            "decoupled_weight_decay": True,
        },
        "optax": {"alpha": 0.9, "eps_inside": True, "rate_inside": True},
        "seed": {"alpha": 0.9, "eps": 1e-10, "eps_inside": True},
    }  # fmt: skip
    aliases = {**Optimizer.aliases, **dict.fromkeys(("rho", "decay", "beta"), "alpha")}
    lr_center = 0.001
    lr: float = rate(1e-2)
    alpha: float = option(0.99, help="how much of v is kept", low=0, below=1)
    eps: float = option(1e-8, help="added to the root", low=0)
    weight_decay: float = decay()
    momentum: float = option(0.0, help="mu", low=0, below=1)
    centered: bool = option(False, help="divide by the deviation, not by the size")
    decoupled_weight_decay: bool = decoupled()
    eps_inside: bool = option(False, help="eps joins v, not the root")
    rate_inside: bool = rate_inside()

    def slots(self) -> tuple[str, ...]:
        wanted = {"square": True, "mean": self.centered, "momentum": self.momentum > 0}
        return tuple(name for name, needed in wanted.items() if needed)

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        alpha = self.alpha
        v = slots["square"] = alpha * slots["square"] + (1.0 - alpha) * square(g)
        if self.centered:
            a = slots["mean"] = alpha * slots["mean"] + (1.0 - alpha) * g
            v = maximum(v - square(a), 0.0)
        step = g / root(v, self.eps, self.eps_inside)
        if not self.momentum:
            return p - lr * step
        inside, outside = (lr, 1.0) if self.rate_inside else (1.0, lr)
        b = slots["momentum"] = self.momentum * slots["momentum"] + inside * step
        return p - outside * b
