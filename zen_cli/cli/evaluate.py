"""zen evaluate: loss and metrics of a trained model, and where it is wrong."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from zen_cli.cli import machine, options
from zen_cli.cli.arguments import option
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.runs.measured_rows import MeasuredRows
    from zen_cli.runs.model import Model
    from zen_cli.training.evaluation import Evaluation

Data = Annotated[str | None, option("--data", metavar="FILE", help="Rows with targets; `-`: standard input.")]
Metric = Annotated[
    list[str] | None,
    option("--metric", metavar="METRIC", help="Measure f1_micro, say, not the config's metrics (repeatable)."),
]
Split = Annotated[str | None, option("--split", metavar="train|validation|test", help="Only these rows.")]
Worst = Annotated[int | None, option("--worst", metavar="N", min=1, help="Instead: the N worst rows.")]
Form = Annotated[str, option("--format", metavar="table|json|csv", help="How the result is printed.")]
FailUnder = Annotated[
    list[str] | None,
    option("--fail-under", metavar="METRIC=N", help="Exit 6 if a metric is below: accuracy=0.95 (repeatable)."),
]
FailOver = Annotated[
    list[str] | None,
    option("--fail-over", metavar="METRIC=N", help="Exit 6 if a metric is above: mae=3.5 (repeatable)."),
]
WhichSeed = Annotated[int | None, option("--seed", help="Which net of a run of several seeds.")]


def evaluate(
    run: options.Run, data: Data = None, metric: Metric = None, split: Split = None, worst: Worst = None,
    fail_under: FailUnder = None, fail_over: FailOver = None, seed: WhichSeed = None, format: Form = "table",
    json: options.Json = False, quiet: options.Quiet = False, no_color: options.NoColor = False,
    threads: options.Threads = 1,
) -> int:  # fmt: skip
    """Measure a trained model.

    On its own training, validation and test rows, or on the rows of a file. On the last of them, also how each class
    fares, which is taken for which, how sure is how right, or how far numbers are off.
    """
    options.use_threads(threads)
    from zen_cli.cli import evaluation_output as output
    from zen_cli.cli.bounds import bounds
    from zen_cli.runs.model import open_model

    form = output.form("json" if json else format)
    wanted = bounds(fail_under or [], fail_over or [])
    model = open_model(run, seed, machine.room(quiet))
    options.warn(model.warnings, quiet)
    rows = _chosen(_rows(model, data), split)
    evaluation = _evaluation(model, rows, metric or [])
    measured = {name: evaluation.measure([part]) for name, part in rows.parts.items()}
    wanted.check_names(measured)
    if worst is not None:
        if model.experiment.target.steps:
            raise ZenError("rows of a text have a target for each character, none of their own", Place("--worst"))
        output.write_worst(evaluation, rows, worst, form, no_color)
    else:
        output.write(evaluation, rows, measured, form, no_color)
    sys.stdout.flush()
    wanted.require(measured)
    return int(Exit.DONE)


def _rows(model: Model, data: str | None) -> MeasuredRows:
    from zen_cli.runs.measured_rows import own_rows, rows_of_file

    return rows_of_file(model, data, options.standard_input()) if data else own_rows(model)


def _chosen(rows: MeasuredRows, split: str | None) -> MeasuredRows:
    if split is None:
        return rows
    if split not in rows.parts:
        raise ZenError(f"there are no '{split}' rows", Place("--split"), f"there are: {', '.join(rows.parts)}")
    return rows._replace(parts={split: rows.parts[split]})


def _evaluation(model: Model, rows: MeasuredRows, names: list[str]) -> Evaluation:
    """Of what is named, else of what the config measures."""
    from zen_cli.training.evaluation import Evaluation
    from zen_cli.training.measured import with_metrics

    experiment = with_metrics(rows.experiment, names, Place("--metric")) if names else rows.experiment
    return Evaluation(experiment, model.state, model.constants, model.target_scale)
