"""What may stand for a metavar: CONFIG a config file, RUN a run, KEY=VALUE a key of the config, `a|b` one of these."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from zen_cli.cli.index import OPTIONS

Found = Iterator[tuple[str, str]]
STATES = ("completed", "stopped_early", "interrupted", "diverged", "running", "killed")
SPLITS = ("train", "validation", "test")


def values(metavar: str, current: str, configs: Sequence[str], sets: Sequence[str]) -> Found:
    """Words with a word about each; `configs` and `sets` are what else the line says about the config."""
    for part in metavar.strip("[].").split("|"):
        if part in ("KEY=VALUE", "KEY=A,B", "KEY"):
            from zen_cli.cli.complete_keys import keys

            yield from keys(current, configs, sets, with_value=part != "KEY")
        elif part in KINDS:
            yield from KINDS[part](current)
        elif part and part.islower():
            yield part, ""


def _files(current: str, accept: Callable[[str], bool]) -> Found:
    """Files that are wanted, and folders."""
    folder, name = os.path.split(current)
    try:
        with os.scandir(folder or ".") as entries:
            found = sorted((it.name, it.is_dir()) for it in entries)
    except OSError:
        return
    for entry, is_folder in found:
        if entry.startswith(name) and (entry[0] != "." or name[:1] == "."):
            path = os.path.join(folder, entry)
            if is_folder:
                yield f"{path}/", ""
            elif accept(entry):
                yield path, ""


def _configs(current: str) -> Found:
    yield from _files(current, lambda name: name.endswith((".yaml", ".yml")))
    if not current:
        yield from (found for found in _files("configs/", lambda name: name.endswith(".yaml")) if found[0][-1] != "/")


def _runs(current: str) -> Found:
    """The runs below ./runs by their names, then folders and model files."""
    folder = "runs/" if current in "runs/" else current
    for path, _ in _files(folder, lambda name: name.endswith(".safetensors")):
        run = os.path.exists(os.path.join(path, "run.json"))
        yield path.rstrip("/") if run else path, _status(path) if run else ""
    if folder != current:
        yield from _files(current, lambda name: name.endswith(".safetensors"))


def _status(path: str) -> str:
    from zen_cli.runs.listing import read

    return read(path.rstrip("/")).status


def _names(current: str) -> Found:
    yield from ((name, kind) for kind, known in OPTIONS.items() for name in known)


def _metrics(current: str) -> Found:
    names = ("loss", *OPTIONS["metrics"])
    split, dot, _ = current.partition(".")
    if dot:
        yield from ((f"{split}.{name}", "") for name in names)
    else:
        yield from ((f"{split}.", "") for split in SPLITS)
        yield from ((name, "") for name in names)


def _listed(words: Sequence[str]) -> Callable[[str], Found]:
    """Several words, separated by commas."""

    def complete(current: str) -> Found:
        head, comma, _ = current.rpartition(",")
        taken = head.split(",")
        yield from ((f"{head}{comma}{word}", "") for word in words if word not in taken)

    return complete


KINDS: dict[str, Callable[[str], Found]] = {
    "CONFIG": _configs, "RUN": _runs, "DIR": lambda current: _files(current, lambda name: False),
    "FILE": lambda current: _files(current, lambda name: True), "NAME": _names, "METRIC": _metrics,
    "METRIC=N": _metrics, "COND": _metrics, "KIND": lambda current: ((kind, "") for kind in (*OPTIONS, "configs")),
    "A,B,": _listed(tuple(OPTIONS["optimizers"])), "A,B,...": _listed(tuple(OPTIONS["optimizers"])),
    "STATUS,": _listed(STATES),
}  # fmt: skip
