"""zen check: everything short of training."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

from zen_cli.cli import machine, options
from zen_cli.cli.arguments import Argument, option
from zen_cli.errors import Exit, ZenError

if TYPE_CHECKING:
    from zen_cli.experiment import Experiment

Configs = Annotated[list[str], Argument(metavar="CONFIG...", help="Each is checked; `-` is standard input.")]
Merge = Annotated[bool, option("--merge", help="The files are one config, the later over the earlier.")]
LARGEST_ERROR = 1e-4  # of the gradient; kinks such as relu's leave more than smooth nets do


def check(
    configs: Configs, sets: options.Sets = None, unsets: options.Unsets = None, merge: Merge = False,
    json: options.Json = False, no_color: options.NoColor = False, untrusted: options.Untrusted = False,
) -> int:  # fmt: skip
    """Check configs without training.

    Types, shapes, parameters, memory, one step, the gradient against central differences, and the data.
    """
    options.use_threads(1)
    together = [configs] if merge else [[config] for config in configs]
    return max(_check(options.Given(files, sets, unsets, untrusted), json, no_color) for files in together)


def _check(given: options.Given, json: bool, no_color: bool) -> int:
    file = given.files[-1]
    try:
        room = machine.room()
        experiment = given.experiment(room)
        facts = _facts(experiment, room.memory)
    except ZenError as error:
        return _failed(file, error, json)
    if json:
        _write({"file": file, "ok": True, **facts})
    else:
        _show(experiment, facts, no_color)
    return int(Exit.DONE)


def _facts(experiment: Experiment, memory: int | None) -> dict[str, Any]:
    from zen_cli.training.diagnosis import at_the_start
    from zen_cli.training.gradient_check import gradient_check
    from zen_cli.training.lint import lint
    from zen_cli.training.memory import needed, require
    from zen_cli.training.rows import rows_of
    from zen_cli.training.streams import streams
    from zen_cli.training.training import Training

    require(experiment, memory)
    seed = experiment.config.seed
    rows = rows_of(experiment, streams(seed).split)
    found = gradient_check(experiment, rows, seed)
    if not found.error <= LARGEST_ERROR:
        what = f"the gradient is {found.analytic:.6g}, central differences give {found.numeric:.6g}"
        raise ZenError(what, hint="numbers too large at the start? scale the data", code=Exit.DIVERGED)
    training = Training(experiment)
    seen = [] if experiment.problem else at_the_start(training)
    loss = training.first_loss()
    return {
        "rows": {name: part.rows for name, part in rows.parts.items()},
        "features": list(experiment.dataset.schema.shape), "classes": list(experiment.dataset.schema.classes or ()),
        "parameters": experiment.parameters, "memory_bytes": needed(experiment), "first_loss": loss,
        "gradient_error": found.error, "warnings": [*training.warnings, *lint(experiment, rows), *seen],
    }  # fmt: skip


def _failed(config: str, error: ZenError, json: bool) -> int:
    """Each mistake on its own: an object, or a message on standard error."""
    if json:
        for each in error.all():
            where = each.where
            place = {"file": where.file if where else config, "line": where.line if where else None}
            column = {"column": where.column if where else None, "key": where.key if where else ""}
            _write({"file": place["file"], "ok": False, **place, **column, "message": each.what, "hint": each.hint})
    else:
        options.say(error)
    return int(error.code)


def _write(values: dict[str, Any]) -> None:
    from zen_cli.runs.strict_json import strict_json

    sys.stdout.write(strict_json(values) + "\n")


def _show(experiment: Experiment, facts: dict[str, Any], no_color: bool) -> None:
    from zen_cli.data.sizes import bytes_text
    from zen_cli.display.layers import layer_rows
    from zen_cli.display.table import table

    rows = ", ".join(f"{count} {name}" for name, count in facts["rows"].items())
    target = f"{len(facts['classes'])} classes" if facts["classes"] else ", ".join(experiment.dataset.schema.target)
    columns, lines = layer_rows(experiment.trace.shapes, experiment.network.input_shape)
    sys.stdout.write(f"{experiment.config.file}: ok\n")
    table(columns, lines, stream=sys.stdout, environ=options.environment(no_color))
    for name, value in (
        ("rows", rows), ("target", target), ("loss", experiment.loss.name), ("optimizer", experiment.optimizer.name),
        ("memory", bytes_text(facts["memory_bytes"])), ("first loss", f"{facts['first_loss']:.6g}"),
        ("gradient", f"agrees with central differences within {facts['gradient_error']:.1e}"),
    ):  # fmt: skip
        sys.stdout.write(f"  {name:<11}{value}\n")
    sys.stdout.writelines(f"  warning    {text}\n" for text in facts["warnings"])
