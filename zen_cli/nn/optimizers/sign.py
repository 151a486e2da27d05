"""Lion and Rprop, which go by the sign of the gradient alone."""

from typing import ClassVar

from zen_cli.compiler.primitives import greater, maximum, minimum, sign
from zen_cli.compiler.tensor import Tensor
from zen_cli.errors import ZenError
from zen_cli.nn.optimizers.base import Optimizer, decay, first, optimizers, rate
from zen_cli.registry import option


@optimizers.register("lion")
class Lion(Optimizer):
    """p <- p - lr sign(b1 m + (1 - b1) g); m <- b2 m + (1 - b2) g.

    Every weight moves by lr in every step: rates are a third to a tenth of Adam's. Weight decay shrinks p first,
    by lr times it.
    Source: Chen et al. 2023, arXiv:2302.06675, algorithm 2; lion_pytorch.

    >>> from zen_cli.nn.worked import steps
    >>> steps(Lion(lr=0.1, betas=(0.5, 0.75)), 1.0, [1, -0.2, -1])  # the second still follows the first
    [0.9, 0.8, 0.9]
    """

    example: ClassVar[str] = "{type: lion, lr: 1e-4, betas: [0.9, 0.99]}"
    decoupled_weight_decay = True
    presets = {"keras": {"lr": 1e-3}, "optax": {"weight_decay": 1e-3}}
    lr_center = 3e-4
    lr: float = rate(1e-4)
    betas: tuple[float, float] = option((0.9, 0.99), help="shares of m in the step, and kept", low=0, below=1)
    weight_decay: float = decay()

    def slots(self) -> tuple[str, ...]:
        return ("mean",)

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        beta1, beta2 = self.betas
        m = slots["mean"]
        slots["mean"] = beta2 * m + (1.0 - beta2) * g
        return p - lr * sign(beta1 * m + (1.0 - beta1) * g)


@optimizers.register("rprop")
class Rprop(Optimizer):
    """s <- s (etas[1] if g g' > 0, etas[0] if g g' < 0, else 1); p <- p - s sign(g), but stays where g g' < 0.

    Each weight has a step size s of its own, which starts at lr and keeps within step_sizes; g' is the last gradient,
    taken as 0 where the step was left out. For full batches: the sign of a small batch's gradient is noise.
    Source: Riedmiller and Braun 1993 (as Rprop-: Igel and Huesken 2000); torch.optim.Rprop.

    >>> from zen_cli.nn.worked import steps
    >>> steps(Rprop(lr=0.1), 1.0, [5, 1, -1, -1])  # 0.1, 0.12, none, 0.06 back
    [0.9, 0.78, 0.78, 0.84]
    """

    example: ClassVar[str] = "{type: rprop, lr: 0.01}"
    lr_center = 0.01
    lr: float = rate(1e-2)
    etas: tuple[float, float] = option((0.5, 1.2), help="factors of s: turned round, same way", above=0)
    step_sizes: tuple[float, float] = option((1e-6, 50.0), help="the smallest and the largest s", low=0)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.etas[0] < 1.0 < self.etas[1]:
            raise ZenError(f"etas must be one number below 1 and one above, found {list(self.etas)}")
        if self.step_sizes[0] > self.step_sizes[1]:
            raise ZenError(f"step_sizes must be the smaller before the larger, found {list(self.step_sizes)}")

    def slots(self) -> tuple[str, ...]:
        return ("step_size", "last")

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        agreement = g * slots["last"]
        same, turned = greater(agreement, 0.0), greater(-agreement, 0.0)
        s = (slots["step_size"] + first(t) * lr) * (1.0 + (self.etas[1] - 1.0) * same + (self.etas[0] - 1.0) * turned)
        s = slots["step_size"] = minimum(maximum(s, self.step_sizes[0]), self.step_sizes[1])
        g = slots["last"] = g * (1.0 - turned)
        return p - s * sign(g)
