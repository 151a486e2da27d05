"""Options under the names that other programs have for them: read, told once, and recorded by their own."""

from __future__ import annotations

from collections.abc import Mapping as Names
from typing import Any

from zen_cli.config.node import Entry, Mapping, Scalar, Sequence
from zen_cli.errors import Problems
from zen_cli.registry import Option


def by_own_names(node: Mapping, cls: type, known: dict[str, Option], problems: Problems) -> Mapping:
    """The options with those that `cls.aliases` knows renamed: `learning_rate` is lr, `beta_2` a place of betas."""
    names: Names[str, str] = getattr(cls, "aliases", {})
    found: dict[str, Entry] = {}
    for name, entry in node.entries.items():
        option, _, place = names.get(name, name).rstrip("]").partition("[")
        if name in known or option not in known or (place and int(place) >= len(known[option].default)):
            found[name] = entry
        elif place:
            _set_place(found, known[option], int(place), entry, node)
            problems.note(f"{entry.place}: zen has it in `{option}`, a list")
        elif option in node.entries:
            problems.add(f"it is what zen calls `{option}`, which is given too", entry.place, "keep one")
        else:
            found[option] = entry
            problems.note(f"{entry.place}: zen calls it `{option}`")
    return Mapping(node.place, found)


def _set_place(found: dict[str, Entry], option: Option, place: int, entry: Entry, node: Mapping) -> None:
    """One number of a list; those that are not given are the defaults."""
    whole = found.get(option.name, node.entries.get(option.name))
    items: list[Any] = [Scalar(entry.place, repr(value)) for value in option.default]
    if whole is not None and isinstance(whole.value, Sequence):
        items = [*whole.value.items, *items[len(whole.value.items) :]]
    items[place : place + 1] = [entry.value]
    found[option.name] = Entry(entry.place, Sequence(entry.place, items))
