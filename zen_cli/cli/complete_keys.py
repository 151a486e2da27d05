"""The keys of a config, and what may stand at each: for --set, --unset and --over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from zen_cli.cli.index import KEYS, OPTIONS

Found = Iterator[tuple[str, str]]
LAYER = re.compile(r"(.*)\[(-?\d+)\]$")


def keys(current: str, configs: Sequence[str], sets: Sequence[str], *, with_value: bool) -> Found:
    """Key paths that begin like `current`, a level at a time; after `=` the values that may stand there."""
    types = _types(configs, sets)
    key, equals, _ = current.partition("=")
    if equals:
        allowed = _allowed(key, types) or f"@{_kind(key, types)}"  # an item of a list is a component too
        yield from ((f"{key}={value}", "") for value in _values(allowed))
        return
    head = key.rpartition(".")[0]
    for path in _below(head, types):
        if any(other.startswith(f"{path}.") for other in (*KEYS, *types)) or _kind(path, types):
            yield f"{path}.", ""
        if path in KEYS or "." in path or path in types:
            yield (f"{path}=" if with_value else path), ""


def _below(head: str, types: dict[str, str]) -> Iterator[str]:
    """The paths one level below `head`; all at the top where it is empty."""
    start = f"{head}." if head else ""
    known = [path for path in (*KEYS, *types) if path.startswith(start)]
    kind = _kind(head, types)
    options = _options(kind, types.get(head, "")) if kind else {}
    steps = [path[len(start) :].partition(".")[0] for path in known]
    yield from dict.fromkeys([*(f"{start}{step}" for step in steps), *(f"{start}{option}" for option in options)])
    if kind:
        yield f"{start}type"


def _kind(path: str, types: dict[str, str]) -> str:
    """The kind of the component at a path; empty if none stands there."""
    if path.endswith(".type"):  # its name
        return ""
    layer = LAYER.fullmatch(path)
    value = _allowed(layer[1] if layer else path, types)
    wanted = value.startswith("@") and value.endswith("*") == bool(layer)
    return value.strip("@*") if wanted else ""


def _allowed(path: str, types: dict[str, str]) -> str:
    """What may stand at a path, in the index's words."""
    if path in KEYS:
        return KEYS[path]
    head, _, option = path.rpartition(".")
    kind = _kind(head, types) if head else ""
    if kind and option == "type":
        return f"@{kind}"
    return _options(kind, types.get(head, "")).get(option, "") if kind else ""


def _values(allowed: str) -> list[str]:
    if allowed.startswith("@"):
        return list(OPTIONS.get(allowed.strip("@*"), ()))
    return [word for word in allowed.split("|") if word]


def _options(kind: str, name: str) -> dict[str, str]:
    """What may stand at each option of a component; those of all of its kind, where it is not known which it is."""
    names = [name] if name in OPTIONS[kind] else list(OPTIONS[kind])
    pairs = [option.partition("=") for each in names for option in OPTIONS[kind][each].split()]
    return {option: allowed for option, _, allowed in pairs}


def _types(configs: Sequence[str], sets: Sequence[str]) -> dict[str, str]:
    """Which component stands at which path, by the config as it is written and changed so far."""
    if not configs:
        return {}
    from zen_cli.config.component import canonical
    from zen_cli.config.load import load
    from zen_cli.config.node import Mapping, Node, Scalar, Sequence, join
    from zen_cli.errors import Problems

    found: dict[str, str] = {}

    def walk(node: Node, key: str, listed: bool) -> None:
        allowed = KEYS.get(key, "")
        if isinstance(node, Sequence):
            for index, item in enumerate(node.items):
                walk(item, f"{key}[{index}]", True)
            return
        whole = canonical(node, Problems()) if listed or allowed.startswith("@") else node
        name = whole.entries.get("type") if isinstance(whole, Mapping) else None
        if name and isinstance(name.value, Scalar):
            found[key] = name.value.text
        for option, entry in whole.entries.items() if isinstance(whole, Mapping) else ():
            if option:
                walk(entry.value, join(key, option), False)

    tree = load(*configs, sets=[each for each in sets if "=" in each]).tree
    if tree is not None:
        walk(tree, "", False)
    return found
