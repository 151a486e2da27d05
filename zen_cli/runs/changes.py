"""What differs between the options that a run was trained with and those that it is to go on with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Changes: TypeAlias = "dict[str, list[Any]]"  # by key: what it was, and what it is to be; None where it is not said

FREE = ("name", "data.source", "trainer.epochs", "trainer.checkpoint", "trainer.target")  # move nothing that is trained


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Changes:
    """Every option whose value is another one, in the order of the config.

    >>> changes({"optimizer": {"type": "sgd", "lr": 0.1}}, {"optimizer": {"type": "sgd", "lr": 0.2}})
    {'optimizer.lr': [0.1, 0.2]}
    """
    before, after = dict(_flat(old, "")), dict(_flat(new, ""))
    return {key: [before.get(key), after.get(key)] for key in {**before, **after} if before.get(key) != after.get(key)}


def binding(found: Changes) -> Changes:
    """The changes that would give other numbers than a run that never stopped."""
    return {key: values for key, values in found.items() if not any(f"{key}.".startswith(f"{free}.") for free in FREE)}


def listed(found: Changes) -> str:
    """`optimizer.lr: 0.1 -> 0.2; trainer.batch_size: 32 -> 64`"""
    return "; ".join(f"{key}: {_said(old)} -> {_said(new)}" for key, (old, new) in found.items())


def _flat(value: Any, path: str) -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [pair for key, inner in value.items() for pair in _flat(inner, f"{path}.{key}" if path else key)]
    if isinstance(value, (list, tuple)) and any(isinstance(item, Mapping) for item in value):
        path = "model" if path == "model.layers" else path
        return [pair for number, item in enumerate(value) for pair in _flat(item, f"{path}[{number}]")]
    return [(path, list(value) if isinstance(value, tuple) else value)]


def _said(value: Any) -> str:
    return "not set" if value is None else str(value)
