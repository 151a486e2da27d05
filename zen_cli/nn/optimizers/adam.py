"""Adam and AdamW."""

from typing import ClassVar

from zen_cli.compiler.primitives import maximum, sqrt, square
from zen_cli.compiler.tensor import Tensor
from zen_cli.nn.optimizers.base import Optimizer, decay, decoupled, optimizers, rate
from zen_cli.registry import option

BETAS = "shares of the mean and of the mean square that are kept"
AMSGRAD = "divide by the largest v so far (Reddi, Kale, Kumar 2018)"
EPS_HAT = "eps joins the root before v is corrected"


@optimizers.register("adam")
class Adam(Optimizer):
    """m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2; p <- p - lr m^ / (sqrt(v^) + eps).

    m^ = m / (1 - b1^t), v^ = v / (1 - b2^t), t from 1. Weight decay is L2: it joins g. eps_hat: as in Keras, eps is the
    paper's epsilon hat, which joins the root before that is corrected: smaller steps where gradients are small.
    There is no preset `seed`: it corrects by 1 - b, not 1 - b^t, and adds eps to the quotient, NaN where g is always 0.
    Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1; torch.optim.Adam.

    >>> from zen_cli.nn.worked import steps
    >>> steps(Adam(lr=0.1), 1.0, [5, 5])  # each step is lr, whatever the size of g
    [0.9, 0.8]
    """

    example: ClassVar[str] = "{type: adam, lr: 1e-3, betas: [0.9, 0.999]}"
    presets = {
        "keras": {"eps": 1e-7, "eps_hat": True, "decoupled_weight_decay": True}, "optax": {"corrected_max": True},
    }  # fmt: skip
    lr_center = 0.003
    lr: float = rate(1e-3)
    betas: tuple[float, float] = option((0.9, 0.999), help=BETAS, low=0, below=1)
    eps: float = option(1e-8, help="added to the root", low=0)
    weight_decay: float = decay()
    amsgrad: bool = option(False, help=AMSGRAD)
    decoupled_weight_decay: bool = decoupled()
    eps_hat: bool = option(False, help=EPS_HAT)
    corrected_max: bool = option(False, help="amsgrad takes the largest of the corrected v, as in optax")

    def slots(self) -> tuple[str, ...]:
        return ("mean", "square", "largest") if self.amsgrad else ("mean", "square")

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        return adam_step(p, g, slots, lr, t, self.betas, self.eps, self.eps_hat, self.corrected_max)


@optimizers.register("adamw")
class AdamW(Optimizer):
    """p <- p (1 - lr decay), then Adam: the decay does not pass through the moments.

    Source: Loshchilov and Hutter 2019, arXiv:1711.05101; torch.optim.AdamW.

    >>> from zen_cli.nn.worked import steps
    >>> steps(AdamW(lr=0.1, weight_decay=0.5), 1.0, [5])  # 1 - 0.05 - 0.1
    [0.85]
    """

    example: ClassVar[str] = "{type: adamw, lr: 1e-3, weight_decay: 0.01}"
    presets = {"keras": {"eps": 1e-7, "eps_hat": True, "weight_decay": 4e-3}, "optax": {"weight_decay": 1e-4}}
    decoupled_weight_decay = True
    lr_center = 0.003
    lr: float = rate(1e-3)
    betas: tuple[float, float] = option((0.9, 0.999), help=BETAS, low=0, below=1)
    eps: float = option(1e-8, help="added to the root", low=0)
    weight_decay: float = decay(1e-2)
    amsgrad: bool = option(False, help=AMSGRAD)
    eps_hat: bool = option(False, help=EPS_HAT)

    def slots(self) -> tuple[str, ...]:
        return ("mean", "square", "largest") if self.amsgrad else ("mean", "square")

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        return adam_step(p, g, slots, lr, t, self.betas, self.eps, self.eps_hat)


def adam_step(
    p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor, betas: tuple[float, float], eps: float,
    eps_hat: bool = False, corrected: bool = False,
) -> Tensor:  # fmt: skip
    """Adam's rule; with the slot `largest`, the largest v so far, `corrected` or not, stands for v (AMSGrad)."""
    beta1, beta2 = betas
    m = slots["mean"] = beta1 * slots["mean"] + (1.0 - beta1) * g
    v = slots["square"] = beta2 * slots["square"] + (1.0 - beta2) * square(g)
    scale, size = lr / (1.0 - beta1**t), sqrt(1.0 - beta2**t)
    if "largest" in slots:
        v = slots["largest"] = maximum(slots["largest"], v / square(size) if corrected else v)
        if corrected:
            return p - scale * m / (sqrt(v) + eps)
    if eps_hat:
        return p - scale * size * m / (sqrt(v) + eps)
    return p - scale * m / (sqrt(v) / size + eps)
