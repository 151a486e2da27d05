"""Bounds on gradients, before anything else is done with them, and on weights, after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from zen_cli.compiler.plan import Assignment
from zen_cli.compiler.primitives import absolute, greater, maximum, minimum, reduce_sum, sqrt, square
from zen_cli.compiler.program import Section
from zen_cli.compiler.tensor import Tensor, apply, leaf

if TYPE_CHECKING:
    from zen_cli.nn.network import Parameter

TINY = 1e-12  # so that weights of zero stay zeros
SMALLEST = 1e-3  # of the weights' norm in adaptive clipping, so that what starts at zero can move
FACTOR, COUNT = "clip.factor", "clip.steps"  # leaves: the factor of this step, and how many steps were clipped
Bound = Callable[[Tensor], Tensor]


class Clip(NamedTuple):
    """At most one of the bounds: on the norm of all gradients (of each tensor's), on each value, or adaptive."""

    norm: float | None = None
    value: float | None = None
    adaptive: float | None = None
    by_tensor: bool = False


NO_CLIP = Clip()


def clipping(clip: Clip, parameters: Sequence[Parameter], size: int) -> tuple[list[Section], Bound]:
    """What comes before the rules, and what a rule does to its gradient.

    By norm: g min(1, c / (|g| + 1e-6)), as torch.nn.utils.clip_grad_norm_, |g| that of all gradients or of each
    tensor's. By value: g within +-c. Adaptive: g min(1, c max(|w|, 1e-3) / |g|), both norms those of a unit.
    Source: Pascanu, Mikolov, Bengio 2013, arXiv:1211.5063; Brock et al. 2021, arXiv:2102.06171 (adaptive).
    """
    whole = leaf("gradients", (size,))
    if clip.norm is not None and not clip.by_tensor:
        factor, place = _within(clip.norm, whole), leaf(FACTOR, ())
        return [_counted(apply("greater", 1.0, factor), Assignment(place, factor))], lambda g: g * place
    if clip.value is not None:
        bound = clip.value
        largest = apply("max", absolute(whole), axes=(-1,), keep=False)
        return [_counted(greater(largest, bound))], lambda g: minimum(maximum(g, -bound), bound)
    if clip.norm is None and clip.adaptive is None:
        return [], lambda g: g
    return [_each(clip, [parameter for parameter in parameters if not parameter.treatment.freeze])], lambda g: g


def _each(clip: Clip, parameters: Sequence[Parameter]) -> Section:
    """The gradient of each parameter within a bound of its own."""
    clipped, assignments = [], []
    for parameter in parameters:
        w, g = leaf(parameter.name, parameter.shape), leaf(f"gradient.{parameter.name}", parameter.shape)
        factor = _within(clip.norm, g) if clip.norm is not None else _adapted(clip.adaptive or 0.0, w, g)
        assignments.append(Assignment(g, g * factor))
        below = apply("greater", 1.0, factor)
        clipped.append(below if not below.shape else apply("max", below, axes=_all_axes(below), keep=False))
    count = clipped[0]
    for each in clipped[1:]:
        count = maximum(count, each)
    return _counted(count, *assignments)


def _all_axes(x: Tensor) -> tuple[int, ...]:
    return tuple(range(-x.rank, 0))


def _counted(clipped: Tensor, *assignments: Assignment) -> Section:
    steps = leaf(COUNT, ())
    return Section([*assignments, Assignment(steps, steps + clipped)])


def _within(bound: float, g: Tensor) -> Tensor:
    return minimum(bound / (sqrt(apply("inner", g, g)) + 1e-6), 1.0)


def _adapted(bound: float, w: Tensor, g: Tensor) -> Tensor:
    return minimum(bound * maximum(unit_norms(w), SMALLEST) / maximum(unit_norms(g), 1e-6), 1.0)


def unit_norms(w: Tensor) -> Tensor:
    """The norm of the weights that lead into each unit (of all, for a vector), with the axes they are on kept as 1."""
    axes = tuple(range(-w.rank, -1)) if w.rank > 1 else (-1,)
    return sqrt(reduce_sum(square(w), axes, keep=True))


def within_norms(parameters: Sequence[Parameter]) -> list[Section]:
    """What comes after the rules: w min(1, c / |w|) for the weights that lead into each unit.

    Source: Srebro and Shraibman 2005; Srivastava et al. 2014, section 5.1; keras.constraints.MaxNorm.
    """
    found = []
    for parameter in parameters:
        bound = parameter.treatment.max_norm
        if bound is not None and len(parameter.shape) > 1 and not parameter.treatment.freeze:
            w = leaf(parameter.name, parameter.shape)
            found.append(Section([Assignment(w, w * minimum(bound / maximum(unit_norms(w), TINY), 1.0))]))
    return found
