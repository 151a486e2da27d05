"""zen resume: a run goes on from its last checkpoint as if it had never stopped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from zen_cli.cli import machine, options
from zen_cli.cli.arguments import option
from zen_cli.cli.train import Until
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.cli.job import Outcome
    from zen_cli.cli.telling import Telling
    from zen_cli.runs.directory import RunDirectory
    from zen_cli.runs.opening import Opened
    from zen_cli.runs.resume import Resumed

ConfigChange = Annotated[
    bool, option("--allow-config-change", help="Go on with other options than it was trained with; recorded.")
]
DataChange = Annotated[bool, option("--allow-data-change", help="Go on although the data has changed; recorded.")]
Threads = Annotated[int | None, option("--threads", min=1, help="Threads of matrix products; default: as before.")]


def resume(
    run: options.Run, sets: options.Sets = None, unsets: options.Unsets = None, until: Until = None,
    config_change: ConfigChange = False, data_change: DataChange = False, quiet: options.Quiet = False,
    json: options.Json = False, jsonl: options.JsonLines = False, progress: options.Progress = "auto",
    no_color: options.NoColor = False, threads: Threads = None,
) -> int:  # fmt: skip
    """Go on with a run that was stopped or killed, or that is to have more epochs.

    It gives, to the bit, what a run that never stopped gives. Prints the run directory. A finished run is left alone;
    --set trainer.epochs=N has it go on.
    """
    options.require_progress(progress)
    from zen_cli.runs.opening import open_run

    opened = open_run(Path(run))
    options.warn(opened.warnings, quiet)
    count = threads or _threads(opened.directory)
    options.use_threads(count)
    _require_a_run(opened)
    with opened.directory.lock():
        from zen_cli.cli.telling import Telling, complain
        from zen_cli.runs.resume import Wishes, resumed
        from zen_cli.training.conditions import condition

        goal = condition(until, Place("--until")) if until else None
        wishes = Wishes(sets or [], unsets or [], goal, count, config_change, data_change)
        found = resumed(
            opened.directory, opened.checkpoint, wishes,
            stdin=options.standard_input(), room=machine.room(),
        )  # fmt: skip
        options.warn([*found.warnings, *found.training.warnings], quiet)
        telling = Telling(quiet, json, jsonl, progress, no_color)
        outcome = _gone_on(found, opened.directory, count, telling)
    telling.result(outcome, found.training)
    complain(outcome, found.training)
    return outcome.code


def _require_a_run(opened: Opened) -> None:
    """Nothing is written, not even a lock, where no run is."""
    if opened.checkpoint is None:
        return
    from zen_cli.runs.checkpoint import load

    load(opened.checkpoint)
    if not opened.directory.exists:
        hint = "zen train CONFIG --init-from starts a new training from its weights"
        raise ZenError("lies in no run directory that could go on", Place(str(opened.checkpoint)), hint, Exit.FILES)


def _threads(directory: RunDirectory) -> int:
    """As many as the run had: the bits depend on it."""
    try:
        count = directory.read_receipt().get("threads")
    except ZenError:
        return 1
    return count if type(count) is int and count > 0 else 1


def _gone_on(found: Resumed, directory: RunDirectory, threads: int, telling: Telling) -> Outcome:
    from zen_cli.cli.job import go_on, leave
    from zen_cli.runs.resume import settled

    training = found.training
    if not (training.finished and settled(directory, found.receipt)):
        return go_on(found, directory, threads, telling)
    if not telling.quiet:
        why = training.message or f"all {training.epoch} epochs are trained; --set trainer.epochs=N goes on"
        options.tell(f"{directory.path} is finished: {why}")
    return leave(training, directory, telling)
