"""A config file, or standard input, into a Config: read, overridden and checked, its mistakes gathered."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, BinaryIO

from zen_cli.config.node import Entry, Mapping, Scalar, describe, rekeyed_entry, shown
from zen_cli.config.schema import read_options
from zen_cli.config.sections import Config, Data
from zen_cli.config.source import STDIN, read
from zen_cli.config.text import parse
from zen_cli.errors import Place, Problems, ZenError

VERSION = 1
LATER = ("vars", "extends", "sweep", "run")
REPLACED = ("data", "model", "loss", "metrics")  # by a problem
MAX_NAME = 100
NAME_RULE = f"letters, digits, '.', '_' and '-', not beginning with '.' or '-', at most {MAX_NAME} characters"


def load(
    source: str, *, sets: Iterable[str] = (), unsets: Iterable[str] = (), stdin: BinaryIO | None = None
) -> Config:
    """The config in the file `source`, or in `stdin` if `source` is `-`.

    What is wrong with single values is in `config.problems` and not raised, so that the caller can add what
    it finds; `config.problems.check()` then raises all of it.

    Raises:
        ZenError: the text cannot be read, is not YAML or is not a mapping; with what was found before.
    """
    text, file = read(source, stdin)
    problems = Problems()
    try:
        root = _overridden(_root(text, file, problems), tuple(sets), tuple(unsets), problems)
        config = _config(root, problems)
    except ZenError as error:
        problems.take(error)
        problems.check()
        raise
    config.tree, config.text, config.file, config.problems = root, text, file, problems
    config.base = "" if file == STDIN else os.path.dirname(file)
    config.data.base = "" if config.where("data", "source").file.startswith("--set ") else config.base
    config.name = config.name or default_name(file)
    return config


def default_name(file: str) -> str:
    """The name of a run whose config does not state one: the file's, in the characters that a name may have.

    >>> default_name("configs/my net.yaml"), default_name("<stdin>")
    ('my-net', 'stdin')
    """
    stem = os.path.splitext(os.path.basename(file))[0] if file != STDIN else "stdin"
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in stem)
    return safe.lstrip(".-")[:MAX_NAME] or "config"


def valid_name(name: str) -> bool:
    """Whether a run may have this name; it becomes the name of a directory.

    >>> valid_name("lr0.1"), valid_name("../../x"), valid_name("-rf")
    (True, False, False)
    """
    safe = all(c.isascii() and (c.isalnum() or c in "._-") for c in name)
    return safe and 0 < len(name) <= MAX_NAME and name[0] not in ".-"


def _root(text: str, file: str, problems: Problems) -> Mapping:
    root = parse(text, file, problems)
    start = Place(file, 1, 1)
    if root is None:
        raise ZenError("config is empty", start, "`zen init` writes one to begin with")
    if not isinstance(root, Mapping):
        raise ZenError(f"expected a mapping, found {describe(root)}", root.place, "write `key: value` lines")
    _british(root, problems)
    return root


def _overridden(root: Mapping, sets: tuple[str, ...], unsets: tuple[str, ...], problems: Problems) -> Mapping:
    if not sets and not unsets:
        return root
    from zen_cli.config.overrides import override

    return override(root, sets, unsets, problems)


def _british(root: Mapping, problems: Problems) -> None:
    """`optimiser` becomes `optimizer`, in its place."""
    if "optimiser" not in root.entries:
        return
    if "optimizer" in root.entries:
        what = f"the same as 'optimizer' on line {root.entries['optimizer'].place.line}"
        problems.add(what, root.entries.pop("optimiser").place, "keep one")
        return
    items = list(root.entries.items())
    root.entries.clear()
    for name, entry in items:
        american = "optimizer" if name == "optimiser" else name
        root.entries[american] = rekeyed_entry(entry, american)


def _config(root: Mapping, problems: Problems) -> Config:
    _check_version(root)
    for name in LATER:
        if name in root.entries:
            problems.add("not supported by this version of zen", root.entries[name].place)
    instead: dict[str, Any] = {"data": Data(""), "model": []}  # type: ignore[call-arg]
    config = read_options(root, Config, problems, skip=LATER, instead=instead)
    assert config is not None
    _check_sources(root, problems)
    model = root.entries.get("model")
    if model and config.model is not instead["model"] and not config.layers:
        problems.add("expected at least one layer", model.value.place)
    _check_name(root.entries.get("name"), config.name, problems)
    return config


def _check_sources(root: Mapping, problems: Problems) -> None:
    """Either a problem or data and a model."""
    if "problem" in root.entries:
        for name in REPLACED:
            if name in root.entries:
                hint = "remove it, or `problem`"
                problems.add("a problem brings its own data, model, loss and metrics", root.entries[name].place, hint)
        return
    for name, meaning in (("data", "the rows to learn from"), ("model", "the layers, front to back")):
        if name not in root.entries:
            problems.add(f"missing option {shown(name)}", root.place, f"{meaning}; or `problem` in place of both")


def _check_version(root: Mapping) -> None:
    entry = root.entries.get("version")
    text = entry.value.text if entry and isinstance(entry.value, Scalar) else ""
    if entry and text.isdecimal() and text != str(VERSION):
        what = f"this zen reads version {VERSION}, found {shown(text)}"
        raise ZenError(what, entry.value.place, "upgrade zen: pip install -U zen-train")


def _check_name(entry: Entry | None, name: str, problems: Problems) -> None:
    if entry and isinstance(entry.value, Scalar) and not entry.value.missing and not valid_name(name):
        what = f"{shown(entry.value.text)} cannot name a run"
        problems.add(what, entry.value.place, f"a name has {NAME_RULE}")
