"""Writes zen_cli/cli/index.py, from which the shell completes without importing what it names."""

from __future__ import annotations

import typing
from pathlib import Path
from typing import Any

from zen_cli.catalogue import REGISTRIES
from zen_cli.config.component import Component
from zen_cli.config.sections import Config
from zen_cli.json_schema import KINDS
from zen_cli.registry import Option, Registry, is_schema, members, options_of

INDEX = Path(__file__).parents[1] / "zen_cli" / "cli" / "index.py"
HEAD = '''"""What may be named in a config, for completion: made by `python -m tests.make_readme`."""

# ruff: noqa: E501
from __future__ import annotations

'''
KEYS_ARE = "By key path: words that may stand there, separated by |, or the kind of component, in a list with *."
OPTIONS_ARE = "By kind and name: the options, each with what may stand there after =, separated by spaces."


def index_text() -> str:
    """The module: by key path what may stand there, and for each component of each kind the same of its options."""
    keys = dict(section(options_of(Config), ""))
    lines = [f"    {path!r}: {value!r}," for path, value in sorted(keys.items())]
    text = f"{HEAD}KEYS = {{\n" + "\n".join(lines) + "\n}\n"
    text += f'"""{KEYS_ARE}"""\n\nOPTIONS = {{\n'
    for kind, registry in REGISTRIES.items():
        names = [f"        {name!r}: {component(registry[name])!r},\n" for name in registry]
        text += f"    {kind!r}: {{\n{''.join(names)}    }},\n"
    return (text + f'}}\n"""{OPTIONS_ARE}"""\n').replace("'", '"')


def component(cls: type) -> str:
    return " ".join(f"{option.name}={value_of(option)}".rstrip("=") for option in options_of(cls))


def section(known: tuple[Option, ...], above: str) -> Any:
    for option in known:
        path = f"{above}.{option.name}" if above else option.name
        sections = [member for member in members(option.type) if is_schema(member) and not registered(member)]
        value = value_of(option)
        if value or not sections:
            yield path, value
        for member in sections:
            yield from section(options_of(member), path)


def registered(member: Any) -> bool:
    return member is Component or isinstance(getattr(member, "registry", None), Registry)


def value_of(option: Option) -> str:
    """What may stand there."""
    words: list[str] = list(option.limits.choices)
    for member in members(option.type):
        origin, arguments = typing.get_origin(member), typing.get_args(member)
        item = arguments[0] if origin in (list, tuple) and arguments else None
        if registered(member) or registered(item):
            own = getattr(item or member, "registry", None)
            kind = next((kind for kind, it in REGISTRIES.items() if it is own), KINDS.get(option.name, ""))
            return f"@{kind}{'*' if item else ''}" if kind else ""
        if member is bool:
            words += ["true", "false"]
        elif origin is typing.Literal:
            words += [str(each) for each in arguments]
    return "|".join(words)
