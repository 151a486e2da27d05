"""One step of all weights, segment by segment: what every rule shares, and then the rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zen_cli.compiler.plan import Assignment
from zen_cli.compiler.primitives import sign
from zen_cli.compiler.program import Section
from zen_cli.compiler.tensor import Tensor, leaf, scalar
from zen_cli.nn.optimizers.base import Optimizer, decayed, first
from zen_cli.nn.optimizers.limits import Bound, Clip, clipping, within_norms
from zen_cli.nn.optimizers.segments import Segment

if TYPE_CHECKING:
    from zen_cli.nn.state import State


def _as_it_is(g: Tensor) -> Tensor:
    return g


def looking_ahead(segments: Sequence[Segment]) -> list[Section]:
    """What comes before the network in a step, where gradients are taken at another point than the parameters."""
    found = []
    for segment in segments:
        slots = _slots(segment)
        ahead = segment.rule.ahead(segment.leaf("parameters"), slots)
        found += [] if ahead is None else [_section(segment, [Assignment(slots["ahead"], ahead)])]
    return found


def following(optimizer: Optimizer, state: State, clip: Clip) -> list[Section]:
    """What comes after the gradients of a step: bounds, each segment's rule, bounds on weights, their average."""
    averaged = averaging(state) if state.keeps_mean else []
    if optimizer.evaluates:
        return averaged
    clipped, bound = clipping(clip, state.parameters, state.size)
    return [*clipped, *updates(state.segments, bound), *within_norms(state.parameters), *averaged]


def averaging(state: State) -> list[Section]:
    """a <- d a + (1 - d) p; the first step copies p, as torch.optim.swa_utils does. So for what layers remember.

    Source: Polyak and Juditsky 1992; torch.optim.swa_utils.get_ema_multi_avg_fn, AveragedModel(use_buffers=True).
    """
    share, found = (1.0 - state.keeps_mean) + state.keeps_mean * first(scalar("t")), []
    for average, name in state.averaged.items():
        size = state.vectors[name].shape[-1]
        a, p = leaf(average, (size,)), leaf(name, (size,))
        found.append(Section([Assignment(a, a + share * (p - a))], size))
    return found


def updates(segments: Sequence[Segment], bound: Bound = _as_it_is) -> list[Section]:
    """One step of all weights: bounds on gradients, penalties and weight decay, then each segment's rule."""
    return [_section(segment, _update(segment, bound)) for segment in segments]


def _update(segment: Segment, bound: Bound) -> list[Assignment]:
    p, g = segment.leaf("parameters"), segment.leaf("gradients")
    rule, t, lr = segment.rule, scalar("t"), scalar("lr", stacked=True)
    lr = lr if segment.rate == 1.0 else lr * segment.rate
    g = _penalized(bound(g), p, segment)
    leaves = _slots(segment)
    slots = dict(leaves)
    updated = rule.update(*decayed(rule, p, g, lr), slots, lr, t)
    return [*(Assignment(leaves[name], value) for name, value in slots.items()), Assignment(p, updated)]


def _penalized(g: Tensor, p: Tensor, segment: Segment) -> Tensor:
    """The slope of l1 sum |p| + l2 sum p^2 added."""
    if segment.l2:
        g = g + (2.0 * segment.l2) * p
    return g + segment.l1 * sign(p) if segment.l1 else g


def _section(segment: Segment, assignments: list[Assignment]) -> Section:
    """A rule on a vector goes block by block, one on a tensor may mix its elements."""
    return Section(assignments, None if segment.rule.by_tensor else segment.size)


def _slots(segment: Segment) -> dict[str, Tensor]:
    rule = segment.rule
    return {slot: segment.leaf(f"optimizer.{slot}", segment.slot_shape(slot)) for slot in rule.slots()}
