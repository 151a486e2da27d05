"""One tree over another: mappings key by key; a list or a single value takes the place of what is below it."""

from __future__ import annotations

from typing import Any

from zen_cli.config.component import canonical
from zen_cli.config.node import MAIN, Entry, Mapping, Node, Scalar, join, rekeyed
from zen_cli.errors import Problems
from zen_cli.registry import Registry


def merged(below: Mapping, above: Mapping, key: str = "") -> Mapping:
    """What `above` says, and of `below` what it leaves unsaid.

    A component that is written as a mapping changes the options of the one below it if it names the same type or
    none (`optimizer: {lr: 0.1}`); one of another type, or a bare name, takes its place.
    """
    entries = dict(below.entries)
    for name, entry in above.entries.items():
        under = entries.get(name)
        value = _over(under.value, entry.value, join(key, name)) if under else entry.value
        entries[name] = Entry(entry.place, value)
    return Mapping(above.place, entries)


def _over(below: Node, above: Node, key: str) -> Node:
    if not isinstance(above, Mapping):
        return above
    registry = _registry(key)
    if registry or "type" in above.entries:
        return _component(below, above, key, registry)
    return merged(below, above, key) if isinstance(below, Mapping) else above


def _component(below: Node, above: Mapping, key: str, registry: Registry[Any] | None) -> Node:
    lower, upper = canonical(below, Problems()), _named(above, registry)
    if lower is None or not _same(_type(lower), _type(upper), registry):
        return above
    if MAIN in upper.entries and registry:
        upper = _main_named(upper, _type(upper) or _type(lower), registry)
    return merged(lower, upper, key)


def _named(above: Mapping, registry: Registry[Any] | None) -> Mapping:
    """In the form `{type: name, ...}` if it names one, else as it stands: options only."""
    if "type" in above.entries or len(above.entries) != 1:
        return above
    (name,) = above.entries
    return canonical(above, Problems()) or above if registry and name in registry else above


def _type(component: Mapping) -> str:
    """The name; empty if there is none."""
    name = component.entries["type"].value if "type" in component.entries else None
    return name.text if isinstance(name, Scalar) else ""


def _same(lower: str, upper: str, registry: Registry[Any] | None) -> bool:
    if registry and lower in registry and upper in registry:
        return registry[lower] is registry[upper]
    return upper in ("", lower)


def _main_named(upper: Mapping, name: str, registry: Registry[Any]) -> Mapping:
    """The value of `name: value` under the name of its option, so that it is seen to be the same one."""
    main = registry.main_option(name)
    entries = dict(upper.entries)
    if main is not None:
        place, value = entries.pop(MAIN)
        entries[main] = Entry(place, rekeyed(value, join(upper.place.key, main)))
    return Mapping(upper.place, entries)


def _registry(key: str) -> Registry[Any] | None:
    """Whose names stand there; looked up only where files are merged."""
    if key == "optimizer":
        from zen_cli.nn.optimizers import optimizers

        return optimizers
    if key == "loss":
        from zen_cli.nn.losses import losses

        return losses
    if key == "scheduler":
        from zen_cli.nn.schedulers import schedulers

        return schedulers
    if key == "data.source":
        from zen_cli.data.builtin import datasets

        return datasets
    return None
