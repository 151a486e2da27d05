"""JSON that every reader takes: NaN and infinity become null, NumPy's numbers become plain ones."""

from __future__ import annotations

import json
import math
from typing import Any


def _plain(value: Any) -> Any:
    """What an array or a NumPy number holds (both have `tolist`)."""
    if not hasattr(value, "tolist"):
        raise TypeError(f"{type(value).__name__} has no place in JSON")
    return value.tolist()


_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
).encode  # made once: `json.dumps` with options makes an encoder for each call


def strict_json(value: Any, indent: int | None = None) -> str:
    """One line, or indented text.

    >>> strict_json({"loss": float("nan"), "rate": 0.1, "best": (1, float("inf"))})
    '{"loss":null,"rate":0.1,"best":[1,null]}'
    >>> strict_json("Grüße\\x9b")
    '"Grüße\\\\u009b"'
    """
    try:
        text = _encode(value) if indent is None else _indented(value, indent)
    except ValueError:
        clean = _finite(value)
        text = _encode(clean) if indent is None else _indented(clean, indent)
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    """What would steer a terminal, or hide there, as JSON can also write it."""
    return character if character.isprintable() or character == "\n" else json.dumps(character)[1:-1]


def _indented(value: Any, indent: int) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, default=_plain)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(inner) for inner in value]
    return _finite(value.tolist()) if hasattr(value, "tolist") else value
