"""`--set a.b=VALUE` and `--unset a.b`: edits to the tree before it is checked, typed like the file."""

from __future__ import annotations

from typing import TypeAlias

from zen_cli.config.component import canonical
from zen_cli.config.node import MAIN, Entry, Mapping, Node, Scalar, Sequence, describe, join, rekeyed
from zen_cli.config.text import parse
from zen_cli.errors import Place, Problems, ZenError

Path: TypeAlias = tuple[str | int | None, ...]
"""Keys, places in lists, and None for a new place at the end of a list."""

HOW = "write it as optimizer.lr, model[0].units or metrics[]"
COMPONENTS = ("loss", "optimizer", "scheduler")


def override(root: Mapping, sets: tuple[str, ...], unsets: tuple[str, ...], problems: Problems) -> Mapping:
    """Applies `sets` (`key.path=value`) and then `unsets` (`key.path`) to the tree, in order, and returns it.

    The places of what they write name the flag: `--set optimizer.lr=0.1`.
    """
    for text in sets:
        where = Place(f"--set {text}")
        try:
            path, value = _assignment(text, where)
            _put(root, path, value, where, ())
        except ZenError as error:
            problems.take(error)
    for text in unsets:
        where = Place(f"--unset {text}")
        try:
            _put(root, key_path(text, where), None, where, ())
        except ZenError as error:
            problems.take(error)
    return root


def key_path(text: str, where: Place) -> Path:
    """The steps of a key path.

    >>> key_path("model[0].units", Place("--set"))
    ('model', 0, 'units')
    """
    steps: list[str | int | None] = []
    for part in text.strip().split("."):
        name, *indices = part.split("[")
        if not name or not all(index.endswith("]") for index in indices):
            raise ZenError(f"not a key path: '{text}'", where, HOW)
        steps += [name, *(_index(index.removesuffix("]"), text, where) for index in indices)]
    if None in steps[:-1]:
        raise ZenError(f"not a key path: '{text}'", where, "[] stands for a new item, so nothing can follow it")
    return ("optimizer" if steps[0] == "optimiser" else steps[0], *steps[1:])


def _index(text: str, whole: str, where: Place) -> int | None:
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise ZenError(f"not a key path: '{whole}'", where, HOW) from None


def _assignment(text: str, where: Place) -> tuple[Path, Node]:
    key, equals, value = text.partition("=")
    if not equals:
        raise ZenError("expected KEY=VALUE", where, "write it as --set optimizer.lr=0.1")
    path = key_path(key, where)
    return path, rekeyed(_value(value, where), _spelled(path))


def _value(text: str, where: Place) -> Node:
    """Lists, mappings and quoted text are read as in a file; all else is the text itself."""
    if text[:1] not in ("[", "{", '"', "'"):
        return Scalar(where, text)
    try:
        node = parse(text, where.file)
    except ZenError as error:
        raise ZenError(error.what, where, error.hint) from None
    return _moved(node or Scalar(where, text), where)


def _moved(node: Node, where: Place) -> Node:
    """The node with `where` as the place of everything in it; a flag has no lines."""
    if isinstance(node, Scalar):
        return node._replace(place=where)
    if isinstance(node, Sequence):
        return Sequence(where, [_moved(item, where) for item in node.items])
    entries = node.entries.items()
    return Mapping(where, {key: Entry(where, _moved(entry.value, where)) for key, entry in entries})


def _put(node: Node | None, path: Path, value: Node | None, where: Place, trail: Path) -> Node:
    """`node` with `value` at `path` below it, or without what stands there if `value` is None."""
    place = where._replace(key=_spelled(trail))
    step, rest = path[0], path[1:]
    if not isinstance(step, str):
        return _put_item(node, step, rest, value, place, trail)
    if node is None or (isinstance(node, Scalar) and node.null):
        node = Mapping(place, {})
    elif _is_component(trail, node):
        node = canonical(node, Problems()) or node
    if not isinstance(node, Mapping):
        raise ZenError(f"cannot hold '{step}': it is {describe(node)}", place)
    main = node.entries.get(MAIN)
    if rest and main and step not in node.entries and isinstance(main.value, Sequence):
        _put(main.value, rest, value, where, (*trail, step))  # an item of the main option: residual: [relu]
    elif rest or value is not None:
        old = node.entries.get(step)
        child = _put(old and old.value, rest, value, where, (*trail, step)) if rest else value
        assert child is not None
        node.entries[step] = Entry(where._replace(key=_spelled((*trail, step))), child)
    elif node.entries.pop(step, None) is None:
        raise ZenError("there is nothing to unset", place._replace(key=_spelled((*trail, step))))
    return node


def _put_item(
    node: Node | None, index: int | None, rest: Path, value: Node | None, place: Place, trail: Path
) -> Node:
    if trail == ("model",) and isinstance(node, Mapping) and "layers" in node.entries:
        within = node.entries["layers"]  # `model[0]` in either form of `model`
        node.entries["layers"] = within._replace(value=_put_item(within.value, index, rest, value, place, trail))
        return node
    if index is None:
        return _appended(node, value, place)
    if not isinstance(node, Sequence):
        raise ZenError(f"is no list, so it has no item [{index}]", place)
    if not -len(node.items) <= index < len(node.items):
        raise ZenError(f"has no item [{index}]; it has {len(node.items)}, counted from 0", place)
    if rest:
        node.items[index] = _put(node.items[index], rest, value, place, (*trail, index))
    elif value is None:
        del node.items[index]
    else:
        node.items[index] = value
    return node


def _appended(node: Node | None, value: Node | None, place: Place) -> Node:
    """The list with one more item; a list of its own where there is none."""
    if node is not None and not isinstance(node, Sequence):
        raise ZenError(f"is no list, so nothing can be added: it is {describe(node)}", place)
    if value is None:
        raise ZenError("[] names no item that could be unset", place, "number it: model[0], or model[-1] from the end")
    whole = node or Sequence(place, [])
    whole.items.append(rekeyed(value, f"{place.key}[{len(whole.items)}]"))
    return whole


def _is_component(trail: Path, node: Node) -> bool:
    """Whether a component stands at `trail`, so that a key below it is its option, in whatever form it is."""
    if trail[:1] == ("model",) and isinstance(trail[-1], int):
        return True
    if trail == ("data", "source") or (len(trail) == 1 and trail[0] in COMPONENTS):
        return True
    return len(trail) > 1 and trail[0] in ("model", *COMPONENTS) and isinstance(node, Scalar)


def _spelled(path: Path) -> str:
    key = ""
    for step in path:
        key = join(key, step) if isinstance(step, str) else f"{key}[{'' if step is None else step}]"
    return key
