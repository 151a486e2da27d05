"""RAdam."""

from typing import ClassVar

from zen_cli.compiler.primitives import greater, maximum, sqrt, square
from zen_cli.compiler.tensor import Tensor
from zen_cli.nn.optimizers.adam import BETAS
from zen_cli.nn.optimizers.base import Optimizer, decay, decoupled, optimizers, rate
from zen_cli.registry import option

ENOUGH = 5.0  # length of the moving average from which on the variance of 1 / sqrt(v) is tractable


@optimizers.register("radam")
class RAdam(Optimizer):
    """rho <- r_inf - 2 t b2^t / (1 - b2^t); p <- p - lr m^ (r sqrt(1 - b2^t) / (sqrt(v) + eps) if rho > 5 else 1).

    m, m^ and v as in Adam; r_inf = 2 / (1 - b2) - 1; r^2 = (rho - 4) (rho - 2) r_inf / ((r_inf - 4) (r_inf - 2) rho).
    While too few gradients are known for v to be trusted, a step is one of plain momentum.
    Source: Liu et al. 2020, arXiv:1908.03265, algorithm 2; torch.optim.RAdam.

    >>> from zen_cli.nn.worked import steps
    >>> steps(RAdam(lr=0.1), 1.0, [2] * 6)  # five steps of lr g, then 0.1 r with rho = 5.99
    [0.8, 0.6, 0.4, 0.2, 0.0, -0.002582]
    """

    example: ClassVar[str] = "{type: radam, lr: 1e-3}"
    lr_center = 0.003
    lr: float = rate(1e-3)
    betas: tuple[float, float] = option((0.9, 0.999), help=BETAS, low=0, below=1)
    eps: float = option(1e-8, help="added to the root", low=0)
    weight_decay: float = decay()
    decoupled_weight_decay: bool = decoupled()

    def slots(self) -> tuple[str, ...]:
        return ("mean", "square")

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        beta1, beta2 = self.betas
        m = slots["mean"] = beta1 * slots["mean"] + (1.0 - beta1) * g
        v = slots["square"] = beta2 * slots["square"] + (1.0 - beta2) * square(g)
        step = lr / (1.0 - beta1**t) * m
        longest = 2.0 / (1.0 - beta2) - 1.0
        if longest <= ENOUGH:
            return p - step
        kept = beta2**t
        rho = longest - 2.0 * t * kept / (1.0 - kept)
        trusted = greater(rho, ENOUGH)
        factor = trusted * _rectification(maximum(rho, ENOUGH), longest) * sqrt(1.0 - kept)
        return p - step * (factor / (sqrt(v) + self.eps) + (1.0 - trusted))


def _rectification(rho: Tensor, longest: float) -> Tensor:
    return sqrt((rho - 4.0) * (rho - 2.0) * longest / ((longest - 4.0) * (longest - 2.0) * rho))
