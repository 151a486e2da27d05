"""Reverse-mode differentiation on the graph: the chain rule, once, for every program."""

from __future__ import annotations

from collections.abc import Sequence

from zen_cli.compiler.primitives import PRIMITIVES, reduce_sum
from zen_cli.compiler.tensor import Tensor, ancestors, apply, constant


def gradient(output: Tensor, wanted: Sequence[Tensor]) -> list[Tensor]:
    """The derivative of the number `output` with respect to each of `wanted`, as new tensors.

    Only what leads from `wanted` to `output` is differentiated: the gradient of the data is never built.
    Source: reverse accumulation, Linnainmaa 1970; the form follows HIPS autograd.
    """
    if output.shape != ():
        raise ValueError(f"the gradient of a number is wanted, not of shape {output.shape}")
    return pull_back([(output, constant(1.0))], wanted)


def pull_back(seeds: Sequence[tuple[Tensor, Tensor]], wanted: Sequence[Tensor]) -> list[Tensor]:
    """What flows back to each of `wanted`, where `seeds` are pairs of an output and what flows back to it."""
    ordered = ancestors(output for output, _ in seeds)
    alive = _depending_on(set(wanted), ordered)
    flowing: dict[Tensor, list[Tensor]] = {}
    for output, seed in seeds:
        flowing.setdefault(output, []).append(seed)
    for tensor in reversed(ordered):
        if tensor in flowing and tensor in alive and tensor.inputs:
            _flow_back(tensor, flowing[tensor], alive, flowing)
    return [total(flowing[item]) if item in flowing else _zero(item) for item in wanted]


def _depending_on(wanted: set[Tensor], ordered: list[Tensor]) -> set[Tensor]:
    alive = set(wanted)
    for tensor in ordered:
        if any(item in alive for item in tensor.inputs):
            alive.add(tensor)
    return alive


def _flow_back(
    tensor: Tensor, arrived: list[Tensor], alive: set[Tensor], flowing: dict[Tensor, list[Tensor]]
) -> None:  # fmt: skip
    for item, part in zip(tensor.inputs, _parts(tensor, arrived, alive), strict=True):
        if part is None or item not in alive:
            continue
        part = unbroadcast(part, item.shape)
        label(part, tensor.scope and f"{tensor.scope}, gradient")
        flowing.setdefault(item, []).append(part)


def _parts(tensor: Tensor, arrived: list[Tensor], alive: set[Tensor]) -> Sequence[Tensor | None]:
    """The part of each input in what flowed back to `tensor`. Of a loop, all its results are looked at together."""
    if tensor.primitive == "outcome":
        return [Tensor("arrival", (total(arrived),), (), tensor.options)]
    if tensor.primitive == "loop":
        from zen_cli.compiler.loop_gradient import slopes

        arrivals: dict[int, list[Tensor]] = {}
        for g in arrived:
            arrivals.setdefault(g.options["index"], []).append(g.inputs[0])
        return slopes(tensor, arrivals, [item in alive for item in tensor.inputs])
    parts: Sequence[Tensor | None] = PRIMITIVES[tensor.primitive].derivative(
        total(arrived), tensor, *tensor.inputs, **tensor.options
    )
    return parts


def total(parts: list[Tensor]) -> Tensor:
    """The sum of what flowed back, in the order in which it came; what came from slices is put together first."""
    first, *others = _side_by_side(parts)
    for other in others:
        first = first + other
        label(first, other.scope)
    return first


def _side_by_side(parts: list[Tensor]) -> list[Tensor]:
    """The gradients of slices that do not overlap as one: T of them would else be added as T arrays of full size."""
    padded = [part for part in parts if part.primitive == "concat" and len(part.inputs) == 1]
    axes = {part.options["axis"] for part in padded}
    ordered = sorted(padded, key=lambda part: part.options["starts"])
    if len(padded) < 2 or len(axes) > 1 or any(map(_overlap, ordered, ordered[1:])):
        return parts
    starts = tuple(part.options["starts"][0] for part in ordered)
    joined = apply("concat", *(part.inputs[0] for part in ordered), **padded[0].options | {"starts": starts})
    label(joined, padded[-1].scope)
    return [joined, *(part for part in parts if part not in padded)]


def _overlap(first: Tensor, second: Tensor) -> bool:
    axis, (start,) = first.options["axis"], first.options["starts"]
    return bool(start + first.inputs[0].shape[axis] > second.options["starts"][0])


def unbroadcast(g: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Sums `g` over the axes along which a value of `shape` was stretched; stretches it where it is smaller."""
    if g.shape == shape:
        return g
    if g.size < _size(shape) or g.rank < len(shape):
        return apply("broadcast", g, shape=shape)
    extra = g.rank - len(shape)
    leading = tuple(range(-g.rank, -len(shape))) if shape else tuple(range(-g.rank, 0))
    g = reduce_sum(g, leading) if extra else g
    stretched = tuple(i - len(shape) for i, n in enumerate(shape) if n == 1 and g.shape[i] != 1)
    return reduce_sum(g, stretched, keep=True) if stretched else g


def label(output: Tensor, scope: str) -> None:
    """Gives `scope` to `output` and to everything it was made of that has none yet."""
    stack = [output]
    while stack:
        tensor = stack.pop()
        if tensor.scope or not scope:
            continue
        tensor.scope = scope
        stack.extend(tensor.inputs)


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for n in shape:
        size *= n
    return size


def _zero(item: Tensor) -> Tensor:
    return apply("broadcast", constant(0.0), shape=item.shape)
