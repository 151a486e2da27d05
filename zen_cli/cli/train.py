"""zen train: from a config to a run directory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from zen_cli.cli import machine, options
from zen_cli.cli.arguments import option
from zen_cli.errors import Place

if TYPE_CHECKING:
    from zen_cli.experiment import Experiment
    from zen_cli.training.training import Training

Seeds = Annotated[int | None, option("--seeds", min=1, help="Train the same net from this many seeds, together.")]
Until = Annotated[
    str | None, option("--until", metavar="COND", help="Stop when 'validation.loss<0.1' holds; else exit 6.")
]
Folds = Annotated[
    int | None, option("--folds", min=2, help="Cross-validate: each of so many parts of the rows tests a net once.")
]
Out = Annotated[str, option("--out", metavar="DIR", help="Where run directories are made.")]


def train(
    configs: options.Configs, sets: options.Sets = None, unsets: options.Unsets = None, seeds: Seeds = None,
    until: Until = None, out: Out = "runs", seed: options.Seed = None, quiet: options.Quiet = False,
    json: options.Json = False, jsonl: options.JsonLines = False, progress: options.Progress = "auto",
    no_color: options.NoColor = False, threads: options.Threads = 1, untrusted: options.Untrusted = False,
    folds: Folds = None,
) -> int:  # fmt: skip
    """Train a network.

    Prints the run directory: what was trained, measured and decided. With --seeds it prints how all of them fared;
    with --folds how nets fare on rows that they were not trained on, and no model is kept.
    """
    options.require_progress(progress)
    options.use_threads(threads)
    from zen_cli.cli.job import run
    from zen_cli.cli.telling import Telling, complain

    given = options.Given(configs, options.overrides(sets, seed), unsets, untrusted)
    if folds is not None:
        from zen_cli.cli.folds import cross_validate, refuse_other_flags

        refuse_other_flags(seeds=seeds, until=until, jsonl=jsonl)
        experiment = _fitting(given, folds, quiet)
        return cross_validate(experiment, folds, quiet=quiet, json=json, progress=progress, no_color=no_color)
    training = _prepared(given, seeds, until, quiet)
    options.warn(training.warnings, quiet)
    telling = Telling(quiet, json, jsonl, progress, no_color)
    outcome = run(training, out, threads, telling)
    telling.result(outcome, training)
    complain(outcome, training)
    return outcome.code


def _prepared(given: options.Given, seeds: int | None, until: str | None, quiet: bool) -> Training:
    from zen_cli.training.conditions import condition
    from zen_cli.training.training import Training

    goal = condition(until, Place("--until")) if until else None
    experiment = _fitting(given, seeds or 1, quiet)
    first = experiment.config.seed
    return Training(experiment, range(first, first + seeds) if seeds else None, goal)


def _fitting(given: options.Given, nets: int, quiet: bool) -> Experiment:
    """What the config describes, if so many nets of it fit into memory."""
    from zen_cli.training.memory import require

    room = machine.room(quiet)
    experiment = given.experiment(room)
    require(experiment, room.memory, nets)
    return experiment
