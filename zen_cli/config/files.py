"""The files of a config as one tree: each over what it extends, then from left to right."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from zen_cli.config.merge import merged
from zen_cli.config.node import Entry, Mapping, Node, Scalar, describe, plain, rekeyed_entry, shown
from zen_cli.config.node import Sequence as Items
from zen_cli.config.source import STDIN, read
from zen_cli.config.text import parse
from zen_cli.errors import Place, Problems, ZenError

VERSION = 1
MOST_FILES = 100


class Text(NamedTuple):
    """A file that was read: as messages call it, what stands in it, and the folder that it was named from."""

    file: str
    text: str
    root: str


class Files:
    """Reads the files of one config; `texts` are those that were read, a file after those that it extends."""

    def __init__(self, problems: Problems, stdin: BinaryIO | None, untrusted: bool) -> None:
        self.problems, self.stdin, self.untrusted = problems, stdin, untrusted
        self.texts: list[Text] = []

    def tree(self, sources: Sequence[str]) -> Mapping:
        """All of them merged.

        Raises:
            ZenError: a file cannot be read, is not YAML, holds no mapping, or extends itself.
        """
        root, *others = (self._file(read(source, self.stdin), folder(source), ()) for source in sources)
        for other in others:
            root = merged(root, other)
        return root

    def text(self, tree: Mapping) -> str:
        """The text as it was given, where it was one; else the tree that the files are together."""
        if len(self.texts) == 1:
            return self.texts[0].text
        from zen_cli.config.dump import dump

        names = ", ".join(ascii(text.file)[1:-1] for text in self.texts)
        return f"# merged: {names}\n{dump(plain(tree))}"

    def root_of(self, file: str) -> str:
        """The folder of the config that the user named, and that led to this file."""
        return next((text.root for text in self.texts if text.file == file), "")

    def _file(self, written: tuple[str, str], root: str, above: tuple[str, ...]) -> Mapping:
        """The tree of a file, over those that it extends; `above` are the files that led here."""
        text, file = written
        tree = _mapping(text, file, self.problems)
        bases = tree.entries.pop("extends", None)
        for base in _names(bases, self.problems) if bases else ():
            path, chain = os.path.join(folder(file), base.text), (*above, file)
            tree = merged(self._file(self._base(path, base.place, root, chain), root, chain), tree)
        self.texts.append(Text(file, text, root))
        return tree

    def _base(self, path: str, where: Place, root: str, chain: tuple[str, ...]) -> tuple[str, str]:
        """The text of a file that is extended; what keeps it from being read is told at its name."""
        if path == "-" or (os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)):
            raise ZenError(f"{shown(path)} is no file", where)
        if self.untrusted:
            check_below(path, root, where)
        for i, file in enumerate(chain):
            if _same_file(file, path):
                links = ", which extends ".join([*chain[i + 1 :], path])
                raise ZenError(f"{file} extends {links}", where, "a config cannot be built on itself")
        if len(self.texts) + len(chain) >= MOST_FILES:
            raise ZenError(f"more than {MOST_FILES} files", where)
        try:
            return read(path)
        except ZenError as error:
            if error.where and error.where.line is not None:
                raise
            hint = None if error.hint and error.hint.endswith(chain) else error.hint  # it would extend itself
            raise ZenError(f"{path}: {error.what}", where, hint) from None


def folder(source: str) -> str:
    """The folder that names in a config are relative to; the working directory for standard input and flags."""
    return "" if source in ("-", STDIN) or source.startswith("--") else os.path.dirname(source)


def check_below(path: str, root: str, where: Place) -> None:
    """Refuses a file that does not lie below the folder `root`, wherever links lead.

    Raises:
        ZenError: it does not.
    """
    inside, found = os.path.realpath(root or "."), os.path.realpath(path.replace("\0", ""))
    if not found.startswith(os.path.join(inside, "")):
        hint = "with --untrusted a config names files below its own folder only"
        raise ZenError(f"{shown(path)} is not below {root or 'the working directory'}", where, hint)


def _same_file(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return False


def _mapping(text: str, file: str, problems: Problems) -> Mapping:
    root = parse(text, file, problems)
    start = Place(file, 1, 1)
    if root is None:
        raise ZenError("config is empty", start, "`zen init` writes one to begin with")
    if not isinstance(root, Mapping):
        raise ZenError(f"expected a mapping, found {describe(root)}", root.place, "write `key: value` lines")
    _check_version(root)
    _british(root, problems)
    return root


def _check_version(root: Mapping) -> None:
    entry = root.entries.get("version")
    text = entry.value.text if entry and isinstance(entry.value, Scalar) else ""
    if entry and text.isdecimal() and text != str(VERSION):
        what = f"this zen reads version {VERSION}, found {shown(text)}"
        raise ZenError(what, entry.value.place, "upgrade zen: pip install -U zen-train")


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


def _names(bases: Entry, problems: Problems) -> Iterator[Scalar]:
    """The files that are extended, the strongest first."""
    value = bases.value
    items: list[Node] = value.items if isinstance(value, Items) else [value]
    for item in reversed(items):
        if isinstance(item, Scalar) and not item.missing:
            yield item
        else:
            place = bases.place if isinstance(item, Scalar) else item.place
            problems.add(f"expected the name of a file, found {describe(item)}", place, "write `extends: base.yaml`")
