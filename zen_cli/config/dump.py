"""Plain values into YAML text that `load` reads back as the same values, floats to the bit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from zen_cli.config.node import Scalar
from zen_cli.config.scalars import core_kind

WIDTH = 110
_SIGNS = "_-./+"
_UNQUOTED = re.compile(r"[-+.]?[A-Za-z0-9_/~][A-Za-z0-9_./+%~ -]*(?<! )")  # what stays as it was written
_QUOTED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_WORDS = frozenset(("yes", "no", "on", "off", "y", "n", "true", "false", "null"))


def dump(values: dict[str, Any]) -> str:
    """YAML for a dict of dicts, lists, tuples, text, integers, finite floats, booleans, None and scalars as read.

    The outer levels are written as lines, what is inside a list as `{type: linear, units: 64}`.

    Raises:
        TypeError: a value of another type. ValueError: a float that is not finite.

    >>> print(dump({"name": "no", "model": [{"type": "relu"}], "optimizer": {"lr": 1e-3}}), end="")
    name: "no"
    model:
      - {type: relu}
    optimizer: {lr: 0.001}
    """
    return "".join(f"{line}\n" for line in _lines(values, ""))


def _lines(values: dict[str, Any], indent: str) -> Iterator[str]:
    for key, value in values.items():
        line, head = flow(value), f"{indent}{_text(_key(key))}:"
        nested = _is_list(value) and any(isinstance(item, dict) for item in value)
        if not nested and len(head) + len(line) < WIDTH or not (isinstance(value, dict) or _is_list(value)):
            yield f"{head} {line}"
        elif isinstance(value, dict):
            yield head
            yield from _lines(value, indent + "  ")
        else:
            yield head
            yield from (f"{indent}  - {flow(item)}" for item in value)


def flow(value: Any) -> str:
    """One value on one line: `{type: linear, units: 64}`."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(_key(key))}: {flow(item)}" for key, item in value.items()) + "}"
    if _is_list(value):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, Scalar):
        return value.text if not value.quoted and _UNQUOTED.fullmatch(value.text) else _text(value.text)
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return int.__repr__(value)
    if not isinstance(value, float):
        raise TypeError(f"a config cannot hold {type(value).__name__} values")
    if value - value != 0:
        raise ValueError(f"a config cannot hold {value}")
    return float.__repr__(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and not isinstance(value, Scalar)


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"keys must be text, found {type(key).__name__}")
    return key


def _text(text: str) -> str:
    """Plain where it can only be read as this text; else in double quotes."""
    word = text.isascii() and all(c.isalnum() or c in _SIGNS for c in text) and text.lower() not in _WORDS
    if word and text and text[0] not in "-+.0123456789" and not core_kind(text):
        return text
    return '"' + "".join(_QUOTED.get(c) or (c if c.isprintable() else _escaped(ord(c))) for c in text) + '"'


def _escaped(code: int) -> str:
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
