"""What `zen compare` writes: of one config, and of several."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from zen_cli.cli import options
from zen_cli.cli.comparison import Compared
from zen_cli.errors import Place, ZenError

if TYPE_CHECKING:
    from zen_cli.compare.protocol import Protocol


class Writing(NamedTuple):
    """How and where."""

    form: str
    out: Path | None
    html: Path | None
    winner: bool
    no_color: bool


def check_alike(protocols: Sequence[Protocol], writing: Writing) -> None:
    """Before anything runs: configs have names of their own, the same optimizers, and targets on one loss each."""
    from zen_cli.compare.tasks import same_labels

    if len(protocols) > 1 and writing.html:
        raise ZenError("one file cannot hold the reports of several configs", Place("--html"), "take --out DIR")
    if len(protocols) > 1 and not all(protocol.one_loss for protocol in protocols):
        raise ZenError("different losses have no target in common", Place("--over"), "compare them on one config")
    names = [protocol.experiment.config.name for protocol in protocols]
    same_labels(names, [[entry.label for entry in protocol.entries] for protocol in protocols])


def write_one(found: Compared, writing: Writing) -> None:
    """The result on standard output, and the report's files if they are wanted."""
    from zen_cli.compare.report.tables import formatted
    from zen_cli.display.comparison.table import comparison_table, winner_line

    if writing.out is not None:
        _report(found, writing.out)
    if writing.html is not None:
        _page(found, writing.html)
    if writing.winner:
        sys.stdout.write(winner_line(found.summary) + "\n")
    elif writing.form == "table":
        comparison_table(found.summary, stream=sys.stdout, environ=options.environment(writing.no_color))
    else:
        sys.stdout.write(formatted(found.summary, writing.form))


def write_several(found: Sequence[Compared], writing: Writing, baseline: str | None) -> None:
    """A table for each config and one for all; a report for each config in a folder of its name, and tasks.json."""
    from zen_cli.compare.report.several import several_of
    from zen_cli.compare.tasks import Task, tasks_of
    from zen_cli.display.comparison.table import winner_line
    from zen_cli.runs.files import write_atomically
    from zen_cli.runs.strict_json import strict_json

    tasks = tasks_of([Task(each.summary, each.material) for each in found], baseline)
    for each in found:
        each.summary["several"] = several_of(tasks)
    if writing.out is not None:
        for each in found:
            _report(each, writing.out / each.summary["name"])
        write_atomically(writing.out / "tasks.json", [strict_json(tasks, indent=2).encode(), b"\n"])
    if writing.winner:
        sys.stdout.write("".join(f"{each.summary['name']}\t{winner_line(each.summary)}\n" for each in found))
    else:
        _print_several(found, tasks, writing)


def _print_several(found: Sequence[Compared], tasks: dict[str, Any], writing: Writing) -> None:
    from zen_cli.compare.report.csv_rows import cell, csv_text, names_of
    from zen_cli.compare.report.several import flat
    from zen_cli.compare.report.tables import markdown_table, tsv
    from zen_cli.display.comparison.table import comparison_table
    from zen_cli.display.comparison.tasks import tasks_table
    from zen_cli.runs.strict_json import strict_json

    if writing.form == "table":
        environ = options.environment(writing.no_color)
        for each in found:
            comparison_table(each.summary, stream=sys.stdout, environ=environ)
            sys.stdout.write("\n")
        tasks_table(tasks, stream=sys.stdout, environ=environ)
    elif writing.form == "json":
        whole = {"schema": found[0].summary["schema"], "configs": [each.summary for each in found], "tasks": tasks}
        sys.stdout.write(strict_json(whole, indent=2) + "\n")
    else:
        rows = flat(tasks)
        names = names_of(rows)
        cells = [[cell(row.get(name)) for name in names] for row in rows]
        texts = {"csv": lambda: csv_text(rows), "tsv": lambda: tsv([names, *cells])}
        sys.stdout.write(texts.get(writing.form, lambda: markdown_table(names, cells))())


def _page(found: Compared, file: Path) -> None:
    from zen_cli.compare.report.files import texts
    from zen_cli.runs.files import write_atomically

    it = found.material
    page = texts(found.summary, it.runs, it.curves, it.tuning)["report.html"]
    write_atomically(file, [page.encode("utf-8", "backslashreplace")])


def _report(found: Compared, folder: Path) -> None:
    from zen_cli.compare.report.files import write_all

    write_all(folder, found.summary, found.material.runs, found.material.curves, found.material.tuning)
