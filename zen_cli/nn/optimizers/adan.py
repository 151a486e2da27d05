"""Adan."""

from typing import ClassVar

from zen_cli.compiler.primitives import sqrt, square
from zen_cli.compiler.tensor import Tensor
from zen_cli.nn.optimizers.base import Optimizer, decay, first, optimizers, rate
from zen_cli.registry import option

BETAS = "shares of the means of g, of its change and of the square that are kept"


@optimizers.register("adan")
class Adan(Optimizer):
    """m <- b1 m + (1 - b1) g; d <- b2 d + (1 - b2) (g - g'); n <- b3 n + (1 - b3) (g + b2 (g - g'))^2.

    p <- (p - lr (m^ + b2 d^) / (sqrt(n^) + eps)) / (1 + lr decay), with g' the last gradient (in the first step g)
    and m^ = m / (1 - b1^t), d^ = d / (1 - b2^t), n^ = n / (1 - b3^t). The paper's betas are one less these.
    Source: Xie et al. 2022, arXiv:2208.06677, algorithm 1; sail-sg/Adan.

    >>> from zen_cli.nn.worked import steps
    >>> steps(Adan(lr=0.1, betas=(0.5, 0.5, 0.5)), 1.0, [1, 3])  # lr, then lr (7/3 + 0.5 * 4/3) / sqrt(11)
    [0.9, 0.809547]
    """

    example: ClassVar[str] = "{type: adan, lr: 1e-3, betas: [0.98, 0.92, 0.99]}"
    decays_itself: ClassVar[bool] = True
    lr_center = 0.003
    lr: float = rate(1e-3)
    betas: tuple[float, float, float] = option((0.98, 0.92, 0.99), help=BETAS, low=0, below=1)
    eps: float = option(1e-8, help="added to the root", low=0)
    weight_decay: float = decay()

    def slots(self) -> tuple[str, ...]:
        return ("mean", "change", "square", "last")

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        beta1, beta2, beta3 = self.betas
        change = (g - slots["last"]) * (1.0 - first(t))
        m = slots["mean"] = beta1 * slots["mean"] + (1.0 - beta1) * g
        d = slots["change"] = beta2 * slots["change"] + (1.0 - beta2) * change
        n = slots["square"] = beta3 * slots["square"] + (1.0 - beta3) * square(g + beta2 * change)
        slots["last"] = g
        moved = lr / (1.0 - beta1**t) * m + lr * beta2 / (1.0 - beta2**t) * d
        p = p - moved / (sqrt(n) / sqrt(1.0 - beta3**t) + self.eps)
        return p / (1.0 + lr * self.weight_decay) if self.weight_decay else p
