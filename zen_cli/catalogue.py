"""Everything that is registered, as text and tables: for `zen list`, `zen describe` and the README."""

from __future__ import annotations

import inspect
import typing
from typing import Any, NamedTuple

from zen_cli.data.builtin import datasets
from zen_cli.data.columns import columns
from zen_cli.errors import ZenError
from zen_cli.metrics import metrics
from zen_cli.nn.initializers import initializers
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import losses
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.schedulers import schedulers
from zen_cli.problems import problems
from zen_cli.registry import Epochs, Length, Option, Registry, Share, options_of
from zen_cli.suggest import did_you_mean

REGISTRIES: dict[str, Registry[Any]] = {
    "layers": layers, "losses": losses, "optimizers": optimizers, "schedulers": schedulers,
    "initializers": initializers, "metrics": metrics, "columns": columns, "datasets": datasets, "problems": problems,
}  # fmt: skip


class Entry(NamedTuple):
    """One registered name."""

    kind: str
    name: str
    aliases: list[str]
    summary: str  # the first sentence of the docstring: the formula
    text: str  # the rest of it
    options: tuple[Option, ...]
    example: str


def entries(kind: str) -> list[Entry]:
    """All of a kind (`layers`), by name.

    >>> [entry.name for entry in entries("losses")][:2]
    ['binary_cross_entropy', 'cross_entropy']
    """
    if kind not in REGISTRIES:
        known = [*REGISTRIES, "configs"]
        raise ZenError(f"unknown kind '{kind}'{did_you_mean(kind, known)}", hint=f"kinds: {', '.join(known)}")
    return [_entry(kind, name) for name in REGISTRIES[kind]]


def find(name: str) -> list[Entry]:
    """Everything of that name or alias, of any kind."""
    return [_entry(kind, registry[name].name) for kind, registry in REGISTRIES.items() if name in registry]


def names() -> list[str]:
    return [name for registry in REGISTRIES.values() for name in registry]


def _entry(kind: str, name: str) -> Entry:
    registry = REGISTRIES[kind]
    cls = registry[name]
    summary, _, text = (inspect.getdoc(cls) or "").partition("\n\n")
    prose = text.split("\n>>> ")[0] if not text.startswith(">>> ") else ""
    known = options_of(cls)
    example = getattr(cls, "example", None) or _example(name, known)
    return Entry(kind, name, registry.aliases(name), " ".join(summary.split()), prose.strip(), known, example)


def _example(name: str, known: tuple[Option, ...]) -> str:
    """The short form of a component that needs nothing, or one value a required option."""
    required = [f"{option.name}: {_sample(option)}" for option in known if option.required]
    return f"{{type: {name}, {', '.join(required)}}}" if required else name


def _sample(option: Option) -> Any:
    return option.limits.low if option.limits.low is not None else 1


WORDS: dict[Any, str] = {
    float: "number", int: "whole number", bool: "true or false", str: "text", Share: "share", Epochs: "epochs",
    Length: "steps, share or epochs",
}  # fmt: skip


def type_name(option: Option) -> str:
    """The declared type in a user's words: `number`, `whole number`, `true or false`, ..."""
    return _word(option.type)


def _word(kind: Any) -> str:
    if kind in WORDS:
        return WORDS[kind]
    inner, origin = typing.get_args(kind), typing.get_origin(kind)
    if origin is typing.Literal:
        return " or ".join(f"`{value}`" for value in inner)
    if origin in (list, tuple, dict):
        return f"list of {_plural(_word(inner[0]))}"
    if inner:
        return " or ".join(_word(part) for part in inner if part is not type(None))
    return str(getattr(getattr(kind, "registry", None), "kind", None) or getattr(kind, "__name__", "value"))


def _plural(word: str) -> str:
    return word.replace("list of", "lists of") if word.startswith("list of") else f"{word.removesuffix('s')}s"


def default_text(option: Option) -> str:
    """The default as it would be written; empty where there is none."""
    if option.required:
        return "required"
    if option.default is None:
        return ""
    if isinstance(option.default, bool):
        return str(option.default).lower()
    return str(list(option.default)) if isinstance(option.default, tuple) else str(option.default)


def as_dict(entry: Entry) -> dict[str, Any]:
    """An entry for JSON."""
    described = [
        {"name": option.name, "type": type_name(option), "default": default_text(option), "limits": str(option.limits),
         "help": option.help}
        for option in entry.options
    ]  # fmt: skip
    return {**entry._asdict(), "options": described}
