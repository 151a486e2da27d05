"""`${vars.width}`: values of the section `vars`, written once and used anywhere. Nothing else is replaced."""

from __future__ import annotations

import re
from typing import NamedTuple

from zen_cli.config.node import Entry, Mapping, Node, Scalar, Sequence, describe, measure, rekeyed, shown
from zen_cli.config.text import MAX_DEPTH, MAX_NODES
from zen_cli.errors import Place, Problems, ZenError
from zen_cli.suggest import did_you_mean

USE = re.compile(r"(\$?)\$\{\s*vars\.([^}]*)(\}?)")


class Value(NamedTuple):
    """A variable with all others in it replaced; how many nodes it has, and how many levels."""

    node: Node
    size: int
    height: int


def replaced(root: Mapping, problems: Problems) -> Mapping:
    """The tree without its `vars`, with each `${vars.NAME}` replaced by the value.

    Where it is all there is (in quotes or not), the value keeps its type, be it a list or a mapping; within a text
    it is put in as text. `$${vars.NAME}` stands for the text `${vars.NAME}`. A variable may use others.

    Raises:
        ZenError: the values written out are too many or too deep.
    """
    known = root.entries.pop("vars", None)
    section = known.value if known else Mapping(root.place, {})
    if not isinstance(section, Mapping):
        problems.add(f"expected a mapping, found {describe(section)}", section.place, "write vars: {width: 8}")
        section = Mapping(root.place, {})
    variables = _Variables(section, problems)
    tree = variables.expand(root, 0)
    variables.complain()
    assert isinstance(tree, Mapping)
    return tree


class _Variables:
    """The section, and what has come of it so far."""

    def __init__(self, section: Mapping, problems: Problems) -> None:
        self.section, self.problems = section, problems
        self.values: dict[str, Value | None] = {}
        self.open: list[str] = []  # being looked up
        self.size = 0

    def expand(self, node: Node, depth: int) -> Node:
        """The node with every variable below it replaced."""
        if isinstance(node, Scalar):
            return self._scalar(node, depth)
        if isinstance(node, Sequence):
            return Sequence(node.place, [self.expand(item, depth + 1) for item in node.items])
        entries = {key: Entry(place, self.expand(value, depth + 1)) for key, (place, value) in node.entries.items()}
        return Mapping(node.place, entries)

    def _scalar(self, node: Scalar, depth: int) -> Node:
        if "${" not in node.text:
            return node
        whole = USE.fullmatch(node.text)
        if whole and not whole[1] and whole[3]:
            value = self._value(whole[2].strip(), node.place)
            return self._copy(value, node.place, depth) if value else node
        return node._replace(text=USE.sub(lambda use: self._text(use, node.place), node.text))

    def _copy(self, value: Value, place: Place, depth: int) -> Node:
        self.size += value.size
        if self.size > MAX_NODES or depth + value.height > MAX_DEPTH:
            raise ZenError(f"more than {MAX_NODES} values or {MAX_DEPTH} levels, variables written out", place)
        return rekeyed(value.node, place.key)

    def _text(self, use: re.Match[str], place: Place) -> str:
        """What stands for one use within a text."""
        if use[1]:
            return use[0][1:]
        if not use[3]:
            self._refuse(f"{shown(use[0])} is never closed", place, "write ${vars.NAME}")
            return use[0]
        value = self._value(use[2].strip(), place)
        if value and not isinstance(value.node, Scalar):
            self._refuse(f"{use[0]} is {describe(value.node)}, which cannot be part of a text", place)
        return value.node.text if value and isinstance(value.node, Scalar) else use[0]

    def _value(self, name: str, place: Place) -> Value | None:
        """The value of a variable; a problem and None if there is none."""
        if name in self.open:
            chain = ", which uses ".join(f"vars.{each}" for each in [*self.open[self.open.index(name) + 1 :], name])
            return self._refuse(f"vars.{name} uses {chain}", place, "a variable cannot be made of itself")
        if len(self.open) > MAX_DEPTH:
            raise ZenError(f"more than {MAX_DEPTH} variables are made of each other", place)
        if name not in self.values:
            self.open.append(name)
            self.values[name] = self._looked_up(name, place)
            self.open.pop()
        return self.values[name]

    def _looked_up(self, name: str, place: Place) -> Value | None:
        node: Node = self.section
        for step in name.split("."):
            if not isinstance(node, Mapping) or step not in node.entries:
                known = list(node.entries) if isinstance(node, Mapping) else []
                hint = f"vars: {', '.join(known)}" if known else "write it in the section `vars`"
                return self._refuse(f"unknown variable {shown(name)}{did_you_mean(step, known)}", place, hint)
            entry = node.entries[step]
            node = entry.value
        if isinstance(node, Scalar) and node.missing:
            self.problems.settle(place)
            return self._refuse("value missing", entry.place, "write a value, or remove what uses it")
        found = self.expand(node, 0)
        return Value(found, *measure(found))

    def _refuse(self, what: str, place: Place, hint: str | None = None) -> Value | None:
        """Notes a mistake; there is no value."""
        self.problems.add(what, place, hint)
        self.problems.settle(place)
        return None

    def complain(self) -> None:
        """A variable that is set by a flag and used nowhere is a mistake in its name."""
        for name, entry in self.section.entries.items():
            used = any(each.split(".")[0] == name for each in self.values)
            if entry.place.line is None and not used:
                known = [each for each, it in self.section.entries.items() if it.place.line is not None]
                self.problems.add(f"used nowhere{did_you_mean(name, known)}", entry.place, f"vars: {', '.join(known)}")
