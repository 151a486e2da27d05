"""Optimizers around others: SAM, which takes its gradient uphill, and Lookahead, which goes back half the way."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from zen_cli.compiler.primitives import greater
from zen_cli.compiler.tensor import Shape, Tensor
from zen_cli.errors import ZenError
from zen_cli.nn.optimizers.base import Number, Optimizer, decayed, first, make, optimizers
from zen_cli.registry import option

if TYPE_CHECKING:
    from zen_cli.nn.network import Parameter

OF = "the optimizer that it is around; default: momentum with lr 0.01"
LR = "learning rate; default: that of the inner optimizer"


class Wrapper(Optimizer):
    """What both do: hand on all that the inner optimizer says of itself."""

    of: Optimizer | None

    def __post_init__(self) -> None:
        """The inner optimizer has the rate and the groups of the outer one, and not the other way round."""
        inner = copy.copy(self.of) if self.of else make("momentum", lr=0.01)
        self.lr, self.groups = self.lr or inner.lr, self.groups or inner.groups
        super().__post_init__()
        inner.lr, inner.groups = self.lr, self.groups
        self.of, self.lr_center = inner, inner.lr_center
        self.by_tensor = inner.by_tensor
        if inner.evaluates or inner.uphill:
            raise ZenError(f"{inner.name} takes several gradients a step, which {self.name} cannot be around")

    @property
    def inner(self) -> Optimizer:
        assert self.of is not None
        return self.of

    @property
    def weight_decay(self) -> float:
        return self.inner.weight_decay

    @weight_decay.setter
    def weight_decay(self, value: float) -> None:
        self.of = copy.copy(self.inner)
        self.of.weight_decay = value


@optimizers.register("sam", main="rho")
class Sam(Wrapper):
    """e = rho g / |g|; then the inner optimizer goes on from p with the gradient at p + e: down, where it is flat.

    Two gradients a step, with the same noise. The loss in training is that at p.
    Source: Foret et al. 2021, arXiv:2010.01412, algorithm 1.

    >>> from zen_cli.nn.optimizers.sgd import Sgd
    >>> Sam(rho=0.05, of=Sgd(lr=0.1)).lr
    0.1
    """

    example: ClassVar[str] = "{type: sam, rho: 0.05, of: {type: momentum, lr: 0.01}}"
    lr: float = option(None, help=LR, above=0)
    rho: float = option(0.05, help="how far uphill the gradient is taken", above=0)
    of: Optimizer | None = option(None, help=OF)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.uphill, self.evaluations = self.rho, 2

    def rules(self, parameters: Sequence[Parameter]) -> list[Optimizer]:
        return self.inner.rules(parameters)

    def slots(self) -> tuple[str, ...]:
        return self.inner.slots()


@optimizers.register("lookahead")
class Lookahead(Wrapper):
    """p goes as the inner optimizer says; every k steps s <- s + alpha (p - s), and p <- s.

    s starts where p does. Between two of these moments p is ahead of what predicts best.
    Source: Zhang et al. 2019, arXiv:1907.08610, algorithm 1.

    >>> from zen_cli.nn.optimizers.sgd import Sgd
    >>> from zen_cli.nn.worked import steps
    >>> steps(Lookahead(k=2, alpha=0.5, of=Sgd(lr=0.1)), 1.0, [1, 1, 1])  # 0.8 goes back to 0.9
    [0.9, 0.9, 0.8]
    """

    decays_itself: ClassVar[bool] = True
    example: ClassVar[str] = "{type: lookahead, k: 5, alpha: 0.5, of: {type: adam, lr: 1e-3}}"
    lr: float = option(None, help=LR, above=0)
    k: int = option(5, help="steps between two looks back", low=1)
    alpha: float = option(0.5, help="how much of the way is kept", above=0, high=1)
    of: Optimizer | None = option(None, help=OF)

    def rules(self, parameters: Sequence[Parameter]) -> list[Optimizer]:
        found, inner = dict[int, Optimizer](), self.inner.rules(parameters)
        for rule in inner:
            around = self if rule is self.inner else make("lookahead", k=self.k, alpha=self.alpha, of=rule)
            around.share = rule.share
            found.setdefault(id(rule), around)
        return [found[id(rule)] for rule in inner]

    def slots(self) -> tuple[str, ...]:
        return (*self.inner.slots(), "slow", Number("ahead_for"))

    def slot_shape(self, slot: str, shape: Shape) -> Shape:
        return super().slot_shape(slot, shape) if slot in ("slow", "ahead_for") else self.inner.slot_shape(slot, shape)

    def ahead(self, p: Tensor, slots: dict[str, Tensor]) -> Tensor | None:
        return self.inner.ahead(p, slots)

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        slow = slots["slow"] + first(t) * p
        fast = self.inner.update(*decayed(self.inner, p, g, lr), slots, lr, t)
        count = slots["ahead_for"] + 1.0
        due = greater(count, self.k - 0.5)
        slots["ahead_for"] = count * (1.0 - due)
        slow = slots["slow"] = slow + due * (self.alpha * (fast - slow))
        return fast + due * (slow - fast)
