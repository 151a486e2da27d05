"""The tree that a config text is read into: every node and every key knows where it was written.

Nothing is typed here: a scalar keeps its text, and the option that it is given to decides what it means.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from zen_cli.errors import Place

MAIN = ""
"""The key of a component's main option (`linear: 64`) until its class is known; no text can hold it."""

NULL = ("", "~", "null", "Null", "NULL")


class Scalar(NamedTuple):
    """One value as text; `quoted` tells `"1"` (text) from `1` (a number where a number is wanted)."""

    place: Place
    text: str
    quoted: bool = False

    @property
    def missing(self) -> bool:
        """Nothing was written: the value is empty or `~`."""
        return not self.quoted and self.text in ("", "~")

    @property
    def null(self) -> bool:
        """One of the spellings of YAML's null."""
        return not self.quoted and self.text in NULL


class Sequence(NamedTuple):
    """A list."""

    place: Place
    items: list[Node]


class Mapping(NamedTuple):
    """Keys with values, in the order written."""

    place: Place
    entries: dict[str, Entry]


class Entry(NamedTuple):
    """One `key: value`; `place` is where the key stands."""

    place: Place
    value: Node


Node: TypeAlias = Scalar | Sequence | Mapping


def join(parent: str, key: str) -> str:
    """The key path one level down.

    >>> join("optimizer", "lr"), join("", "seed")
    ('optimizer.lr', 'seed')
    """
    return f"{parent}.{key}" if parent else key


def rekeyed(node: Node, key: str) -> Node:
    """A copy of `node` whose key paths start at `key`; the lines and columns stay."""
    place = node.place._replace(key=key)
    if isinstance(node, Scalar):
        return node._replace(place=place)
    if isinstance(node, Sequence):
        return Sequence(place, [rekeyed(item, f"{key}[{index}]") for index, item in enumerate(node.items)])
    entries = node.entries.items()
    return Mapping(place, {name: rekeyed_entry(entry, join(key, name)) for name, entry in entries})


def rekeyed_entry(entry: Entry, key: str) -> Entry:
    """The same for a key with its value."""
    return Entry(entry.place._replace(key=key), rekeyed(entry.value, key))


def measure(node: Node) -> tuple[int, int]:
    """How many nodes the tree has, and how many levels below its root."""
    if isinstance(node, Scalar):
        return 1, 0
    children = node.items if isinstance(node, Sequence) else [entry.value for entry in node.entries.values()]
    sizes, heights = zip(*map(measure, children), strict=True) if children else ((0,), (-1,))
    return 1 + sum(sizes), 1 + max(heights)


def leaves(node: Node | None, key: str = "") -> Iterator[tuple[str, str]]:
    """The values of a tree as text, by their key paths; a list of single values is one."""
    if isinstance(node, Mapping):
        for name, entry in node.entries.items():
            yield from leaves(entry.value, join(key, name))
    elif isinstance(node, Sequence) and not (node.items and all(isinstance(item, Scalar) for item in node.items)):
        for index, item in enumerate(node.items):
            yield from leaves(item, f"{key}[{index}]")
    elif isinstance(node, Sequence):
        yield key, f"[{', '.join(item.text for item in node.items if isinstance(item, Scalar))}]"
    elif node is not None:
        yield key, node.text


def flat(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """The values of dicts and lists by their key paths; a list of plain values is one.

    >>> dict(flat({"optimizer": {"lr": 0.1, "betas": [0.9, 0.99]}, "model": [{"units": 3}]}))
    {'optimizer.lr': 0.1, 'optimizer.betas': [0.9, 0.99], 'model[0].units': 3}
    """
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from flat(inner, join(key, name))
    elif isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        for index, inner in enumerate(value):
            yield from flat(inner, f"{key}[{index}]")
    else:
        yield key, value


def plain(node: Node) -> Any:
    """The tree as dicts and lists of scalars, which `dump` writes."""
    if isinstance(node, Scalar):
        return node
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {name: plain(entry.value) for name, entry in node.entries.items()}


def describe(node: Node) -> str:
    """What a message calls the node: `a list`, `a mapping`, or the text.

    >>> describe(Scalar(Place("a.yaml"), "1:30"))
    "text '1:30'"
    """
    if isinstance(node, Scalar):
        return "nothing" if node.missing else "null" if node.null else f"text {shown(node.text)}"
    return "a list" if isinstance(node, Sequence) else "a mapping"


def shown(text: str) -> str:
    """Text from a file as a message shows it: in quotes, one line, cut to 40 characters.

    >>> shown("no"), shown("a" * 50)
    ("'no'", "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...'")
    """
    cut = text if len(text) <= 40 else text[:37] + "..."
    return "'" + "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut) + "'"
