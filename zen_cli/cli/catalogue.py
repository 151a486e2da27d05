"""zen list and zen describe: what there is, and what a name, a config or a run stands for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from zen_cli.cli import options
from zen_cli.cli.arguments import Argument

if TYPE_CHECKING:
    from zen_cli.catalogue import Entry
    from zen_cli.experiment import Experiment

KINDS = "layers, losses, optimizers, schedulers, initializers, metrics, datasets, problems, configs"
Kind = Annotated[str | None, Argument(metavar="[KIND]", help=f"One of {KINDS}; all without it.")]
Name = Annotated[str, Argument(metavar="NAME|CONFIG|RUN", help="A registered name, a config file or a run.")]


def list_(kind: Kind = None, json: options.Json = False, no_color: options.NoColor = False) -> int:
    """Show what a config may name.

    Layers, losses, optimizers and the like; `configs` are the ones in ./configs.
    """
    from zen_cli.catalogue import REGISTRIES, entries

    kinds = [kind] if kind else list(REGISTRIES)
    rows = _configs() if kind == "configs" else [_summary(entry) for each in kinds for entry in entries(each)]
    if json:
        _json(rows)
    else:
        _table(rows, no_color)
    return 0


def _summary(entry: Entry) -> dict[str, Any]:
    return {"kind": entry.kind, "name": entry.name, "what": entry.summary, "example": entry.example}


def _configs() -> list[dict[str, Any]]:
    """The YAML files in ./configs with the first line of their comment."""
    found = []
    for path in sorted(Path("configs").glob("*.yaml")):
        lines = path.read_text("utf-8", errors="replace").splitlines()
        told = [line.lstrip("# ") for line in lines if line.startswith("# ") and "$schema=" not in line]
        what = told[0] if told else ""
        found.append({"kind": "configs", "name": str(path), "what": what, "example": f"zen train {path}"})
    return found


def describe(name: Name, json: options.Json = False, no_color: options.NoColor = False) -> int:
    """Explain a name, a config or a run.

    A name of `zen list`: its formula, options and source. A config or run: its layers, shapes and parameters.
    """
    from zen_cli.catalogue import as_dict, find

    found = find(name)
    if not found and (os.path.exists(name) or name == "-"):
        _describe_network(name, json, no_color)
        return 0
    if not found:
        _refuse(name)
    if json:
        _json([as_dict(entry) for entry in found])
        return 0
    for number, entry in enumerate(found):
        sys.stdout.write("\n" if number else "")
        _describe_entry(entry, no_color)
    return 0


def _refuse(name: str) -> None:
    from zen_cli.catalogue import names
    from zen_cli.errors import ZenError
    from zen_cli.suggest import did_you_mean

    raise ZenError(f"nothing is called '{name}'{did_you_mean(name, names())}", hint="zen list shows all names")


def _describe_entry(entry: Entry, no_color: bool) -> None:
    from zen_cli.catalogue import default_text, type_name
    from zen_cli.display.table import table

    kind = {"losses": "loss"}.get(entry.kind, entry.kind.removesuffix("s"))
    article = "an" if kind[0] in "aeiou" else "a"
    also = f" (also {', '.join(entry.aliases)})" if entry.aliases else ""
    sys.stdout.write(f"{entry.name}: {article} {kind}{also}\n\n  {entry.summary}\n")
    sys.stdout.writelines(f"  {line}\n" for line in entry.text.splitlines())
    if entry.options:
        sys.stdout.write("\n")
        rows = [[it.name, type_name(it), default_text(it), str(it.limits), it.help] for it in entry.options]
        columns = ["option", "type", "default", "limits", "meaning"]
        table(columns, rows, stream=sys.stdout, environ=options.environment(no_color))
    sys.stdout.write(f"\n  example: {entry.example}\n")


def _describe_network(source: str, json: bool, no_color: bool) -> None:
    from zen_cli.display.layers import layer_rows
    from zen_cli.display.table import table

    experiment, notes = _experiment(source)
    columns, rows = layer_rows(experiment.trace.shapes, experiment.network.input_shape)
    options.warn(notes)
    if json:
        _json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        table(columns, rows, stream=sys.stdout, environ=options.environment(no_color))


def _experiment(source: str) -> tuple[Experiment, list[str]]:
    """The experiment of a config or a run, and what the training noted."""
    options.use_threads(1)
    if source == "-" or source.endswith((".yaml", ".yml")):
        from zen_cli.experiment import from_file

        return from_file(source, stdin=options.standard_input()), []
    from zen_cli.runs.directory import RunDirectory
    from zen_cli.runs.metrics_file import read
    from zen_cli.runs.model import open_model

    model = open_model(source)
    events = read(RunDirectory(model.checkpoint.path.parent).metrics).events
    return model.experiment, [str(note) for event in events[-1:] for note in event.get("notes", ())]


def _json(rows: list[dict[str, Any]]) -> None:
    from zen_cli.runs.strict_json import strict_json

    sys.stdout.write(strict_json(rows) + "\n")


def _table(rows: list[dict[str, Any]], no_color: bool) -> None:
    from zen_cli.display.table import table

    columns = ["kind", "name", "what"]
    cells = [[row[column] for column in columns] for row in rows]
    table(columns, cells, stream=sys.stdout, environ=options.environment(no_color))
