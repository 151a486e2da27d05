"""What the text of a scalar means, once the option says which type it wants: YAML 1.2's core schema."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from zen_cli.config import refusal
from zen_cli.config.node import NULL, Scalar, shown
from zen_cli.config.refusal import FALSE, NUMBER, TRUE, Refused, found, noun
from zen_cli.registry import Epochs, Limits

N = TypeVar("N", int, float)
INTEGER = re.compile(r"[-+]?[0-9]+")
PREFIXED = re.compile(r"0x[0-9a-fA-F]+|0o[0-7]+")
EPOCHS = re.compile(r"[0-9]+(\.[0-9]+)? epochs?")
NOT_FINITE = (".inf", "+.inf", "-.inf", ".nan", "inf", "+inf", "-inf", "nan", "infinity")
MAX_DIGITS = 400


def integer(node: Scalar, limits: Limits) -> int:
    """A whole number in decimal, `0x` or `0o`; never a boolean, a float or text with leading zeros."""
    wanted = noun("an integer", limits)
    text = _numeric(node, wanted)
    if INTEGER.fullmatch(text):
        return _within(int(text), node, limits)
    if PREFIXED.fullmatch(text):
        return _within(int(text, 0), node, limits)
    hint = refusal.number_hint(node)
    if NUMBER.fullmatch(text) and float(text).is_integer() and abs(float(text)) < 2**53:
        hint = f"write {int(float(text))}"
    raise Refused(wanted, found(node), hint)


def number(node: Scalar, limits: Limits) -> float:
    """A finite float; where it may be 1 at most, also as a percentage.

    >>> from zen_cli.errors import Place
    >>> number(Scalar(Place("a.yaml"), "1e-3"), Limits()), number(Scalar(Place("a.yaml"), "5%"), Limits(high=1))
    (0.001, 0.05)
    """
    wanted = noun("a number", limits)
    text = _numeric(node, wanted)
    if PREFIXED.fullmatch(text):
        return _within(float(int(text, 0)), node, limits)
    body = text.removesuffix("%") if limits.high == 1 or limits.below == 1 else text
    if not NUMBER.fullmatch(body):
        raise Refused(wanted, found(node), refusal.number_hint(node))
    value = float(body)
    if value - value != 0:
        raise Refused("a finite number", f"{shown(text)}, which is beyond the largest float")
    return _within(value if body == text else _hundredth(body), node, limits)


def share(node: Scalar, limits: Limits) -> float:
    """A number from 0 to 1, also as a percentage."""
    bounded = limits.high is not None or limits.below is not None
    return number(node, limits if bounded else Limits(0, 1))


def epochs(node: Scalar, limits: Limits) -> Epochs:
    """A number of epochs with the word: `3 epochs`."""
    if EPOCHS.fullmatch(node.text):
        return Epochs(node.text)
    raise Refused("epochs such as `3 epochs`", found(node))


def boolean(node: Scalar, limits: Limits) -> bool:
    """`true` or `false`."""
    if not node.quoted and node.text in TRUE + FALSE:
        return node.text in TRUE
    raise Refused("true or false", found(node), refusal.boolean_hint(node))


def text(node: Scalar, limits: Limits) -> str:
    """Any text, as it stands: `no`, `null` and `1.10` included; one of the choices, if there are."""
    if node.missing:
        raise refusal.missing()
    if limits.choices and node.text not in limits.choices:
        raise refusal.no_choice(node, limits.choices)
    return node.text


def literal(node: Scalar, values: tuple[Any, ...]) -> Any:
    """One of the values of a `Literal`."""
    for value in values:
        if node.text == (str(value).lower() if isinstance(value, bool) else str(value)):
            return value
    raise refusal.no_choice(node, values)


def core(node: Scalar) -> Any:
    """The value by YAML 1.2's core schema, where an option takes anything.

    >>> from zen_cli.errors import Place
    >>> [core(Scalar(Place("a.yaml"), text)) for text in ("1e-3", "7", "no", "null", "true", "010")]
    [0.001, 7, 'no', None, True, '010']
    """
    if not node.quoted and node.text in NULL:
        return None
    for reader in () if node.quoted else (boolean, integer, number):
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
    numeric = NUMBER.fullmatch(text) or PREFIXED.fullmatch(text)
    return f"the number {text[:40]}" if numeric else None


def _numeric(node: Scalar, wanted: str) -> str:
    """The text of a scalar that may be a number; refuses those that do not mean what they seem to."""
    text, digits = node.text, node.text.lstrip("+-")
    if node.missing:
        raise refusal.missing()
    if node.quoted:
        raise Refused(wanted, found(node), refusal.number_hint(node))
    if len(text) > MAX_DIGITS:
        raise Refused(wanted, f"{len(text)} characters: {shown(text)}")
    if NUMBER.fullmatch(text) and digits[0] == "0" and digits[1:2].isdigit():
        stripped = digits.lstrip("0")
        plain = text.replace(digits, stripped if stripped[:1].isdigit() else "0" + stripped)
        what = f"expected {wanted}, found {text}, whose leading zero is ambiguous"
        raise Refused(wanted, text, f"write {plain}", what)
    if text.lower() in NOT_FINITE:
        raise Refused(wanted.replace("a number", "a finite number"), text)
    return text


def _within(value: N, node: Scalar, limits: Limits) -> N:
    """The value, if it is inside the limits."""
    if limits.choices and value not in limits.choices:
        raise refusal.no_choice(node, limits.choices)
    if expected := limits.refuse(value):
        share = 1 in (limits.high, limits.below) and 1 < value <= 100 and not node.text.endswith("%")
        hint = f"write {node.text}% or {value / 100:g}" if share else None
        raise Refused(str(limits), node.text, hint, f"{expected}, found {node.text}")
    return value


def _hundredth(text: str) -> float:
    """`5` percent as the float nearest to 0.05."""
    mantissa, _, exponent = text.lower().partition("e")
    return float(f"{mantissa}e{int(exponent or 0) - 2}")
