"""Where each value of a resolved config comes from: a place in a file, a flag, a default, or the data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from zen_cli.catalogue import REGISTRIES
from zen_cli.config.component import canonical
from zen_cli.config.node import MAIN, Mapping, Node, Sequence, flat, join
from zen_cli.config.sections import Config
from zen_cli.errors import Place, Problems
from zen_cli.resolved import unread


class Origin(NamedTuple):
    """A value by its key path; `place` where it was written, else `how` it came about."""

    key: str
    value: Any
    place: Place | None
    how: str

    def __str__(self) -> str:
        return str(self.place._replace(key="")) if self.place else self.how


def origins(values: dict[str, Any], config: Config) -> list[Origin]:
    """The origin of every value of `values`, the resolved form of `config`."""
    usual = dict(flat(unread(config)))
    found = []
    for key, value, node in _walk(values, config.tree, ""):
        how = "default" if key in usual and usual[key] == value and key != "name" else "inferred"
        found.append(Origin(key, value, node.place if node else None, "" if node else how))
    return found


def _walk(value: Any, node: Node | None, key: str) -> Iterator[tuple[str, Any, Node | None]]:
    """Every value, its key path, and the node that it was read from, if there is one."""
    if isinstance(value, dict) and value:
        entries = _entries(value, node)
        for name, inner in value.items():
            yield from _walk(inner, entries.get(name), join(key, name))
    elif isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        items = node.items if isinstance(node, Sequence) else []
        for i, inner in enumerate(value):
            yield from _walk(inner, items[i] if i < len(items) else None, f"{key}[{i}]")
    else:
        yield key, value, node


def _entries(value: dict[str, Any], node: Node | None) -> dict[str, Node]:
    """The nodes below a mapping or a component, in whatever form it was written, by the names in `value`."""
    if isinstance(node, Sequence):
        return {"layers": node}  # `model: [...]` is short for its layers
    component = canonical(node, Problems()) if node and "type" in value else node
    if not isinstance(component, Mapping):
        return {}
    found = {name: entry.value for name, entry in component.entries.items()}
    if MAIN in found:
        found.setdefault(_main(value), found.pop(MAIN))
    return found


def _main(value: dict[str, Any]) -> str:
    """Under which name a component keeps the value of `name: value`."""
    kinds = (registry for registry in REGISTRIES.values() if value["type"] in registry)
    return next((main for kind in kinds if (main := kind.main_option(value["type"])) in value), MAIN)
