"""Adamax."""

from typing import ClassVar

from zen_cli.compiler.primitives import absolute, maximum
from zen_cli.compiler.tensor import Tensor
from zen_cli.nn.optimizers.adam import BETAS
from zen_cli.nn.optimizers.base import Optimizer, decay, decoupled, optimizers, rate
from zen_cli.registry import option


@optimizers.register("adamax")
class Adamax(Optimizer):
    """m <- b1 m + (1 - b1) g; u <- max(b2 u, |g| + eps); p <- p - lr / (1 - b1^t) m / u.

    Adam where the largest of the sizes stands for the root of their mean square. eps_outside: u <- max(b2 u, |g|), and
    m is divided by u + eps, as in Keras.
    Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 2; torch.optim.Adamax.

    >>> from zen_cli.nn.worked import steps
    >>> steps(Adamax(lr=0.1, betas=(0.5, 0.9)), 1.0, [4, 0])  # 0.1, then 0.1 / 0.75 * 1 / 3.6
    [0.9, 0.862963]
    """

    example: ClassVar[str] = "{type: adamax, lr: 2e-3}"
    presets = {
        "keras": {"lr": 1e-3, "eps": 1e-7, "eps_outside": True, "decoupled_weight_decay": True}, "optax": {},
    }  # fmt: skip
    lr_center = 0.003
    lr: float = rate(2e-3)
    betas: tuple[float, float] = option((0.9, 0.999), help=BETAS, low=0, below=1)
    eps: float = option(1e-8, help="added to the size of g", low=0)
    weight_decay: float = decay()
    decoupled_weight_decay: bool = decoupled()
    eps_outside: bool = option(False, help="eps joins u where it divides, not the size of g")

    def slots(self) -> tuple[str, ...]:
        return ("mean", "size")

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        beta1, beta2 = self.betas
        m = slots["mean"] = beta1 * slots["mean"] + (1.0 - beta1) * g
        each, whole = (0.0, self.eps) if self.eps_outside else (self.eps, 0.0)
        u = slots["size"] = maximum(beta2 * slots["size"], absolute(g) + each)
        return p - lr / (1.0 - beta1**t) * m / (u + whole)
