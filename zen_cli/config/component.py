"""Layers, losses, optimizers and the like: a name with options, in any of four forms."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from zen_cli.config import node as nodes
from zen_cli.config.node import MAIN, Entry, Mapping, Node, Scalar, describe, join, shown
from zen_cli.errors import Place, Problems, ZenError
from zen_cli.registry import Registry

T = TypeVar("T")
FORMS = "write `name`, `name: value`, `name: {option: value}` or `{type: name, option: value}`"


class Component(NamedTuple):
    """A name whose class is not yet looked up, its options as written, and where it stands.

    The name is empty where none could be read; the problem is then already noted.
    """

    type: str
    options: Mapping
    place: Place


def component(node: Node, problems: Problems) -> Component:
    """Reads any of the four forms."""
    whole = canonical(node, problems)
    if whole is None:
        return Component("", Mapping(node.place, {}), node.place)
    name = whole.entries["type"].value
    assert isinstance(name, Scalar)
    options = {key: entry for key, entry in whole.entries.items() if key != "type"}
    return Component(name.text, Mapping(whole.place, options), name.place._replace(key=whole.place.key))


def canonical(node: Node, problems: Problems) -> Mapping | None:
    """The form `{type: name, option: value}`; the value of `name: value` is kept under the key MAIN.

    Key paths name the option and not the form: `model[0].units` in each of them.
    """
    if isinstance(node, Scalar) and not node.missing:
        return Mapping(node.place, {"type": Entry(node.place, node)})
    if isinstance(node, Mapping) and "type" in node.entries:
        return _typed(node, problems)
    if isinstance(node, Mapping) and len(node.entries) == 1:
        return _short(node, problems)
    if isinstance(node, Mapping) and node.entries:
        first, second, *_ = node.entries
        what = f"expected a name with options, found {shown(first)} and {shown(second)} but no `type`"
        hint = "write {type: NAME, option: value}, or `NAME:` with its options indented below it"
        problems.add(what, node.place, hint)
    elif isinstance(node, Scalar):
        problems.add("value missing", node.place, FORMS)
    else:
        problems.add(f"expected a name with options, found {describe(node)}", node.place, FORMS)
    return None


def _typed(node: Mapping, problems: Problems) -> Mapping | None:
    name = node.entries["type"].value
    if isinstance(name, Scalar) and not name.missing:
        return node
    problems.add(f"expected a name, found {describe(name)}", node.entries["type"].place, FORMS)
    return None


def _short(node: Mapping, problems: Problems) -> Mapping | None:
    (name, (place, value)), = node.entries.items()
    key = node.place.key
    head = {"type": Entry(place, Scalar(place._replace(key=join(key, "type")), name))}
    if isinstance(value, Mapping):
        entries = value.entries.items()
        inner = {option: nodes.rekeyed_entry(entry, join(key, option)) for option, entry in entries}
        if "type" in inner:
            problems.add("the name is given twice", inner["type"].place, FORMS)
            return None
        return Mapping(place._replace(key=key), head | inner)
    if isinstance(value, Scalar) and value.missing:
        hint = f"write `{name}` without ':', or give it a value"
        problems.add("value missing", place._replace(key=key), hint)
        return None
    return Mapping(place._replace(key=key), head | {MAIN: nodes.rekeyed_entry(Entry(place, value), key)})


def build(found: Component, registry: Registry[T], problems: Problems) -> T | None:
    """The instance that a component stands for; None, with the reasons in `problems`, if it cannot be.

    Nested components (an option whose class has a `registry`) are built with it.
    """
    from zen_cli.config.schema import read_options

    if not found.type:
        return None
    try:
        cls = registry.get(found.type, found.place)
    except ZenError as error:
        problems.take(_unknown(error, found, registry))
        return None
    options = _with_main(found, registry, problems)
    built = read_options(options, cls, problems) if options else None
    if built is not None:
        vars(built)["place"] = found.place  # for who finds later that it does not fit
    return built


def _with_main(found: Component, registry: Registry[T], problems: Problems) -> Mapping | None:
    """The options with the main one under its own name; one set beside it (`--set`) goes before it."""
    entries = dict(found.options.entries)
    if MAIN not in entries:
        return found.options
    place, value = entries.pop(MAIN)
    main = registry.main_option(found.type)
    if main is None:
        from zen_cli.config.schema import options

        known = ", ".join(options(registry[found.type]))
        hint = f"write `{found.type}`" + (f", or with options: {known}" if known else "")
        problems.add(f"'{found.type}' takes no value of its own, found {describe(value)}", value.place, hint)
        return None
    entries.setdefault(main, Entry(place, nodes.rekeyed(value, join(found.place.key, main))))
    return Mapping(found.options.place, entries)


def _unknown(error: ZenError, found: Component, registry: Registry[T]) -> ZenError:
    """The registry's error, or that the name is missing when an option stands in its place (`{lr: 0.1}`)."""
    from zen_cli.config.schema import options

    if MAIN in found.options.entries and any(found.type in options(registry[name]) for name in registry):
        what = f"no `type` beside the option {shown(found.type)}"
        return ZenError(what, found.place, f"write {{type: NAME, {found.type}: ...}}; {error.hint}")
    from zen_cli.config.advice import unknown_name

    return ZenError(error.what, found.place, unknown_name(found.type, registry) or error.hint)
