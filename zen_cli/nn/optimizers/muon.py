"""Muon."""

import copy
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from zen_cli.compiler.primitives import maximum
from zen_cli.compiler.tensor import Tensor
from zen_cli.nn.optimizers.base import Optimizer, decay, make, optimizers, rate
from zen_cli.nn.optimizers.trust import norm
from zen_cli.registry import option

if TYPE_CHECKING:
    from zen_cli.nn.network import Parameter

A, B, C = 3.4445, -4.775, 2.0315  # of the polynomial whose slope at 0 is steep, so that few rounds are enough


@optimizers.register("muon")
class Muon(Optimizer):
    """b <- b + (1 - mu) (g - b); p <- p (1 - lr decay) - lr sqrt(max(1, outputs / inputs)) O(g + mu (b - g)).

    O(u) gives u's singular values of about 1: X = u / |u|, then X <- a X + (b Y + c Y Y) X with Y = X X^T, ns_steps
    times. `match_rms_adamw` scales by 0.2 sqrt(max(inputs, outputs)) instead, for the rates of adamw. This goes for
    the matrices of hidden layers; `rest` trains the first and the last layer with weights, and biases.
    Source: Jordan et al. 2024, Muon: an optimizer for hidden layers; torch.optim.Muon (which rounds X to bfloat16).

    >>> from zen_cli.nn.worked import steps
    >>> steps(Muon(lr=0.1, weight_decay=0, ns_steps=1), [[0, 0]], [[[3, 4]]])  # O = 0.701 [0.6, 0.8]
    [[[-0.059482, -0.079309]]]
    """

    example: ClassVar[str] = "{type: muon, lr: 0.02, rest: {type: adamw, lr: 3e-4}}"
    by_tensor = True
    decoupled_weight_decay = True
    lr_center = 0.02
    lr: float = rate(1e-3)
    momentum: float = option(0.95, help="mu, the share of b that is kept", low=0, below=1)
    nesterov: bool = option(True, help="whether O is of g + mu (b - g), or of b")
    ns_steps: int = option(5, help="rounds of Newton and Schulz", low=1, high=99)
    eps: float = option(1e-7, help="the least that u is divided by", low=0)
    weight_decay: float = decay(0.1)
    adjust: Literal["original", "match_rms_adamw"] = option("original", help="how the step depends on the shape")
    rest: Optimizer | None = option(None, help="what trains all other weights; default: adamw with lr 3e-4")

    def __post_init__(self) -> None:
        super().__post_init__()
        rest = copy.copy(self.rest) if self.rest else make("adamw", lr=3e-4)
        rest.share = rest.share if rest.share != 1.0 else rest.lr / self.lr
        rest.lr = rest.share * self.lr
        self.rest = rest

    def slots(self) -> tuple[str, ...]:
        return ("momentum",)

    def rules(self, parameters: "Sequence[Parameter]") -> list[Optimizer]:
        matrices = [parameter.layer for parameter in parameters if len(parameter.shape) == 2]
        ends = {min(matrices, default=0), max(matrices, default=0)}
        hidden = [len(parameter.shape) == 2 and parameter.layer not in ends for parameter in parameters]
        assert self.rest is not None
        return [self if each else self.rest for each in hidden]

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        b = slots["momentum"] = slots["momentum"] + (1.0 - self.momentum) * (g - slots["momentum"])
        u = g + self.momentum * (b - g) if self.nesterov else b
        inputs, outputs = p.shape
        scale = math.sqrt(max(1.0, outputs / inputs))
        if self.adjust == "match_rms_adamw":
            scale = 0.2 * math.sqrt(max(inputs, outputs))
        return p - (lr * scale) * orthogonal(u, self.ns_steps, self.eps)


def orthogonal(u: Tensor, rounds: int, eps: float) -> Tensor:
    """The matrix with u's singular vectors, and singular values near 1."""
    wide = u.shape[0] <= u.shape[1]
    x = (u if wide else u.T) * (1.0 / maximum(norm(u), eps))
    for _ in range(rounds):
        y = x @ x.T
        x = A * x + (B * y + C * (y @ y)) @ x
    return x if wide else x.T
