"""What the text of a scalar means, once the option says which type it wants: YAML 1.2's core schema."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, TypeVar

from zen_cli.config.node import NULL, Scalar, shown
from zen_cli.registry import Limits, did_you_mean

NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
TRUE, FALSE = ("true", "True", "TRUE"), ("false", "False", "FALSE")
OTHER_BOOLEANS = ("yes", "no", "on", "off", "y", "n")
NOT_FINITE = (".inf", "+.inf", "-.inf", ".nan", "inf", "+inf", "-inf", "nan", "infinity")
MAX_DIGITS = 400
N = TypeVar("N", int, float)


class Share(float):
    """A part of a whole, 0 to 1, that may be written `0.2` or `20%`; the value itself is a plain float."""


class Refused(Exception):
    """Not what was wanted; `expected` and `found` make the message, unless `what` says it better."""

    def __init__(self, expected: str, found: str, hint: str | None = None, what: str | None = None) -> None:
        self.expected, self.found, self.hint, self.what = expected, found, hint, what
        super().__init__(what or f"expected {expected}, found {found}")


class Wanted(NamedTuple):
    """What a reader of scalars is told: the limits and how to name the type in a message."""

    limits: Limits
    noun: str

    def __str__(self) -> str:
        bounds = str(self.limits) if not self.limits.choices else ""
        return f"{self.noun} {bounds}".rstrip()


def integer(node: Scalar, limits: Limits) -> int:
    """A whole number in decimal, `0x` or `0o`; never a boolean, a float or text with leading zeros."""
    wanted = Wanted(limits, "an integer")
    text = _numeric(node, wanted)
    if text.lstrip("+-").isdigit():
        return _within(int(text), node, limits)
    if text[:2] in ("0x", "0o"):
        return _within(_prefixed(node, wanted), node, limits)
    if NUMBER.fullmatch(text):
        value = float(text)
        hint = f"write {int(value)}" if value.is_integer() and abs(value) < 2**53 else None
        raise Refused(str(wanted), text, hint)
    raise Refused(str(wanted), found(node), _number_hint(node))


def number(node: Scalar, limits: Limits, percent: bool = False) -> float:
    """A finite float; with `percent`, also as `5%`."""
    wanted = Wanted(limits, "a number")
    percent = percent or (limits.high == 1 or limits.below == 1)
    text = _numeric(node, wanted)
    if text[:2] in ("0x", "0o"):
        return float(_within(_prefixed(node, wanted), node, limits))
    body = text[:-1] if percent and text.endswith("%") else text
    if not NUMBER.fullmatch(body):
        raise Refused(str(wanted), found(node), _number_hint(node))
    value = float(body)
    if value in (float("inf"), float("-inf")):
        raise Refused("a finite number", f"{shown(text)}, which is beyond the largest float", None)
    return _within(_hundredth(body) if body != text else value, node, limits)


def share(node: Scalar, limits: Limits) -> float:
    """A number from 0 to 1, also as a percentage.

    >>> from zen_cli.errors import Place
    >>> share(Scalar(Place("a.yaml"), "5%"), Limits())
    0.05
    """
    bounded = limits.high is not None or limits.below is not None
    return number(node, limits if bounded else Limits(0, 1), percent=True)


def boolean(node: Scalar, limits: Limits) -> bool:
    """`true` or `false`."""
    if not node.quoted and node.text in TRUE + FALSE:
        return node.text in TRUE
    hint = "booleans are true / false" if node.text.lower() in OTHER_BOOLEANS else None
    if node.quoted and node.text in TRUE + FALSE:
        hint = "remove the quotes"
    raise Refused("true or false", found(node), hint)


def text(node: Scalar, limits: Limits) -> str:
    """Any text, as it stands: `no`, `null` and `1.10` included; one of the choices, if there are."""
    if node.missing:
        raise missing()
    if limits.choices and node.text not in limits.choices:
        raise _no_choice(node, tuple(str(choice) for choice in limits.choices))
    return node.text


def literal(node: Scalar, values: tuple[Any, ...]) -> Any:
    """One of the values of a `Literal`."""
    for value in values:
        if node.text == (str(value).lower() if isinstance(value, bool) else str(value)):
            return value
    raise _no_choice(node, tuple(map(str, values)))


def core(node: Scalar) -> Any:
    """The value by YAML 1.2's core schema, where an option takes anything.

    >>> from zen_cli.errors import Place
    >>> [core(Scalar(Place("a.yaml"), text)) for text in ("1e-3", "7", "no", "null", "true", "010")]
    [0.001, 7, 'no', None, True, '010']
    """
    for reader in () if node.quoted else (_null, boolean, integer, number):
        try:
            return reader(node, Limits())
        except Refused:
            continue
    return node.text


def core_kind(text: str) -> str | None:
    """How a plain text is called if the core schema reads it as something other than text."""
    if text in NULL:
        return "null" if text else "nothing"
    if text in TRUE + FALSE:
        return "a boolean"
    return f"the number {text[:40]}" if NUMBER.fullmatch(text) else None


def missing() -> Refused:
    return Refused("a value", "nothing", "write a value, or remove the line", "value missing")


def _null(node: Scalar, limits: Limits) -> None:
    if not node.null:
        raise Refused("null", found(node))


def _numeric(node: Scalar, wanted: Wanted) -> str:
    """The text of a scalar that may be a number; refuses those that do not mean what they seem to."""
    text = node.text
    if node.missing:
        raise missing()
    if node.quoted:
        hint = "remove the quotes" if NUMBER.fullmatch(text) else None
        raise Refused(str(wanted), f"a quoted string {shown(text)}", hint)
    digits = text.lstrip("+-")
    if len(digits) > 1 and digits[0] == "0" and digits[1] in "0123456789" and NUMBER.fullmatch(text):
        stripped = digits.lstrip("0")
        plain = text.replace(digits, stripped if stripped[:1].isdigit() else "0" + stripped)
        what = f"expected {wanted}, found {text}, whose leading zero is ambiguous"
        raise Refused(str(wanted), text, f"write {plain}", what)
    if text.lower() in NOT_FINITE:
        raise Refused(f"a finite number{str(wanted).removeprefix(wanted.noun)}", text)
    if len(text) > MAX_DIGITS:
        raise Refused(str(wanted), f"{len(text)} characters: {shown(text)}")
    return text if text.isascii() else text + "?"


def _prefixed(node: Scalar, wanted: Wanted) -> int:
    try:
        return int(node.text, 0) if "_" not in node.text else int("", 0)
    except ValueError:
        raise Refused(str(wanted), found(node)) from None


def _within(value: N, node: Scalar, limits: Limits) -> N:
    """The value, if it is inside the limits."""
    if limits.choices and value not in limits.choices:
        raise _no_choice(node, tuple(map(str, limits.choices)))
    if expected := limits.refuse(value):
        raise Refused(str(limits), node.text, None, f"{expected}, found {node.text}")
    return value


def _hundredth(text: str) -> float:
    """`5` percent as the float nearest to 0.05."""
    mantissa, _, exponent = text.lower().partition("e")
    return float(f"{mantissa}e{int(exponent or 0) - 2}")


def found(node: Scalar) -> str:
    if node.quoted:
        return f"a quoted string {shown(node.text)}"
    if node.null:
        return "null"
    if node.text in TRUE + FALSE:
        return f"the boolean {node.text}"
    if len(node.text) >= 8 and node.text[:4].isdigit() and node.text[4:5] == "-":
        return f"date-like text {shown(node.text)}"
    return node.text if NUMBER.fullmatch(node.text) else f"text {shown(node.text)}"


def _number_hint(node: Scalar) -> str | None:
    text = node.text
    if "," in text and NUMBER.fullmatch(point := text.replace(",", ".")):
        return f"the decimal sign is a point, not a comma: write {point}"
    if "_" in text and NUMBER.fullmatch(plain := text.replace("_", "")):
        return f"write {plain}"
    return None


def _no_choice(node: Scalar, choices: tuple[str, ...]) -> Refused:
    hint = "booleans are true / false" if node.text.lower() in OTHER_BOOLEANS else None
    if node.missing:
        return missing()
    near = did_you_mean(node.text, choices)
    return Refused(one_of(choices), found(node) + near, hint)


def one_of(choices: tuple[Any, ...]) -> str:
    """The choices as a message names them."""
    listed = ", ".join(map(str, choices))
    return listed if len(choices) == 1 else f"one of {listed}"
