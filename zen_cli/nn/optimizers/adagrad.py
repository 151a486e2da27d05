"""Adagrad and Adadelta: steps that shrink where gradients have been large."""

from typing import ClassVar

from zen_cli.compiler.primitives import sqrt, square
from zen_cli.compiler.tensor import Tensor
from zen_cli.nn.optimizers.base import Optimizer, decay, decoupled, first, optimizers, rate, root
from zen_cli.registry import option


@optimizers.register("adagrad")
class Adagrad(Optimizer):
    """s <- s + g^2; p <- p - lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + eps).

    s starts at initial_accumulator_value. eps_inside: sqrt(s + eps), as in Keras and optax, where s starts at 0.1.
    Source: Duchi, Hazan, Singer 2011, JMLR 12; torch.optim.Adagrad.

    >>> from zen_cli.nn.worked import steps
    >>> steps(Adagrad(lr=0.1), 1.0, [3, 4])  # 0.1, then 0.1 * 4 / 5
    [0.9, 0.82]
    """

    example: ClassVar[str] = "{type: adagrad, lr: 0.03}"
    presets = {
        "keras": {
            "lr": 1e-3, "initial_accumulator_value": 0.1, "eps": 1e-7, "eps_inside": True,
            "decoupled_weight_decay": True,
        },
        "optax": {"initial_accumulator_value": 0.1, "eps": 1e-7, "eps_inside": True},
    }  # fmt: skip
    lr_center = 0.03
    lr: float = rate(1e-2)
    lr_decay: float = option(0.0, help="how fast the rate falls with the steps", low=0)
    weight_decay: float = decay()
    initial_accumulator_value: float = option(0.0, help="where the sum of squares starts", low=0)
    eps: float = option(1e-10, help="added to the root", low=0)
    decoupled_weight_decay: bool = decoupled()
    eps_inside: bool = option(False, help="eps joins s, not the root")

    def slots(self) -> tuple[str, ...]:
        return ("squares",)

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        s = slots["squares"]
        if self.initial_accumulator_value:
            s = s + self.initial_accumulator_value * first(t)
        s = slots["squares"] = s + square(g)
        return p - lr / (1.0 + (t - 1.0) * self.lr_decay) * g / root(s, self.eps, self.eps_inside)


@optimizers.register("adadelta")
class Adadelta(Optimizer):
    """v <- rho v + (1 - rho) g^2; d = sqrt(u + eps) / sqrt(v + eps) g; u <- rho u + (1 - rho) d^2; p <- p - lr d.

    Steps have the units of p, so that lr is 1; eps decides how large the first ones are. In Keras lr is 0.001.
    Source: Zeiler 2012, arXiv:1212.5701; torch.optim.Adadelta.

    >>> from zen_cli.nn.worked import steps
    >>> steps(Adadelta(eps=0.01, rho=0.0), 1.0, [1, 1])  # 0.1 / sqrt(1.01), then sqrt(d^2 + 0.01) / sqrt(1.01)
    [0.900496, 0.760126]
    """

    example: ClassVar[str] = "{type: adadelta, lr: 1.0}"
    presets = {"keras": {"lr": 1e-3, "rho": 0.95, "eps": 1e-7, "decoupled_weight_decay": True}, "optax": {}}
    lr_center = 1.0
    lr: float = rate(1.0)
    rho: float = option(0.9, help="shares of both mean squares that are kept", low=0, below=1)
    eps: float = option(1e-6, help="added inside both roots", low=0)
    weight_decay: float = decay()
    decoupled_weight_decay: bool = decoupled()

    def slots(self) -> tuple[str, ...]:
        return ("square", "moved")

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        rho, u = self.rho, slots["moved"]
        v = slots["square"] = rho * slots["square"] + (1.0 - rho) * square(g)
        d = sqrt(u + self.eps) / sqrt(v + self.eps) * g
        slots["moved"] = rho * u + (1.0 - rho) * square(d)
        return p - lr * d
