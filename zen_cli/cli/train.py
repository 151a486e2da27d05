"""zen train: from a config to a run directory."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

from zen_cli.cli import options
from zen_cli.cli.arguments import option
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.cli.job import Outcome
    from zen_cli.training.conditions import Condition
    from zen_cli.training.events import Event
    from zen_cli.training.training import Training

Seeds = Annotated[int | None, option("--seeds", min=1, help="Train the same net from this many seeds, together.")]
Until = Annotated[
    str | None, option("--until", metavar="COND", help="Stop when 'validation.loss<0.1' holds; else exit 6.")
]
Out = Annotated[str, option("--out", metavar="DIR", help="Where run directories are made.")]


def train(
    configs: options.Configs, sets: options.Sets = None, unsets: options.Unsets = None, seeds: Seeds = None,
    until: Until = None, out: Out = "runs", seed: options.Seed = None, quiet: options.Quiet = False,
    json: options.Json = False, jsonl: options.JsonLines = False, progress: options.Progress = "auto",
    no_color: options.NoColor = False, threads: options.Threads = 1, untrusted: options.Untrusted = False,
) -> int:  # fmt: skip
    """Train a network.

    Prints the run directory: what was trained, measured and decided. With --seeds it prints how all of them fared.
    """
    options.use_threads(threads)
    from zen_cli.cli.job import run

    given = options.Given(configs, options.overrides(sets, seed), unsets, untrusted)
    training = _prepared(given, seeds, until)
    options.warn(training.warnings, quiet)
    hidden = quiet or (jsonl and sys.stdout.isatty())
    target = success_condition(training)
    shown = options.progress(progress, hidden, no_color, monitor=training.best.monitor, goal=target)
    outcome = run(training, out, threads, [shown, *([_json_lines] if jsonl else [])])
    if not jsonl:
        _print_result(outcome, training, json, no_color)
    _complain(outcome, training)
    return outcome.code


def _prepared(given: options.Given, seeds: int | None, until: str | None) -> Training:
    from zen_cli.training.conditions import condition
    from zen_cli.training.memory import require
    from zen_cli.training.training import Training

    goal = condition(until, Place("--until")) if until else None
    memory = options.available_memory()
    experiment = given.experiment(memory)
    require(experiment, memory, seeds or 1)
    first = experiment.config.seed
    return Training(experiment, range(first, first + seeds) if seeds else None, goal)


def _complain(outcome: Outcome, training: Training) -> None:
    """Says, whatever else is to be quiet, why the exit code is not 0."""
    end, until = outcome.end, training.until
    if outcome.code == Exit.DIVERGED:
        best = f"; the best model, of epoch {end.best['epoch']}, is {outcome.directory.best}" if end.best else ""
        hint = f"lower optimizer.lr, scale the data, or set trainer.clip{best}"
        raise ZenError(f"training diverged: {end.message}", hint=hint, code=Exit.DIVERGED)
    if outcome.code == Exit.DONE and until is not None and not training.reached:
        raise ZenError(f"{until} did not hold in {end.epochs} epochs", Place("--until"), code=Exit.UNMET)


def _json_lines(events: Iterable[Event]) -> Iterator[Event]:
    """Each event as a line of JSON on standard output, at once."""
    from zen_cli.runs.strict_json import strict_json
    from zen_cli.training.events import as_json

    for event in events:
        sys.stdout.write(strict_json(as_json(event)) + "\n")
        sys.stdout.flush()
        yield event


def _print_result(outcome: Outcome, training: Training, json: bool, no_color: bool) -> None:
    """The run directory; with several seeds the table of their results; with --json one object."""
    if json:
        from zen_cli.runs.strict_json import strict_json

        sys.stdout.write(strict_json(_as_json(outcome, training)) + "\n")
    elif training.stacked:
        from zen_cli.display.seeds import seeds_table

        target = success_condition(training)
        seeds_table(outcome.end, training.seeds, target, stream=sys.stdout, environ=options.environment(no_color))
    else:
        sys.stdout.write(f"{outcome.directory.path}\n")


def _as_json(outcome: Outcome, training: Training) -> dict[str, Any]:
    from zen_cli.training.events import as_json

    whole = {name: value for name, value in as_json(outcome.end).items() if name != "event"}
    if training.stacked:
        from zen_cli.display.seeds import seeds_summary

        whole |= seeds_summary(outcome.end, training.seeds, success_condition(training))
    return whole


def success_condition(training: Training) -> Condition | None:
    """What counts as success: `--until`, else the config's `trainer.target`."""
    from zen_cli.training.conditions import condition

    config = training.experiment.config
    target = config.trainer.target
    return training.until or (condition(target, config.where("trainer", "target")) if target else None)
