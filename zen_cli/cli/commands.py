"""The commands: what each is called and where it is. None is imported before it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from zen_cli.cli.arguments import Command

COMMANDS = {
    "init": "init.init",
    "train": "train.train",
    "resume": "resume.resume",
    "evaluate": "evaluate.evaluate",
    "predict": "predict.predict",
    "sample": "sample.sample",
    "compare": "compare.compare",
    "plot": "plot.plot",
    "lr-find": "lr_find.lr_find",
    "check": "check.check",
    "explain": "explain.explain",
    "bench": "bench.bench",
    "verify": "verify.verify",
    "runs": "runs.ls",
    "runs ls": "runs.ls",
    "runs show": "runs.show",
    "runs best": "runs.best",
    "runs rm": "runs.rm",
    "config show": "config.show",
    "config diff": "config.diff",
    "config schema": "config.schema",
    "list": "catalogue.list_",
    "describe": "catalogue.describe",
    "completion": "completion.completion",
}
"""A name of two words is that of a command in a group; what a group does by itself stands under its own name."""

ANSWERING = ("train", "resume", "compare")  # to signals; before they do, one ends them at once


def command(name: str) -> Command:
    """The function that does it."""
    module, _, function = COMMANDS[name].partition(".")
    found: Command = getattr(importlib.import_module(f"zen_cli.cli.{module}"), function)
    return found


def asked(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """The name of the command that a command line begins with, and what follows it; no name if there is none.

    >>> asked(["list", "layers"]), asked(["--help"])
    (('list', ['layers']), ('', ['--help']))
    """
    for words in (2, 1):
        name = " ".join(arguments[:words])
        if name in COMMANDS and len(arguments) >= words:
            return name, list(arguments[words:])
    return "", list(arguments)
