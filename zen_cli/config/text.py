"""YAML text into a tree of nodes, with caps on depth and size and nothing resolved, constructed or merged."""

from __future__ import annotations

from typing import Any

import yaml

from zen_cli.config.node import (
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    describe,
    join,
    measure,
    rekeyed,
    shown,
)
from zen_cli.config.scalars import INTEGER, core_kind
from zen_cli.config.source import decode, place_after
from zen_cli.errors import Place, Problems, ZenError

MAX_DEPTH = 64
MAX_NODES = 100_000

# YAML 1.1 ends lines at these three, YAML 1.2 and editors do not: they pass the parser in disguise.
_BREAKS = "\x85\u2028\u2029"


def parse(text: str | bytes, file: str, problems: Problems | None = None) -> Node | None:
    """The tree that a YAML text stands for; None if there is nothing in it but comments.

    Duplicate keys, tags, merge keys, keys that are not text and unknown aliases are added to `problems` (or
    raised together, if it is not given), so that the tree can be judged further.

    Raises:
        ZenError: the text is not YAML, holds control characters, or exceeds a cap.

    >>> parse("lr: 1e-3", "a.yaml").entries["lr"].value.text
    '1e-3'
    """
    found = Problems() if problems is None else problems
    text = decode(text, file) if isinstance(text, bytes) else text
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    _refuse_controls(text, file)
    node = _Reader(text, file, found).document()
    if problems is None:
        found.check()
    return node


class _Reader:
    """Builds nodes from parser events."""

    def __init__(self, text: str, file: str, problems: Problems) -> None:
        self.file, self.problems = file, problems
        self.text, self.restore = _disguise(text)
        self.parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(self.text)
        self.anchors: dict[str | None, Node] = {}
        self.size = 0
        self.quote: tuple[tuple[int, int], int] | None = None
        self.brackets: list[tuple[int, int]] = []  # that are open

    def document(self) -> Node | None:
        self.next()
        if isinstance(self.next(), yaml.StreamEndEvent):
            return None
        root = self.node(self.next(), "", 0)
        self.next()
        if not isinstance(end := self.next(), yaml.StreamEndEvent):
            hint = "a config is one document; remove this '---'"
            raise ZenError("a second document begins here", self.place(end), hint)
        return None if isinstance(root, Scalar) and root.missing else root

    def next(self) -> Any:
        try:
            return self.parser.get_event()
        except yaml.MarkedYAMLError as error:
            raise self.fault(error) from None

    def fault(self, error: yaml.MarkedYAMLError) -> ZenError:
        from zen_cli.config.syntax import Fault, fault

        at, start = error.problem_mark, error.context_mark
        assert at is not None
        begun = (start.line, start.column) if start else None
        found = Fault(error.context or "", begun, error.problem or "", (at.line, at.column))
        quote = self.quote[0] if self.quote and self.quote[1] == at.line else None
        return fault(found, self.text, self.file, quote, self.brackets[-1] if self.brackets else None)

    def place(self, event: Any, key: str = "") -> Place:
        mark = event.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1, key)

    def node(self, event: Any, key: str, depth: int) -> Node:
        place = self.place(event, key)
        self.grow(1, place)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event.anchor, place, depth)
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise ZenError(f"tags are not allowed, found {shown(tag)}", place, "remove it")
        self.sink(depth, place)
        node = self.content(event, place, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def content(self, event: Any, place: Place, depth: int) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, place)
        if event.flow_style:
            self.brackets.append((event.start_mark.line, event.start_mark.column))
        mapping = isinstance(event, yaml.MappingStartEvent)
        node = self.mapping(place, depth) if mapping else self.sequence(place, depth)
        if event.flow_style:
            self.brackets.pop()
        return node

    def sequence(self, place: Place, depth: int) -> Sequence:
        items: list[Node] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            items.append(self.node(event, f"{place.key}[{len(items)}]", depth + 1))
        return Sequence(place, items)

    def scalar(self, event: Any, place: Place) -> Scalar:
        first, last = event.start_mark, event.end_mark
        if event.style in ("'", '"'):
            self.quote = ((first.line, first.column), last.line) if last.line > first.line else None
        text = event.value.translate(self.restore) if self.restore else event.value
        return Scalar(place, text, bool(event.style))

    def mapping(self, place: Place, depth: int) -> Mapping:
        entries: dict[str, Entry] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            before = list(entries.values())[-1].value if entries else None
            name = self.key(event, place.key, depth, before)
            where = self.place(event, join(place.key, name) if name is not None else place.key)
            value = self.node(self.next(), where.key, depth + 1)
            if name in entries:
                first = entries[name].place
                what = f"key {shown(name)} is given twice, first at line {first.line}, column {first.column}"
                self.problems.add(what, where, "keep one")
            elif name is not None:
                entries[name] = Entry(where, value)
        return Mapping(place, entries)

    def key(self, event: Any, parent: str, depth: int, before: Node | None) -> str | None:
        """The text of a key; a problem and None if it is not text. `before` is the value that stands before it."""
        node = self.node(event, parent, depth + 1)
        hint: str | None = None
        if not isinstance(node, Scalar):
            what = f"keys must be text, found {describe(node)}"
        elif not node.quoted and node.text == "<<":
            what, hint = "merge keys (<<) are not supported", "write the keys out"
        elif kind := None if node.quoted and node.text else core_kind(node.text):
            if node.text.isdigit() and isinstance(before, Scalar) and INTEGER.fullmatch(before.text):
                self.decimal_comma(before, node.text)
                return None
            what, hint = f"keys must be text, found {kind}", None
        else:
            return node.text
        self.problems.add(what, self.place(event, parent), hint)
        return None

    def decimal_comma(self, before: Scalar, decimals: str) -> None:
        """`{lr: 0,001}` is, to YAML, a 0 and another key."""
        number = f"{before.text},{decimals}"
        hint = f"the decimal sign is a point, not a comma: write {before.text}.{decimals}"
        self.problems.add(f"found {number}", before.place, hint)
        self.problems.settle(before.place)

    def alias(self, name: str | None, place: Place, depth: int) -> Node:
        known = self.anchors.get(name)
        if known is None:
            hint = "text that begins with '*' needs quotes"
            raise ZenError(f"no anchor '&{name}' stands before this alias", place, hint)
        size, height = measure(known)
        self.grow(size, place)
        self.sink(depth + height, place)
        return rekeyed(known, place.key)

    def sink(self, depth: int, place: Place) -> None:
        if depth > MAX_DEPTH:
            raise ZenError(f"nested deeper than {MAX_DEPTH} levels", place._replace(key=""))

    def grow(self, nodes: int, place: Place) -> None:
        self.size += nodes
        if self.size > MAX_NODES:
            what = f"more than {MAX_NODES} values, aliases written out"
            raise ZenError(what, place._replace(key=""))


def _refuse_controls(text: str, file: str) -> None:
    if text.replace("\n", "").replace("\t", "").isprintable():
        return
    for index, character in enumerate(text):
        if not character.isprintable() and character not in "\n\t\x85" and _control(ord(character)):
            what = f"control character U+{ord(character):04X} in the text"
            hint = "remove it; in double quotes it can be written as an escape"
            raise ZenError(what, place_after(text[:index], file), hint)


def _control(code: int) -> bool:
    return code < 160 or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE


def _disguise(text: str) -> tuple[str, dict[int, str]]:
    """Stands unused private characters in for the breaks of YAML 1.1; also gives the way back."""
    present = [character for character in _BREAKS if character in text]
    free = (code for code in range(0xE000, 0xF8FF) if chr(code) not in text)
    codes = dict(zip(present, free, strict=False))
    return text.translate({ord(c): code for c, code in codes.items()}), {code: c for c, code in codes.items()}
