"""Adafactor."""

import math
from typing import ClassVar

from zen_cli.compiler.primitives import maximum, minimum, reduce_sum, sqrt, square
from zen_cli.compiler.tensor import Shape, Tensor
from zen_cli.nn.optimizers.base import Optimizer, decay, optimizers, rate
from zen_cli.nn.optimizers.trust import norm
from zen_cli.registry import option

FLOAT32 = 1.1920928955078125e-07  # its machine epsilon


@optimizers.register("adafactor")
class Adafactor(Optimizer):
    """w = t^beta2_decay; R <- R + w (rows' mean of g^2 - R), C with columns; v = R C / mean R; u = g / sqrt(v).

    p <- p (1 - lr decay) - a u / max(1, rms(u) / d), a = min(lr, 1 / sqrt(t)) max(eps2, rms(p)), for each tensor. A
    matrix remembers a number a row and a column, not one a weight; a vector has v <- v + w (g^2 - v). eps = (eps1,
    eps2): mean R is at least eps1, v at least eps1^2 (in torch eps1 is the epsilon of the weights' type).
    Source: Shazeer and Stern 2018, arXiv:1804.04235; torch.optim.Adafactor.

    >>> from zen_cli.nn.worked import steps
    >>> steps(Adafactor(lr=0.1), [[3.0, 4.0]], [[[1, -2]]])  # u = 1, -1; rms(p) = sqrt(12.5)
    [[[2.646447, 4.353553]]]
    """

    example: ClassVar[str] = "{type: adafactor, lr: 0.01}"
    by_tensor = True
    decays_itself: ClassVar[bool] = True
    lr_center = 0.03
    lr: float = rate(1e-2)
    beta2_decay: float = option(-0.8, help="how fast the squares are forgotten ever more slowly", high=0)
    eps: tuple[float, float] = option((FLOAT32, 1e-3), help="least root of v, and least size of p", low=0)
    d: float = option(1.0, help="how long a step may be before it is shortened", low=1)
    weight_decay: float = decay()

    def slots(self) -> tuple[str, ...]:
        return ("rows", "columns", "square")

    def slot_shape(self, slot: str, shape: Shape) -> Shape:
        if len(shape) < 2:
            return shape if slot == "square" else (0,)
        return {"rows": (*shape[:-1], 1), "columns": (*shape[:-2], 1, shape[-1])}.get(slot, (0,))

    @property
    def floats_per_weight(self) -> int:
        return 0

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        fresh, (least, smallest) = t**self.beta2_decay, self.eps
        size = maximum(_rms(p), smallest)
        p = p * (1.0 - lr * self.weight_decay) if self.weight_decay else p
        if p.rank < 2:
            v = slots["square"] = slots["square"] + fresh * (square(g) - slots["square"])
        else:
            rows = slots["rows"] = slots["rows"] + fresh * (_mean(square(g), -1) - slots["rows"])
            columns = slots["columns"] = slots["columns"] + fresh * (_mean(square(g), -2) - slots["columns"])
            v = rows * columns / maximum(_mean(rows, -2), least)
        u = g / sqrt(maximum(v, least * least))
        length = minimum(lr, t**-0.5) * size / maximum(_rms(u) * (1.0 / self.d), 1.0)
        return p - length * u


def _rms(x: Tensor) -> Tensor:
    return norm(x) * (1.0 / math.sqrt(x.size))


def _mean(x: Tensor, axis: int) -> Tensor:
    return reduce_sum(x, (axis,), keep=True) * (1.0 / x.shape[axis])
