"""zen init: a config to start from."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

from zen_cli.cli import machine, options
from zen_cli.cli.arguments import Argument, option
from zen_cli.errors import Exit, Place, ZenError

Template = Annotated[str | None, Argument(metavar="TEMPLATE", help="A built-in dataset, of zen list datasets.")]
Table = Annotated[str | None, option("--data", metavar="FILE", help="A table: its columns are looked at.")]
Targets = Annotated[
    list[str] | None, option("--target", metavar="COLUMN", help="The column to be predicted (repeatable).")
]
Out = Annotated[str | None, option("--out", "-o", metavar="FILE", help="Write it there; never over a file.")]


def init(
    template: Template = None, data: Table = None, target: Targets = None, out: Out = None, quiet: options.Quiet = False
) -> int:
    """Write a commented config to start from: for a table of your own, or for a built-in dataset."""
    options.use_threads(1)
    if template and data:
        raise ZenError("takes a template or --data, not both", Place("TEMPLATE"))
    if out and os.path.lexists(out):
        raise ZenError("is there already, and is not written over", Place(out), "name another file with --out")
    text = _for_table(data, target or [], out, quiet) if data else _for_template(template or "spiral", target)
    if out:
        from zen_cli.runs.files import write_atomically

        write_atomically(Path(out), [text.encode()])
    sys.stdout.write(f"{out}\n" if out else text)
    return int(Exit.DONE)


def _for_table(data: str, targets: list[str], out: str | None, quiet: bool) -> str:
    from zen_cli.starter.dialect import dialect_of
    from zen_cli.starter.goal import goal_of
    from zen_cli.starter.survey import survey
    from zen_cli.starter.text import starter

    dialect = {} if data == "-" else dialect_of(data)
    found = survey(data, dialect, options.standard_input(), machine.room(quiet))
    goal = goal_of(found, targets)
    source = data if data == "-" or os.path.isabs(data) else os.path.relpath(data, os.path.dirname(out or "") or ".")
    name = os.path.basename(out) if out else f"{os.path.basename(data).partition('.')[0].strip('-') or 'net'}.yaml"
    return starter(source, found, goal, dialect, name)


def _for_template(name: str, targets: list[str] | None) -> str:
    from zen_cli.starter.template import template

    if targets:
        raise ZenError("belongs to --data", Place("--target"), "zen init --data FILE --target COLUMN")
    return template(name)
