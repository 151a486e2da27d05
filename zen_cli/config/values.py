"""A node into a value of the type that the option declares; what does not fit is a problem at its place."""

from __future__ import annotations

import typing
from typing import Any

from zen_cli.config import refusal, scalars
from zen_cli.config.component import Component, build, component
from zen_cli.config.node import Mapping, Node, Scalar, Sequence, describe
from zen_cli.config.refusal import Refused
from zen_cli.errors import Problems
from zen_cli.registry import Epochs, Limits, Registry, Share, is_schema, members

INVALID: Any = object()
"""What `convert` gives for a node that does not fit; the problem is then already noted."""

READERS: dict[Any, tuple[Any, str]] = {
    bool: (scalars.boolean, "true or false"),
    int: (scalars.integer, "an integer"),
    float: (scalars.number, "a number"),
    str: (scalars.text, "text"),
    Share: (scalars.share, "a share such as 0.2 or 20%"),
    Epochs: (scalars.epochs, "epochs such as `3 epochs`"),
}


def convert(node: Node, wanted: Any, limits: Limits, problems: Problems) -> Any:
    """The value of `node` as the type `wanted`, or INVALID with everything wrong in it added to `problems`.

    Types: int, float, bool, str, Share, None, Any, Literal, list, tuple, dict, unions of these, Component (kept as
    it is), a class with a `registry` (built as a nested component), a schema class (a mapping).
    """
    kinds = members(wanted)
    fitting = [member for member in kinds if _takes(member, node)]
    if not isinstance(node, Scalar):
        if not fitting:
            return _mismatch(node, kinds, limits, problems)
        return _whole(node, fitting[0], limits, problems)
    if type(None) in kinds and node.null and node.text:
        return None
    plain = [member for member in fitting if not _is_component(member)]
    if fitting and not plain:
        return _whole(node, fitting[0], limits, problems)
    return _scalar(node, plain, kinds, limits, problems)


def _scalar(
    node: Scalar, fitting: list[Any], members: tuple[Any, ...], limits: Limits, problems: Problems
) -> Any:
    """What the first member that takes the scalar makes of it; else the reason of the one that knew most."""
    refused: list[Refused] = []
    for member in fitting:
        try:
            return _read(node, member, limits)
        except Refused as reason:
            refused.append(reason)
    for why in refused:
        if why.what or len(members) == 1:
            return _refuse(node, why, problems)
    return _mismatch(node, members, limits, problems, *refused)


def _read(node: Scalar, member: Any, limits: Limits) -> Any:
    if member is Any:
        return scalars.core(node)
    if typing.get_origin(member) is typing.Literal:
        return scalars.literal(node, typing.get_args(member))
    return READERS[member][0](node, limits)


def _whole(node: Node, member: Any, limits: Limits, problems: Problems) -> Any:
    """A list, a mapping or a component."""
    if member is Component:
        return component(node, problems)
    if _is_component(member):
        return _or_invalid(build(component(node, problems), member.registry, problems))
    if isinstance(node, Sequence):
        return _items(node, member, limits, problems)
    assert isinstance(node, Mapping)
    if member is Any or typing.get_origin(member) is dict or member is dict:
        kind = (typing.get_args(member) or (str, Any))[1]
        values = {name: convert(entry.value, kind, limits, problems) for name, entry in node.entries.items()}
        return INVALID if any(value is INVALID for value in values.values()) else values
    from zen_cli.config.schema import read_options

    return _or_invalid(read_options(node, member, problems))


def _items(node: Sequence, member: Any, limits: Limits, problems: Problems) -> Any:
    origin, arguments = typing.get_origin(member) or member, typing.get_args(member)
    kinds = arguments or (Any,)
    if origin is tuple and arguments and arguments[-1] is not Ellipsis:
        if len(node.items) != len(arguments):
            why = Refused(f"a list of {len(arguments)}", f"a list of {len(node.items)}")
            return _refuse(node, why, problems)
    else:
        kinds = (kinds[0],) * len(node.items)
    values = [convert(item, kind, limits, problems) for item, kind in zip(node.items, kinds, strict=True)]
    if any(value is INVALID for value in values):
        return INVALID
    return tuple(values) if origin is tuple else values


def _or_invalid(value: Any) -> Any:
    return INVALID if value is None else value


def _is_component(member: Any) -> bool:
    return member is Component or isinstance(getattr(member, "registry", None), Registry)


def _takes(member: Any, node: Node) -> bool:
    """Whether a node of this kind can be a `member` at all."""
    origin = typing.get_origin(member) or member
    if member is Any:
        return True
    if _is_component(member):
        return not isinstance(node, Sequence)
    if isinstance(node, Scalar):
        return origin is typing.Literal or origin in READERS
    if isinstance(node, Sequence):
        return origin in (list, tuple)
    return origin is dict or is_schema(member)


def _noun(member: Any, limits: Limits) -> str:
    origin = typing.get_origin(member) or member
    if member in (int, float):
        return refusal.noun(READERS[member][1], limits)
    if member is str and limits.choices:
        return str(limits)
    if origin is typing.Literal:
        return refusal.one_of(typing.get_args(member))
    if origin in READERS:
        return READERS[origin][1]
    if _is_component(member):
        return "a name or a mapping with a `type`"
    if origin is tuple and typing.get_args(member)[-1:] != (Ellipsis,):
        return f"a list of {len(typing.get_args(member))}"
    return "a list" if origin in (list, tuple) else "a mapping"


def _mismatch(
    node: Node, members: tuple[Any, ...], limits: Limits, problems: Problems, *refused: Refused
) -> Any:
    """Names all that would have been right."""
    if isinstance(node, Scalar) and node.missing:
        return _refuse(node, refusal.missing(), problems)
    nouns = dict.fromkeys(_noun(member, limits) for member in members if member is not type(None))
    hint = next((why.hint for why in refused if why.hint), None)
    if not hint and isinstance(node, Scalar) and not any(member in READERS for member in members):
        from zen_cli.config.advice import wrong_shape

        hint = wrong_shape(members, node.text)
    found = refusal.found(node) if isinstance(node, Scalar) else describe(node)
    return _refuse(node, Refused(" or ".join(nouns), refused[-1].found if refused else found, hint), problems)


def _refuse(node: Node, refused: Refused, problems: Problems) -> Any:
    problems.add(str(refused), node.place, refused.hint)
    return INVALID
