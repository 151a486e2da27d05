"""LAMB and LARS: steps as long as the weights they move, tensor by tensor."""

from typing import ClassVar

from zen_cli.compiler.primitives import greater, maximum, sqrt, square
from zen_cli.compiler.tensor import Tensor, apply
from zen_cli.nn.optimizers.adam import BETAS
from zen_cli.nn.optimizers.base import Optimizer, decay, optimizers, rate
from zen_cli.registry import option

TINY = 1e-37  # so that nothing is divided by zero where the result is not used


@optimizers.register("lamb")
class Lamb(Optimizer):
    """u = m^ / (sqrt(v^) + eps) + decay p; p <- p - lr (|p| / |u|) u for each tensor; where a norm is 0, p - lr u.

    m^ and v^ as in Adam. Made for large batches: every layer moves by the same share of its weights.
    Source: You et al. 2020, arXiv:1904.00962, algorithm 2; optax.lamb.

    >>> from zen_cli.nn.worked import steps
    >>> steps(Lamb(lr=0.1, eps=0), [3.0, 4.0], [[1, -1]])  # |p| = 5, |u| = sqrt(2)
    [[2.646447, 4.353553]]
    """

    example: ClassVar[str] = "{type: lamb, lr: 0.01}"
    by_tensor = True
    decays_itself: ClassVar[bool] = True
    presets = {"keras": {"eps": 1e-7}, "optax": {}}
    lr_center = 0.01
    lr: float = rate(1e-3)
    betas: tuple[float, float] = option((0.9, 0.999), help=BETAS, low=0, below=1)
    eps: float = option(1e-6, help="added to the root", low=0)
    weight_decay: float = decay()

    def slots(self) -> tuple[str, ...]:
        return ("mean", "square")

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        beta1, beta2 = self.betas
        m = slots["mean"] = beta1 * slots["mean"] + (1.0 - beta1) * g
        v = slots["square"] = beta2 * slots["square"] + (1.0 - beta2) * square(g)
        u = m * (1.0 / (1.0 - beta1**t)) / (sqrt(v) / sqrt(1.0 - beta2**t) + self.eps)
        u = u + self.weight_decay * p if self.weight_decay else u
        return p - lr * (ratio(norm(p), norm(u)) * u)


@optimizers.register("lars")
class Lars(Optimizer):
    """r = trust |p| / (|g| + decay |p|); b <- mu b + lr r (g + decay p); p <- p - b, for each tensor.

    Where a norm is 0, r is 1. The rate stands inside b, as in the paper: after a fall of it b needs 1 / (1 - mu) steps
    to follow.
    Source: You, Gitman, Ginsburg 2017, arXiv:1708.03888, algorithm 1.

    >>> from zen_cli.nn.worked import steps
    >>> steps(Lars(lr=1.0, trust=0.1, weight_decay=0), [3.0, 4.0], [[0, 2], [0, 2]])  # b is 0.5, then 0.9 b + 0.1 |p|
    [[3.0, 3.5], [3.0, 2.589023]]
    """

    example: ClassVar[str] = "{type: lars, lr: 1.0, trust: 0.01}"
    by_tensor = True
    decays_itself: ClassVar[bool] = True
    lr_center = 1.0
    lr: float = rate(1.0)
    momentum: float = option(0.9, help="mu, the share of b that is kept", low=0, below=1)
    trust: float = option(1e-3, help="how long a step is, as a share of the weights, at rate 1", above=0)
    weight_decay: float = decay(1e-4)

    def slots(self) -> tuple[str, ...]:
        return ("momentum",)

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        length, shrink = norm(p), self.weight_decay
        both = greater(length, 0.0) * greater(norm(g), 0.0)
        r = self.trust * length / maximum(norm(g) + shrink * length, TINY)
        step = g + shrink * p if shrink else g
        b = slots["momentum"] = self.momentum * slots["momentum"] + lr * ((both * r + (1.0 - both)) * step)
        return p - b


def norm(x: Tensor) -> Tensor:
    """The length of a tensor, a number."""
    return sqrt(apply("inner", x, x))


def ratio(a: Tensor, b: Tensor) -> Tensor:
    """a / b, or 1 where either is 0."""
    both = greater(a, 0.0) * greater(b, 0.0)
    return both * (a / maximum(b, TINY)) + (1.0 - both)
