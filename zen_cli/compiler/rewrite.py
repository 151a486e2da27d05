"""Rebuilding a graph from its leaves up, by rules; equal tensors become one on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from zen_cli.compiler.tensor import Tensor, ancestors

Rule = Callable[[Tensor], Tensor | None]


def rewrite(outputs: Iterable[Tensor], rules: dict[str, Rule]) -> list[Tensor]:
    """`outputs` with every rule applied until none applies; a rule sees inputs that are final already."""
    rewriter = _Rewriter(rules)
    return [rewriter.final(output) for output in outputs]


def replaced(outputs: Iterable[Tensor], known: dict[Tensor, Tensor]) -> list[Tensor]:
    """`outputs` with others in the place of some tensors."""
    rewriter = _Rewriter({})
    rewriter.done |= known
    return [rewriter.final(output) for output in outputs]


class _Rewriter:
    def __init__(self, rules: dict[str, Rule]) -> None:
        self.rules = rules
        self.done: dict[Tensor, Tensor] = {}
        self.known: dict[tuple[Any, ...], Tensor] = {}

    def final(self, output: Tensor) -> Tensor:
        if output not in self.done:
            for tensor in ancestors([output]):
                if tensor not in self.done:
                    self.done[tensor] = self._reduced(tensor)
        return self.done[output]

    def _reduced(self, tensor: Tensor) -> Tensor:
        inputs = tuple(self.done[item] for item in tensor.inputs)
        if inputs != tensor.inputs:
            tensor = Tensor(tensor.primitive, inputs, tensor.shape, tensor.options, tensor.scope)
        rule = self.rules.get(tensor.primitive)
        better = rule(tensor) if rule else None
        if better is None:
            return self._unique(tensor)
        _inherit(better, tensor.scope)
        return self.final(better)

    def _unique(self, tensor: Tensor) -> Tensor:
        unique = self.known.setdefault(_identity(tensor), tensor)
        self.done[unique] = unique
        return unique


def _identity(tensor: Tensor) -> tuple[Any, ...]:
    options = ((key, _hashable(value)) for key, value in tensor.options.items())
    return (tensor.primitive, *map(id, tensor.inputs), tensor.shape, *options)


def _hashable(value: Any) -> Any:
    return value if isinstance(value, (int, float, str, tuple)) else id(value)


def _inherit(tensor: Tensor, scope: str) -> None:
    """What a rule made belongs to the layer of what it replaced."""
    while scope and not tensor.scope:
        tensor.scope = scope
        for item in tensor.inputs[1:]:
            _inherit(item, scope)
        if not tensor.inputs:
            return
        tensor = tensor.inputs[0]
