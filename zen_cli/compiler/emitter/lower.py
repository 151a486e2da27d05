"""The graph as the forms want it: what they cannot say well is spelled out before anything gets its place."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from zen_cli.compiler.emitter.moves import SMALL
from zen_cli.compiler.primitives import PRIMITIVES
from zen_cli.compiler.rewrite import Rule, rewrite
from zen_cli.compiler.scalars import is_scalar
from zen_cli.compiler.tensor import Tensor, apply
from zen_cli.compiler.views import is_close


def lowered(outputs: Iterable[Tensor], spread: bool) -> list[Tensor]:
    """The same outputs. `spread`: the broadcasts of small matrices become explicit, to be products with ones."""
    small = {name: _spread for name, it in PRIMITIVES.items() if it.elementwise} if spread else {}
    return rewrite(outputs, {**small, **LOWERED})


def _spread(tensor: Tensor) -> Tensor | None:
    if tensor.rank != 2 or tensor.size > SMALL:
        return None
    return _with(tensor, [_stretched(item, tensor) for item in tensor.inputs])


def _stretched(item: Tensor, like: Tensor) -> Tensor:
    if item.shape in ((), (1,), (1, 1), like.shape) or is_scalar(item):
        return item
    return apply("broadcast", item, shape=like.shape)


def _in_line(tensor: Tensor) -> Tensor | None:
    """What adds everything up reads its inputs as one line: where they do not lie so, they are copied."""
    if tensor.shape:
        return None
    return _with(tensor, [x if is_close(x) else apply("reshape", x, shape=(x.size,)) for x in tensor.inputs])


def _convolve(tensor: Tensor) -> Tensor | None:
    """The patches of a small batch are unfolded once, for the result and for the gradient of the weight."""
    x, w = tensor.inputs
    rows = _unfolded(x, tensor, **tensor.options)
    if rows is None:
        return None
    return apply("reshape", rows @ apply("reshape", w, shape=(rows.shape[1], w.shape[3])), shape=tensor.shape)


def _convolve_weight(tensor: Tensor) -> Tensor | None:
    x, d = tensor.inputs
    rows = _unfolded(x, d, **tensor.options)
    if rows is None:
        return None
    return apply("reshape", rows.T @ apply("reshape", d, shape=(rows.shape[0], d.shape[3])), shape=tensor.shape)


def _unfolded(x: Tensor, places: Tensor, window: Any, groups: int) -> Tensor | None:
    """The patches of all places as a matrix, if they are few enough for one block."""
    from zen_cli.compiler.windows import FEW, ROOM

    count, size = math.prod(places.shape[:3]), math.prod(window.kernel) * x.shape[3]
    if groups > 1 or count * size > ROOM:
        return None
    if x.shape[3] > FEW:
        return apply("reshape", apply("patches", x, window=window, by_tap=False), shape=(count, size))
    return apply("reshape", apply("patches", x, window=window, by_tap=True), shape=(size, count)).T


LOWERED: dict[str, Rule] = {
    "inner": _in_line, "sum": _in_line, "convolve": _convolve, "convolve_weight": _convolve_weight,
}


def _with(tensor: Tensor, inputs: list[Tensor]) -> Tensor | None:
    changed = any(new is not old for new, old in zip(inputs, tensor.inputs, strict=True))
    options = tensor.options | ({"axes": (-1,)} if tensor.primitive == "sum" else {})
    return apply(tensor.primitive, *inputs, **options) if changed else None
