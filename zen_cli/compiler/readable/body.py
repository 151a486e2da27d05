"""The statements of a section in an order that a person reads: a layer at a time, values used once inlined.

Every assignment to a leaf comes after the last line that reads its old value.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from zen_cli.compiler.plan import GIVEN, Assignment
from zen_cli.compiler.scalars import is_scalar
from zen_cli.compiler.tensor import Tensor, ancestors
from zen_cli.compiler.views import is_view

Rank = tuple[int, ...]  # the part of a step, then the path of a layer, backward negated


def rank(scope: str) -> Rank:
    """Where a scope stands in a step: layers forward, loss, its gradient, layers backward, the optimizer's rule.

    >>> sorted(["", "2.0 relu, gradient", "2.0 relu", "loss mse", "0 linear", "2 residual"], key=rank)
    ['0 linear', '2 residual', '2.0 relu', 'loss mse', '2.0 relu, gradient', '']
    """
    layer, backward = re.match(r"[\d.]+", scope), scope.endswith(", gradient")
    if layer:
        path = map(int, layer[0].split("."))
        return (3, *(-number for number in path)) if backward else (0, *path)
    return (2,) if backward else (1,) if scope else (4,)


class Graph:
    """What is known of the tensors of a section: order, uses, scopes, and which of them get a line of their own."""

    def __init__(self, assignments: Iterable[Assignment]) -> None:
        self.targets: dict[Tensor, list[Tensor]] = {}
        for target, value in assignments:
            if target.options["name"] != value.options.get("name"):
                self.targets.setdefault(value, []).append(target)
        self.order = ancestors(self.targets)
        self.readers: dict[Tensor, list[Tensor]] = {tensor: [] for tensor in self.order}
        for tensor in self.order:
            for item in tensor.inputs:
                self.readers[item].append(tensor)
        self.scopes: dict[Tensor, str] = {}
        for tensor in self.order:
            inherited = (self.scopes[item] for item in tensor.inputs if item.primitive not in GIVEN)
            self.scopes[tensor] = tensor.scope or next(filter(None, inherited), "")
        self.stated = {tensor for tensor in self.order if self._needs_a_line(tensor)}

    def _needs_a_line(self, tensor: Tensor) -> bool:
        if tensor in self.targets or tensor.primitive in ("random", "loop"):
            return True
        if tensor.primitive in (*GIVEN, "outcome") or is_view(tensor):
            return False
        if tensor.primitive == "broadcast" and all(reader.primitive == "loop" for reader in self.readers[tensor]):
            return bool(tensor.inputs[0].shape)
        if is_scalar(tensor):
            return len(self.readers[tensor]) > 1
        readers = list(self.readers_through_views(tensor))
        return len(readers) > 1 or any(self.scopes[reader] != self.scopes[tensor] for reader in readers)

    def readers_through_views(self, tensor: Tensor) -> Iterator[Tensor]:
        for reader in self.readers[tensor]:
            if is_view(reader):
                yield from (reader,) if reader in self.targets else ()
                yield from self.readers_through_views(reader)
            else:
                yield reader

    def inlined(self, tensor: Tensor) -> Iterator[Tensor]:
        """The inputs of a line: what is read by name; `tensor` itself is not among them."""
        for item in tensor.inputs:
            if item in self.stated or item.primitive in GIVEN:
                yield item
            else:
                yield from self.inlined(item)

    def lines(self) -> list[Tensor]:
        """The tensors with a line of their own: each after what it reads, else by `rank`, else as they come."""
        place = {tensor: i for i, tensor in enumerate(self.order) if tensor in self.stated}
        waiting = {tensor: {item for item in self.inlined(tensor) if item in place} for tensor in place}
        draws = [tensor for tensor in place if tensor.primitive == "random"]
        for before, after in zip(draws, draws[1:], strict=False):
            waiting[after].add(before)  # the generator gives its numbers in the order of the program
        followers: dict[Tensor, list[Tensor]] = {tensor: [] for tensor in place}
        for tensor, items in waiting.items():
            for item in items:
                followers[item].append(tensor)
        ready = [(rank(self.scopes[tensor]), place[tensor], tensor) for tensor in place if not waiting[tensor]]
        heapq.heapify(ready)
        ordered = []
        while ready:
            tensor = heapq.heappop(ready)[-1]
            ordered.append(tensor)
            for follower in followers[tensor]:
                waiting[follower].discard(tensor)
                if not waiting[follower]:
                    heapq.heappush(ready, (rank(self.scopes[follower]), place[follower], follower))
        return ordered


class Line(NamedTuple):
    """A tensor with a line of its own; `stored`: the leaves that get its value here, `later`: those at the end."""

    tensor: Tensor
    stored: tuple[Tensor, ...]
    later: tuple[Tensor, ...]


def scheduled(graph: Graph) -> list[Line]:
    """The lines in order; a leaf is stored at once if no later line reads its old value."""
    ordered = graph.lines()
    last_read: dict[str, int] = {}
    for i, tensor in enumerate(ordered):
        for item in (tensor, *graph.inlined(tensor)):
            if item.primitive == "leaf":
                last_read[item.options["name"]] = i
    found = []
    for i, tensor in enumerate(ordered):
        targets = graph.targets.get(tensor, ())
        later = tuple(target for target in targets if last_read.get(target.options["name"], -1) > i)
        found.append(Line(tensor, tuple(target for target in targets if target not in later), later))
    return found
