"""What an optimizer is: a rule on symbolic vectors; and what all of them share, written once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from zen_cli.compiler.primitives import maximum, sqrt
from zen_cli.compiler.tensor import Shape, Tensor
from zen_cli.errors import ZenError
from zen_cli.nn.optimizers.groups import Grouped
from zen_cli.registry import Registry, option

if TYPE_CHECKING:
    from zen_cli.nn.network import Parameter

BETAS = {
    f"{spelled}{i + 1}": f"betas[{i}]" for i in range(3) for spelled in ("beta_", "beta", "b")
}  # what others call a place of the list


class Number(str):
    """The name of a slot that holds one number for the net, not one for each weight."""

    __slots__ = ()


class Optimizer(Grouped):
    """A rule that turns parameters and gradients into better parameters.

    `p`, `g` and the slots are flat vectors of weights that are trained alike (or, for rules that go `by_tensor`, one
    parameter as it is); `lr` (the rate of this step) and `t` (the step's count from 1) are numbers. What depends on
    them alone is computed in Python once a step.
    """

    registry: ClassVar[Registry[Optimizer]]
    name: ClassVar[str]
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {}  # the defaults of others
    aliases: ClassVar[Mapping[str, str]] = {"learning_rate": "lr", "epsilon": "eps", **BETAS}
    decays_itself: ClassVar[bool] = False  # whether the rule has weight decay in a place of its own
    lr: float
    lr_center: float = 1e-3  # where a search for the rate begins
    weight_decay: float = 0.0
    decoupled_weight_decay: bool = False  # whether weight decay shrinks p itself, or adds to g (L2)
    by_tensor: bool = False  # whether the rule sees one parameter after the other, in its shape
    evaluations: int = 1  # of the gradient, in a step
    evaluates: bool = False  # whether it asks for gradients itself: see Driver
    uphill: float = 0.0  # how far uphill gradients are taken: see Sam
    share: float = 1.0  # of the rate that it is given

    def __post_init__(self) -> None:
        if self.preset not in ("torch", *self.presets):
            known = ", ".join(["torch", *self.presets])
            raise ZenError(f"{self.name} has no preset '{self.preset}'", hint=f"presets of {self.name}: {known}")
        self.groups = [group.beside(self.lr) for group in self.groups]

    def slots(self) -> tuple[str, ...]:
        """The names of the vectors, and of each `Number`, that the rule remembers; all start at zero."""
        return ()

    def slot_shape(self, slot: str, shape: Shape) -> Shape:
        """The shape of a slot for weights of `shape`."""
        return () if isinstance(slot, Number) else shape

    def rules(self, parameters: Sequence[Parameter]) -> list[Optimizer]:
        """The rule of each parameter."""
        return [self] * len(parameters)

    @property
    def floats_per_weight(self) -> int:
        """How many of the slots are vectors."""
        return sum(not isinstance(slot, Number) for slot in self.slots())

    def ahead(self, p: Tensor, slots: dict[str, Tensor]) -> Tensor | None:
        """Where gradients are taken, if not at p: the rule finds it in the slot `ahead`."""
        return None

    def update(self, p: Tensor, g: Tensor, slots: dict[str, Tensor], lr: Tensor, t: Tensor) -> Tensor:
        """The new p; a rule that changes a slot puts the new value into `slots`."""
        raise NotImplementedError

    def moves(self, p: Any, slots: Mapping[str, Any], lr: float) -> Any:
        """Of a rule that `evaluates`: one step of one net as a generator, with arrays; see Driver."""
        raise NotImplementedError


def decayed(rule: Optimizer, p: Tensor, g: Tensor, lr: Tensor) -> tuple[Tensor, Tensor]:
    """p and g as the rule gets them, after weight decay where the rule has none in a place of its own."""
    shrink = 0.0 if rule.decays_itself else rule.weight_decay
    if not shrink:
        return p, g
    return (p * (1.0 - lr * shrink), g) if rule.decoupled_weight_decay else (p, g + shrink * p)


optimizers: Registry[Optimizer] = Registry("optimizer")
Optimizer.registry = optimizers


def make(name: str, **options: Any) -> Optimizer:
    """The optimizer of that name."""
    made: Any = optimizers[name]
    return made(**options)  # type: ignore[no-any-return]


def rate(default: float) -> float:
    """The option `lr` with its default."""
    return option(default, help="learning rate", above=0)  # type: ignore[no-any-return]


def decay(default: float = 0.0) -> float:
    """The option `weight_decay` with its default."""
    return option(default, help="weight decay", low=0)  # type: ignore[no-any-return]


def decoupled() -> bool:
    """The option `decoupled_weight_decay`."""
    return option(False, help="weight decay shrinks p itself; else it joins g")  # type: ignore[no-any-return]


def rate_inside() -> bool:
    """The option `rate_inside` of rules with momentum."""
    return option(False, help="the rate multiplies what joins b, not b: a new rate acts late")  # type: ignore[no-any-return]


def root(v: Tensor, eps: float, inside: bool) -> Tensor:
    """What a rule divides by: sqrt(v) + eps, or sqrt(v + eps)."""
    return sqrt(v + eps) if inside else sqrt(v) + eps


def first(t: Tensor) -> Tensor:
    """1 in the first step and 0 in all others: `slot + first(t) * x` is a slot that starts at x."""
    return maximum(2.0 - t, 0.0)
