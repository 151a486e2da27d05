"""What an optimizer is: a rule on symbolic vectors; and what all of them share, written once."""

from typing import ClassVar

from zen_cli.compiler.plan import Assignment
from zen_cli.compiler.primitives import maximum, minimum, sqrt
from zen_cli.compiler.tensor import Shape, Tensor, apply, leaf, scalar
from zen_cli.registry import Registry, option

DECOUPLED = "weight decay shrinks p itself; else it joins g"


class Number(str):
    """The name of a slot that holds one number for the net, not one for each weight."""

    __slots__ = ()


class Optimizer:
    """A rule that turns parameters and gradients into better parameters.

    `p`, `g` and the slots are flat vectors of all weights; `lr` (the rate of this step) and `t` (the step's
    count from 1) are numbers. What depends on them alone is computed in Python once a step.
    """

    registry: ClassVar[Registry["Optimizer"]]
    name: ClassVar[str]
    decays_itself: ClassVar[bool] = False  # whether the rule has weight decay in a place of its own
    lr_center: ClassVar[float] = 1e-3  # where a search for the rate begins
    lr: float
    weight_decay: float = 0.0
    decoupled_weight_decay: bool = False  # whether weight decay shrinks p itself, or adds to g (L2)

    def slots(self) -> tuple[str, ...]:
        """The names of the vectors, and of each `Number`, that the rule remembers; all start at zero."""
        return ()

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


optimizers: Registry[Optimizer] = Registry("optimizer")
Optimizer.registry = optimizers


def rate(default: float) -> float:
    """The option `lr` with its default."""
    return option(default, help="learning rate", above=0)  # type: ignore[no-any-return]


def decay(default: float = 0.0) -> float:
    """The option `weight_decay` with its default."""
    return option(default, help="weight decay", low=0)  # type: ignore[no-any-return]


def slot_shape(name: str, size: int) -> Shape:
    """The shape of a slot for `size` weights."""
    return () if isinstance(name, Number) else (size,)


def first(t: Tensor) -> Tensor:
    """1 in the first step and 0 in all others: `slot + first(t) * x` is a slot that starts at x."""
    return maximum(2.0 - t, 0.0)


def looking_ahead(optimizer: Optimizer, size: int) -> list[Assignment]:
    """What comes before the network in a step, where gradients are taken at another point than the parameters."""
    slots = _slots(optimizer, size)
    ahead = optimizer.ahead(leaf("parameters", (size,)), slots)
    return [] if ahead is None else [Assignment(slots["ahead"], ahead)]


def assignments(optimizer: Optimizer, size: int, clip_norm: float | None, clip_value: float | None) -> list[Assignment]:
    """One step on vectors of `size`: clip, weight decay, then the rule. Leaves: parameters, gradients, the slots.

    Clipping by norm: g min(1, c / (|g| + 1e-6)), as torch.nn.utils.clip_grad_norm_; by value: g within +-c.
    """
    p, lr, t = leaf("parameters", (size,)), scalar("lr", stacked=True), scalar("t")
    g = _clipped(leaf("gradients", (size,)), clip_norm, clip_value)
    leaves = _slots(optimizer, size)
    slots = dict(leaves)
    start, shrink = p, 0.0 if optimizer.decays_itself else optimizer.weight_decay
    if shrink and optimizer.decoupled_weight_decay:
        start = p * (1.0 - lr * shrink)
    elif shrink:
        g = g + shrink * p
    updated = optimizer.update(start, g, slots, lr, t)
    return [*(Assignment(leaves[name], value) for name, value in slots.items()), Assignment(p, updated)]


def _slots(optimizer: Optimizer, size: int) -> dict[str, Tensor]:
    return {name: leaf(f"optimizer.{name}", slot_shape(name, size)) for name in optimizer.slots()}


def _clipped(g: Tensor, norm: float | None, value: float | None) -> Tensor:
    if norm is not None:
        length = sqrt(apply("inner", g, g))
        g = g * minimum(norm / (length + 1e-6), 1.0)
    return minimum(maximum(g, -value), value) if value is not None else g
