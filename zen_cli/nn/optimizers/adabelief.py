"""AdaBelief."""

from typing import ClassVar

from zen_cli.compiler.primitives import sqrt, square
from zen_cli.compiler.tensor import Tensor
from zen_cli.nn.optimizers.adam import BETAS
from zen_cli.nn.optimizers.base import Optimizer, decay, optimizers, rate
from zen_cli.registry import option


@optimizers.register("adabelief")
class AdaBelief(Optimizer):
    """m <- b1 m + (1 - b1) g; s <- b2 s + (1 - b2) (g - m)^2 + eps; p <- p - lr m^ / (sqrt(s^) + eps).

    Adam where the mean square of what m did not foresee stands for that of g: steps are large where gradients agree.
    m^ = m / (1 - b1^t), s^ = s / (1 - b2^t). Weight decay shrinks p first, by lr times it.
    Source: Zhuang et al. 2020, arXiv:2010.07468, algorithm 2; adabelief_pytorch with rectify=False.

    >>> from zen_cli.nn.worked import steps
    >>> steps(AdaBelief(lr=0.1, betas=(0.5, 0.5)), 1.0, [1, 1])  # 0.1 / 0.5, then 0.1 / sqrt(0.125)
    [0.8, 0.517157]
    """

    example: ClassVar[str] = "{type: adabelief, lr: 1e-3}"
    decoupled_weight_decay = True
    lr_center = 0.003
    lr: float = rate(1e-3)
    betas: tuple[float, float] = option((0.9, 0.999), help=BETAS, low=0, below=1)
    eps: float = option(1e-16, help="added to s in every step, and to the root", low=0)
    weight_decay: float = decay()

    def slots(self) -> tuple[str, ...]:
        return ("mean", "surprise")

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        beta1, beta2 = self.betas
        m = slots["mean"] = beta1 * slots["mean"] + (1.0 - beta1) * g
        s = slots["surprise"] = beta2 * slots["surprise"] + (1.0 - beta2) * square(g - m) + self.eps
        return p - lr / (1.0 - beta1**t) * m / (sqrt(s) / sqrt(1.0 - beta2**t) + self.eps)
