"""Why a scalar is not what an option wants, in words that say what was found and what to write."""

from __future__ import annotations

import re
from typing import Any

from zen_cli.config.node import Scalar, shown
from zen_cli.registry import Limits
from zen_cli.suggest import did_you_mean

NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
TRUE, FALSE = ("true", "True", "TRUE"), ("false", "False", "FALSE")
OTHER_BOOLEANS = ("yes", "no", "on", "off", "y", "n")


class Refused(Exception):
    """Not what was wanted; `expected` and `found` make the message, unless `what` says it better."""

    def __init__(self, expected: str, found: str, hint: str | None = None, what: str | None = None) -> None:
        self.expected, self.found, self.hint, self.what = expected, found, hint, what
        super().__init__(what or f"expected {expected}, found {found}")


def missing() -> Refused:
    """The value is empty or `~`."""
    return Refused("a value", "nothing", "write a value, or remove the line", "value missing")


def no_choice(node: Scalar, choices: tuple[Any, ...]) -> Refused:
    """The scalar is none of the choices."""
    if node.missing:
        return missing()
    near = did_you_mean(node.text, map(str, choices))
    return Refused(one_of(choices), found(node) + near, boolean_hint(node))


def noun(kind: str, limits: Limits) -> str:
    """How a message names what was wanted.

    >>> noun("an integer", Limits(low=1))
    'an integer >= 1'
    """
    return kind if limits.choices else f"{kind} {limits}".rstrip()


def one_of(choices: tuple[Any, ...]) -> str:
    """The choices as a message names them."""
    listed = ", ".join(map(str, choices))
    return listed if len(choices) == 1 else f"one of {listed}"


def found(node: Scalar) -> str:
    """What stands there, as a message names it.

    >>> from zen_cli.errors import Place
    >>> [found(Scalar(Place("a.yaml"), text)) for text in ("1:30", "2024-01-01", "1.5")]
    ["text '1:30'", "date-like text '2024-01-01'", '1.5']
    """
    if node.quoted:
        return f"a quoted string {shown(node.text)}"
    if node.null:
        return "null"
    if node.text in TRUE + FALSE:
        return f"the boolean {node.text}"
    if len(node.text) >= 8 and node.text[:4].isdigit() and node.text[4] == "-":
        return f"date-like text {shown(node.text)}"
    return node.text if NUMBER.fullmatch(node.text) and len(node.text) < 40 else f"text {shown(node.text)}"


def boolean_hint(node: Scalar) -> str | None:
    """What to write in place of `yes` or `"true"`."""
    if node.quoted and node.text in TRUE + FALSE:
        return "remove the quotes"
    return "booleans are true / false" if node.text.lower() in OTHER_BOOLEANS else None


def number_hint(node: Scalar) -> str | None:
    """What to write in place of `0,001`, `1_000` or `"1"`."""
    text = node.text
    if node.quoted:
        return "remove the quotes" if NUMBER.fullmatch(text) else None
    if "," in text and NUMBER.fullmatch(point := text.replace(",", ".")):
        return f"the decimal sign is a point, not a comma: write {point}"
    if "_" in text and NUMBER.fullmatch(plain := text.replace("_", "")):
        return f"write {plain}"
    return None
