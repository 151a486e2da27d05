"""The graph as the forms want it: what they cannot say well is spelled out before anything gets its place."""

from __future__ import annotations

from collections.abc import Iterable

from zen_cli.compiler.emitter.forms import SMALL
from zen_cli.compiler.primitives import PRIMITIVES
from zen_cli.compiler.rewrite import Rule, rewrite
from zen_cli.compiler.scalars import is_scalar
from zen_cli.compiler.tensor import Tensor, apply
from zen_cli.compiler.views import is_close


def lowered(outputs: Iterable[Tensor], spread: bool) -> list[Tensor]:
    """The same outputs. `spread`: the broadcasts of small matrices become explicit, to be products with ones."""
    small = {name: _spread for name, it in PRIMITIVES.items() if it.elementwise} if spread else {}
    return rewrite(outputs, {**small, **LINES})


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


LINES: dict[str, Rule] = {"inner": _in_line, "sum": _in_line}


def _with(tensor: Tensor, inputs: list[Tensor]) -> Tensor | None:
    changed = any(new is not old for new, old in zip(inputs, tensor.inputs, strict=True))
    options = tensor.options | ({"axes": (-1,)} if tensor.primitive == "sum" else {})
    return apply(tensor.primitive, *inputs, **options) if changed else None
