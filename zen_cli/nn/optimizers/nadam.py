"""NAdam."""

from typing import ClassVar

from zen_cli.compiler.primitives import sqrt, square
from zen_cli.compiler.tensor import Tensor
from zen_cli.nn.optimizers.adam import BETAS
from zen_cli.nn.optimizers.base import Number, Optimizer, decay, decoupled, first, optimizers, rate
from zen_cli.registry import option


@optimizers.register("nadam")
class NAdam(Optimizer):
    """mu_t = b1 (1 - 0.96^(t psi) / 2); p <- p - lr ((1 - mu_t) g / (1 - M_t) + mu_(t+1) m / (1 - M_(t+1))) / d.

    Adam with Nesterov's look ahead: m and v as there, d = sqrt(v / (1 - b2^t)) + eps, M_t = mu_1 mu_2 ... mu_t.
    psi is momentum_decay; Keras has it at 1, optax leaves mu at b1, as it is where psi is large.
    Source: Dozat 2016, Incorporating Nesterov Momentum into Adam; torch.optim.NAdam.

    >>> from zen_cli.nn.worked import steps
    >>> steps(NAdam(lr=0.1, betas=(0.8, 0.5), momentum_decay=0), 1.0, [5])  # mu = 0.4: 0.1 (0.6/0.6 + 0.4 0.2/0.84)
    [0.890476]
    """

    example: ClassVar[str] = "{type: nadam, lr: 2e-3}"
    presets = {
        "keras": {"lr": 1e-3, "eps": 1e-7, "momentum_decay": 1.0, "decoupled_weight_decay": True},
        "optax": {"momentum_decay": 1e6},
    }  # fmt: skip
    lr_center = 0.003
    lr: float = rate(2e-3)
    betas: tuple[float, float] = option((0.9, 0.999), help=BETAS, low=0, below=1)
    eps: float = option(1e-8, help="added to the root", low=0)
    weight_decay: float = decay()
    momentum_decay: float = option(4e-3, help="psi: how fast mu rises from b1 / 2 to b1", low=0)
    decoupled_weight_decay: bool = decoupled()

    def slots(self) -> tuple[str, ...]:
        return ("mean", "square", Number("product"))

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        beta1, beta2 = self.betas
        m = slots["mean"] = beta1 * slots["mean"] + (1.0 - beta1) * g
        v = slots["square"] = beta2 * slots["square"] + (1.0 - beta2) * square(g)
        mu, following = self._momentum(t), self._momentum(t + 1.0)
        product = slots["product"] = (slots["product"] + first(t)) * mu
        now, ahead = lr * (1.0 - mu) / (1.0 - product), lr * following / (1.0 - product * following)
        return p - (now * g + ahead * m) / (sqrt(v) / sqrt(1.0 - beta2**t) + self.eps)

    def _momentum(self, t: Tensor) -> Tensor:
        return self.betas[0] * (1.0 - 0.5 * 0.96 ** (t * self.momentum_decay))
