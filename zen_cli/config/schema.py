"""A mapping of options into an instance of the class that declares them: components and sections alike."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, TypeVar

from zen_cli.config.aliases import by_own_names
from zen_cli.config.node import Entry, Mapping, Scalar, shown
from zen_cli.config.values import INVALID, convert
from zen_cli.errors import Problems, ZenError
from zen_cli.registry import Option, options_of

T = TypeVar("T")


def options(cls: type) -> dict[str, Option]:
    """The options of a schema class by name."""
    return {option.name: option for option in options_of(cls)}


def read_options(
    node: Mapping, cls: type[T], problems: Problems, *,
    skip: Container[str] = (), instead: dict[str, Any] | None = None,
) -> T | None:
    """An instance of `cls` from the options written in `node`; None if it cannot be made.

    Unknown keys (other than those in `skip`), missing ones, values that do not fit and what the class itself
    refuses are added to `problems`. A value that does not fit is replaced by its default, or by the one in
    `instead`, so that what follows can still be checked.
    """
    known = options(cls)
    node = by_own_names(node, cls, known, problems) if hasattr(cls, "aliases") else node
    values: dict[str, Any] = {}
    for name, entry in node.entries.items():
        if name in known:
            values[name] = _value(entry, known[name], problems)
        elif name not in skip:
            from zen_cli.config.advice import unknown_option

            what, hint = unknown_option(name, known, entry.place.key.removesuffix(name))
            problems.add(what, entry.place, hint)
    lacking = [option for option in known.values() if option.required and option.name not in node.entries]
    for option in lacking:
        problems.add(f"missing option {shown(option.name)}", node.place, option.help or None)
    strangers = any(name not in known and name not in skip for name in node.entries)
    unsound = strangers or any(value is INVALID for value in values.values())
    values = (instead or {}) | {name: value for name, value in values.items() if value is not INVALID}
    if any(option.required and option.name not in values for option in known.values()):
        return None
    return _construct(node, cls, values, Problems() if unsound else problems)


def _value(entry: Entry, option: Option, problems: Problems) -> Any:
    value = entry.value
    if isinstance(value, Scalar) and value.missing:
        value = value._replace(place=entry.place)  # an empty value has no place of its own
    return convert(value, option.type, option.limits, problems)


def _construct(node: Mapping, cls: type[T], values: dict[str, Any], problems: Problems) -> T | None:
    try:
        return cls(**values)
    except ZenError as error:
        where = error.where or node.place
        problems.add(error.what, where, error.hint)
    except ValueError as error:
        problems.add(str(error), node.place)
    return None
