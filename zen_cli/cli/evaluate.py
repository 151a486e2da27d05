"""zen evaluate: loss and metrics of a trained model."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zen_cli.cli import options
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.runs.model import Model
    from zen_cli.training.events import Metrics

Data = Annotated[str | None, typer.Option("--data", metavar="FILE", help="Rows with targets; `-`: standard input.")]
FailUnder = Annotated[
    str | None, typer.Option("--fail-under", metavar="METRIC=N", help="Exit 6 if a metric is below: accuracy=0.95.")
]
WhichSeed = Annotated[int | None, typer.Option("--seed", help="Which net of a run of several seeds.")]


def evaluate(
    run: options.Run, data: Data = None, fail_under: FailUnder = None, seed: WhichSeed = None,
    json: options.Json = False, quiet: options.Quiet = False, no_color: options.NoColor = False,
    threads: options.Threads = 1,
) -> int:  # fmt: skip
    """Measure a trained model.

    On its own training, validation and test rows, or on the rows of a file.
    """
    options.use_threads(threads)
    from zen_cli.runs.model import open_model

    least = options.least(fail_under) if fail_under else None
    model = open_model(run, seed)
    options.warn(model.warnings, quiet)
    measured = _on_file(model, data) if data else _on_own_rows(model)
    _print(measured, json, no_color)
    if least is not None:
        _require(measured, *least)
    return int(Exit.DONE)


def _require(measured: dict[str, Metrics], metric: str, least: float) -> None:
    """That the metric is at least that, on the split that is named, else on the last there is: test, validation, train.

    Raises:
        ZenError: exit 6 if it is less; exit 2 if it is not measured.
    """
    *_, split = measured
    split, _, name = metric.rpartition(".") if "." in metric else (split, "", metric)
    value, where = measured.get(split, {}).get(name), Place("--fail-under")
    if not isinstance(value, float):
        known = ", ".join(f"{split}.{name}" for split, found in measured.items() for name in found)
        raise ZenError(f"'{metric}' is not measured", where, f"measured: {known}")
    if not value >= least:
        raise ZenError(f"{split}.{name} is {value:.6g}, less than {least:g}", where, code=Exit.UNMET)


def _on_own_rows(model: Model) -> dict[str, Metrics]:
    from zen_cli.training.evaluation import Evaluation
    from zen_cli.training.rows import rows_of
    from zen_cli.training.streams import streams

    experiment = model.with_data()
    rows = rows_of(experiment, streams(model.seed).split)
    evaluation = Evaluation(experiment, model.state, model.constants)
    return {name: evaluation.measure([part]) for name, part in rows.parts.items()}


def _on_file(model: Model, source: str) -> dict[str, Metrics]:
    import numpy as np

    from zen_cli.data.rows import read_rows
    from zen_cli.training.rows import Part, encode

    model.require_rows()
    chunks = list(read_rows(source, model.schema, targets=True, stdin=options.standard_input()))
    found = [chunk.targets for chunk in chunks if chunk.targets is not None]
    if not found:
        raise ZenError(f"{source} has no targets to measure against", code=Exit.FILES)
    x, targets = model.scaled(np.concatenate([chunk.features for chunk in chunks])), np.concatenate(found)
    return {"data": model.evaluation().measure([Part(x, encode(model.experiment, targets), targets)])}


def _print(measured: dict[str, Metrics], json: bool, no_color: bool) -> None:
    if json:
        from zen_cli.runs.strict_json import strict_json

        sys.stdout.write(strict_json(measured) + "\n")
        return
    from zen_cli.display.table import table

    names = list(next(iter(measured.values())))
    rows: list[list[Any]] = [[split, *(found[name] for name in names)] for split, found in measured.items()]
    table(["split", *names], rows, stream=sys.stdout, environ=options.environment(no_color))
