"""Config files, or standard input, into a Config: read, merged, overridden and checked, their mistakes gathered."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, BinaryIO

from zen_cli.config.files import Files, check_below, folder
from zen_cli.config.node import Entry, Mapping, Node, Scalar, describe, shown
from zen_cli.config.schema import read_options
from zen_cli.config.sections import Config, Data
from zen_cli.config.source import STDIN
from zen_cli.errors import Problems, ZenError

LATER = ("sweep", "run")
REPLACED = ("data", "model", "loss", "metrics")  # by a problem
MAX_NAME = 100
NAME_RULE = f"letters, digits, '.', '_' and '-', not beginning with '.' or '-', at most {MAX_NAME} characters"


def load(
    *sources: str, sets: Iterable[str] = (), unsets: Iterable[str] = (), stdin: BinaryIO | None = None,
    untrusted: bool = False,
) -> Config:  # fmt: skip
    """The config in the files `sources`, the later over the earlier; `-` is `stdin`.

    What is wrong with single values is in `config.problems` and not raised, so that the caller can add what
    it finds; `config.problems.check()` then raises all of it. `untrusted`: it may name only files below its folder.

    Raises:
        ZenError: a text cannot be read, is not YAML or is not a mapping; with what was found before.
    """
    problems = Problems()
    files = Files(problems, stdin, untrusted)
    try:
        root = files.tree(sources)
        text = files.text(root)
        root = _overridden(root, tuple(sets), tuple(unsets), problems)
        if "vars" in root.entries or any("${" in text.text for text in files.texts):
            from zen_cli.config.variables import replaced

            root = replaced(root, problems)
        config = _config(root, problems)
    except ZenError as error:
        problems.take(error)
        problems.check()
        raise
    config.tree, config.problems = root, problems
    config.file, config.text = files.texts[-1].file, text
    config.base, config.data.base = folder(config.file), folder(config.where("data", "source").file)
    config.name = config.name or default_name(config.file)
    if untrusted:
        _check_data_files(config, files)
    return config


def _check_data_files(config: Config, files: Files) -> None:
    """That the data lies below the config, unless a flag of the user's says where it is."""
    from glob import escape, glob

    section = config.data
    arrays = str(section.source).endswith(".npy")  # whose targets are files too
    for option in ("source", "validation", "test", *(("target",) if arrays else ())):
        where, given = config.where("data", option), getattr(section, option)
        if where.line is None or not isinstance(given, (str, list)) or given == "-":
            continue
        for name in [given] if isinstance(given, str) else given:
            path = os.path.join(folder(where.file), name)
            inside = glob(os.path.join(escape(path), "*")) if os.path.isdir(path) else glob(path)
            for each in [path, *inside]:
                check_below(each, files.root_of(where.file), where)


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


def _overridden(root: Mapping, sets: tuple[str, ...], unsets: tuple[str, ...], problems: Problems) -> Mapping:
    if not sets and not unsets:
        return root
    from zen_cli.config.overrides import override

    return override(root, sets, unsets, problems)


def _config(root: Mapping, problems: Problems) -> Config:
    for name in LATER:
        if name in root.entries:
            problems.add("not supported by this version of zen", root.entries[name].place)
    instead: dict[str, Any] = {"data": Data(""), "model": []}  # type: ignore[call-arg]
    model = root.entries.get("model")
    listed = model is None or _is_model(model.value, problems)
    others = {name: entry for name, entry in root.entries.items() if listed or name != "model"}
    config = read_options(Mapping(root.place, others), Config, problems, skip=LATER, instead=instead)
    assert config is not None
    _check_sources(root, problems)
    if model and config.model is not instead["model"] and not config.layers:
        problems.add("expected at least one layer", model.value.place)
    _check_name(root.entries.get("name"), config.name, problems)
    return config


def _is_model(node: Node, problems: Problems) -> bool:
    """Whether it can be one; layers without their dashes are told once."""
    wrong = "layers" not in node.entries if isinstance(node, Mapping) else isinstance(node, Scalar) and not node.missing
    if wrong:
        from zen_cli.config.advice import LIST_ITEMS

        problems.add(f"expected a list of layers, found {describe(node)}", node.place, LIST_ITEMS)
    return not wrong


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


def _check_name(entry: Entry | None, name: str, problems: Problems) -> None:
    if entry and isinstance(entry.value, Scalar) and not entry.value.missing and not valid_name(name):
        what = f"{shown(entry.value.text)} cannot name a run"
        problems.add(what, entry.value.place, f"a name has {NAME_RULE}")
