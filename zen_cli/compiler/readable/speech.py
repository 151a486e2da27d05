"""A section of a program as lines of Python: values used once inlined, one comment a layer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import numpy as np

from zen_cli.compiler.plan import GIVEN
from zen_cli.compiler.readable.body import Graph, Line, rank, scheduled
from zen_cli.compiler.readable.forms import say
from zen_cli.compiler.readable.loops import loop_lines
from zen_cli.compiler.readable.names import Names, result_name
from zen_cli.compiler.readable.speaker import operand
from zen_cli.compiler.readable.text import ATOM, Said
from zen_cli.compiler.scalars import is_scalar
from zen_cli.compiler.tensor import Tensor
from zen_cli.compiler.views import is_view, root

WIDTH = 90  # columns of a line, its indentation among them
PLACEHOLDER = "x" * 8
IN_PLACE = {"add": "+=", "subtract": "-=", "multiply": "*=", "divide": "/="}
INDENT = "    "


class Speech:
    """Writes sections; `leaves` says what the array of each leaf is called, `returns` which are plain variables."""

    def __init__(self, names: Names, leaves: dict[str, str], returns: list[str], dtype: np.dtype[Any]) -> None:
        self.names, self.leaves, self.returns, self.dtype = names, leaves, returns, dtype
        self.constants: dict[str, str] = {}  # the name of each expression
        self.helpers: dict[str, None] = {}  # the names of functions to bring along
        self.results: dict[Tensor, str] = {}
        self.graph: Graph
        self.pending: dict[Tensor, str] = {}  # leaves that are stored at the end of the section

    def within(self, leaves: dict[str, str], returns: list[str]) -> Speech:
        """Who writes the lines of a round, with the same names and constants."""
        inner = Speech(self.names, leaves, returns, self.dtype)
        inner.constants = self.constants
        return inner

    def section(self, graph: Graph, rule: str | None) -> Iterator[str]:
        """The lines of a section; `rule` heads what belongs to no layer; None: nothing has a heading."""
        self.graph, self.pending = graph, {}
        self._break_long_lines()
        lines, before = scheduled(graph), None
        for scope, group in groupby(lines, lambda line: graph.scopes[line.tensor]):
            if before is not None and rank(scope)[0] != rank(before)[0]:
                yield ""
            before = scope
            if rule is not None:
                yield f"# {self._heading(scope, rule)}"
            stated = list(group)
            for line in stated:
                yield from self._line(line, line is stated[-1])
        for target, name in self.pending.items():
            yield f"{self._place(target)} = {name}"

    # --- what the forms ask for -------------------------------------------------------------------
    def say(self, tensor: Tensor) -> Said:
        if tensor in self.results:
            return Said(self.results[tensor])
        if tensor.primitive == "leaf":
            return Said(self.leaves[tensor.options["name"]])
        if tensor.primitive == "outcome":
            return Said(PLACEHOLDER)
        own = not is_view(tensor) or tensor not in self.graph.targets  # a view of a line of its own has a name too
        named = own and tensor.primitive not in GIVEN and tensor in self.graph.stated
        return Said(PLACEHOLDER) if named else say(self, tensor)

    def constant(self, name: str, value: str) -> str:
        if value not in self.constants:
            self.constants[value] = self.names.unique(name)
        return self.constants[value]

    def helper(self, name: str) -> str:
        self.helpers[name] = None
        return name

    def is_truth(self, tensor: Tensor) -> bool:
        readers = self.graph.readers[tensor]
        return tensor not in self.graph.targets and all(_has_float_partner(reader, tensor) for reader in readers)

    # --- lines ------------------------------------------------------------------------------------
    def _break_long_lines(self) -> None:
        """Gives a line of its own to the longest part of what is too long for one, from the first results on."""
        for tensor in self.graph.order:
            if tensor.primitive == "loop":
                self.graph.stated.update(item for item in tensor.inputs if self._needs_a_name(item))
                continue
            while self._length(tensor) > WIDTH:
                parts = [part for item in tensor.inputs for part in (root(item), item) if self._may_get_a_line(part)]
                if not parts:
                    break
                self.graph.stated.add(max(parts, key=lambda part: len(self.say(part).text)))

    def _length(self, tensor: Tensor) -> int:
        said, targets = self._value(tensor), self.graph.targets.get(tensor, ())
        lines = [self._store(target, tensor, said) for target in targets] or [f"{PLACEHOLDER} = {said.text}"]
        return len(INDENT) + max(map(len, lines))

    def _may_get_a_line(self, part: Tensor) -> bool:
        return root(part).primitive not in GIVEN and part not in self.graph.stated

    def _needs_a_name(self, item: Tensor) -> bool:
        """Whether an input of a loop is more than a name, or a part of what has one."""
        plain = item.primitive == "broadcast" and not item.inputs[0].shape
        return not plain and root(item).primitive not in (*GIVEN, "outcome")

    def _line(self, line: Line, last: bool) -> Iterator[str]:
        if line.tensor.primitive == "loop":
            yield from loop_lines(self, line.tensor)
            return
        tensor, said = line.tensor, self._value(line.tensor)
        computed = tensor.primitive not in GIVEN and not is_view(tensor)
        if not line.stored and not line.later:
            self.results[tensor] = self.names.unique(result_name(self.graph, tensor, last))
            yield f"{self.results[tensor]} = {said.text}"
        for target in line.stored:
            yield self._store(target, tensor, said)
            said = Said(self.leaves[target.options["name"]]) if computed else said
            self.results.update({tensor: said.text} if computed else {})
        for target in line.later:
            if computed and tensor in self.results:
                self.pending[target] = self.results[tensor]
                continue
            name = self.pending[target] = self.names.unique(f"new_{self.leaves[target.options['name']]}")
            yield f"{name} = {said.text}" if computed else f"{name} = {said.within(ATOM)}.copy()"
            self.results.update({tensor: name} if computed else {})

    def _value(self, tensor: Tensor) -> Said:
        if tensor.primitive == "leaf":
            return self.say(tensor)
        stretched = tensor.primitive == "broadcast" and tensor in self.graph.targets and not self.graph.readers[tensor]
        return operand(self, tensor, 0) if stretched else say(self, tensor)

    def _store(self, target: Tensor, tensor: Tensor, said: Said) -> str:
        """`mean[:] *= 0.9` where the old value is one operand, else `mean[:] = ...`."""
        name = self._place(target)
        for i in range(2 if tensor.primitive in ("add", "multiply") else 1):
            old = tensor.inputs[i : i + 1]
            first = tensor.primitive in IN_PLACE and tensor not in self.results and name.endswith("]")
            if first and old[0].options.get("name") == target.options["name"]:
                return f"{name} {IN_PLACE[tensor.primitive]} {operand(self, tensor, 1 - i).text}"
        return f"{name} = {said.text}"

    def _place(self, target: Tensor) -> str:
        name = self.leaves[target.options["name"]]
        return name if target.options["name"] in self.returns else f"{name}[{':' if target.shape else '...'}]"

    def _heading(self, scope: str, rule: str) -> str:
        """`0 linear: (4, 2) -> (4, 8)` for a layer on its way forward."""
        if not scope:
            return " ".join(rule.split())
        own = [tensor for tensor in self.graph.order if self.graph.scopes[tensor] == scope]
        entering = [item for tensor in own for item in tensor.inputs if self._enters(item, scope)]
        forward = rank(scope)[0] == 0 and entering
        return f"{scope}: {entering[0].shape} -> {own[-1].shape}" if forward else scope

    def _enters(self, item: Tensor, scope: str) -> bool:
        return bool(item.shape) and item.primitive != "constant" and self.graph.scopes[item] != scope


def _has_float_partner(reader: Tensor, truth: Tensor) -> bool:
    """Whether `reader` multiplies a comparison by an array of floats, which gives floats."""
    partners = [item for item in reader.inputs if item is not truth]
    return reader.primitive == "multiply" and len(partners) == 1 and _is_float(partners[0])


def _is_float(tensor: Tensor) -> bool:
    return not is_scalar(tensor) and tensor.primitive != "greater"
