"""Which weights are trained how: parts of the flat vectors, each with its rule, its rate and its penalties."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from zen_cli.compiler.tensor import Shape, Tensor, leaf

if TYPE_CHECKING:
    from zen_cli.nn.network import Parameter
    from zen_cli.nn.optimizers.base import Optimizer


class Segment(NamedTuple):
    """Weights beside each other that are trained alike, from `start` on in the vectors of all weights.

    The rule sees them in `shape`: as one vector, or, where it goes by tensor, as the `parameter` they are. `rate`
    multiplies lr. `name` is empty where the segment is all there is.
    """

    name: str
    start: int
    shape: Shape
    rule: Optimizer
    rate: float = 1.0
    l1: float = 0.0
    l2: float = 0.0
    parameter: Parameter | None = None

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    def leaf(self, vector: str, shape: Shape | None = None) -> Tensor:
        """Its part of a vector."""
        return leaf(self.named(vector), self.shape if shape is None else shape)

    def named(self, vector: str) -> str:
        """What its part of a vector is called."""
        if self.parameter is not None and vector in ("parameters", "gradients"):
            return self.parameter.name if vector == "parameters" else f"gradient.{self.parameter.name}"
        return f"{vector}_{self.name}" if self.name else vector

    def slot_shape(self, slot: str) -> Shape:
        return self.rule.slot_shape(slot, self.shape)


def segments(
    optimizer: Optimizer, parameters: Sequence[Parameter], rules: Sequence[Optimizer] | None = None
) -> list[Segment]:
    """The parameters that are trained, in their order; those beside each other that are trained alike as one vector.

    `rules`: one for each parameter, instead of those that the optimizer gives them.
    """
    if optimizer.evaluates:  # frozen weights have a gradient of zero, and stay
        return [Segment("", 0, (sum(math.prod(parameter.shape) for parameter in parameters),), optimizer)]
    found: list[Segment] = []
    start = 0
    for parameter, rule in zip(parameters, rules or optimizer.rules(parameters), strict=True):
        size = math.prod(parameter.shape)
        if not parameter.treatment.freeze:
            new = _segment(optimizer, parameter, rule, start)
            last = found[-1] if found else None
            if last is not None and _alike(last, new):
                found[-1] = last._replace(shape=(last.size + size,), name=f"part_{len(found)}")
            else:
                found.append(new)
        start += size
    if len(found) == 1 and not found[0].rule.by_tensor and found[0].size == start:
        return [found[0]._replace(name="")]
    return found


def _segment(optimizer: Optimizer, parameter: Parameter, rule: Optimizer, start: int) -> Segment:
    group = next((group for group in optimizer.groups if group.holds(parameter)), None)
    rate = group.factor if group and group.factor else rule.share
    if group and group.weight_decay is not None and group.weight_decay != rule.weight_decay:
        rule = copy.copy(rule)
        rule.weight_decay = group.weight_decay
    shape = parameter.shape if rule.by_tensor else (math.prod(parameter.shape),)
    penalized = len(parameter.shape) > 1  # weights, not biases
    l1, l2 = (parameter.treatment.l1, parameter.treatment.l2) if penalized else (0.0, 0.0)
    name = parameter.name.removeprefix("model.").replace(".", "_")
    return Segment(name, start, shape, rule, rate, l1, l2, parameter if rule.by_tensor else None)


def _alike(last: Segment, new: Segment) -> bool:
    """Whether two segments can be one."""
    joined = last.start + last.size == new.start and not new.rule.by_tensor
    same_rule = type(last.rule) is type(new.rule) and last.rule.weight_decay == new.rule.weight_decay
    return joined and same_rule and (last.rate, last.l1, last.l2) == (new.rate, new.l1, new.l2)
