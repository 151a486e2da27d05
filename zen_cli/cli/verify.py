"""zen verify: whether a run can be had again, to the bit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zen_cli.cli import machine, options
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.runs.again import Again
    from zen_cli.runs.directory import RunDirectory
    from zen_cli.training.training import Training

SHOWN = 24  # characters of a version, or of a hash


def verify(
    run: options.Run, quiet: options.Quiet = False, json: options.Json = False, progress: options.Progress = "auto",
    no_color: options.NoColor = False,
) -> int:  # fmt: skip
    """Train a run again and compare every bit.

    From its own config, as far as it came: its checkpoints, its events. Nothing is written. Where something differs
    it says what, and what of versions, machine, data, config and program is no longer as the run noted: exit 3.
    """
    options.require_progress(progress)
    from zen_cli.runs.opening import open_run

    opened = open_run(Path(run))
    options.warn(opened.warnings, quiet)
    receipt = opened.directory.read_receipt()
    count = receipt.get("threads")
    options.use_threads(count if type(count) is int and count > 0 else 1)
    again = _prepared(opened.directory, receipt)
    _train(again, quiet or json, progress, no_color)
    changed = _changed(receipt, again.training)
    _tell(opened.directory, again, changed, json)
    if again.differences:
        what = f"not the same bits again: {len(again.differences)} difference{'s' * (len(again.differences) > 1)}"
        raise ZenError(what, Place(str(opened.directory.path)), _hint(changed), Exit.FILES)
    return int(Exit.DONE)


def _prepared(directory: RunDirectory, receipt: dict[str, Any]) -> Again:
    from zen_cli.runs.again import Again, require_one_course
    from zen_cli.runs.newest import newest_checkpoint
    from zen_cli.runs.past import by_checkpoint, experiment_of
    from zen_cli.training.memory import require

    require_one_course(directory, receipt)
    last, warnings = newest_checkpoint(directory)
    options.warn(warnings)
    past, room = by_checkpoint(last), machine.room()
    experiment = experiment_of(directory, past, stdin=options.standard_input(), room=room)
    require(experiment, room.memory, len(past.seeds))
    return Again(past.training(experiment), directory, last)


def _train(again: Again, hidden: bool, progress: str, no_color: bool) -> None:
    import time

    from zen_cli.cli.telling import success_condition

    training = again.training
    training.run = None
    listen = options.progress(
        progress, hidden, no_color, monitor=training.best.monitor, goal=success_condition(training)
    )
    for _ in listen(again.events(time.perf_counter)):
        pass


def _changed(receipt: dict[str, Any], training: Training) -> dict[str, list[Any]]:
    """What the run noted of its surroundings that is no longer so."""
    from zen_cli.runs.changes import changes
    from zen_cli.runs.receipt import surroundings

    now = surroundings(training)
    return changes({name: value for name, value in receipt.items() if name in now}, now)


def _hint(changed: dict[str, list[Any]]) -> str:
    from zen_cli.runs.changes import listed

    if not changed:
        return "nothing that run.json notes has changed: its files were, or the processor is another"
    short = {key: [str(value)[:SHOWN] for value in values] for key, values in changed.items()}
    return f"changed since then: {listed(short)}"


def _tell(directory: RunDirectory, again: Again, changed: dict[str, list[Any]], as_json: bool) -> None:
    from zen_cli.runs.again import MOST_LISTED

    found = again.differences
    if as_json:
        from zen_cli.runs.strict_json import strict_json

        whole = {"run": str(directory.path), "same": not found, "differences": found, "changed": changed}
        sys.stdout.write(strict_json(whole) + "\n")
        return
    more = [f"... and {len(found) - MOST_LISTED} more"] if len(found) > MOST_LISTED else []
    sys.stdout.writelines(f"{line}\n" for line in [*found[:MOST_LISTED], *more])
    if not found:
        what = ", ".join([*again.compared, f"{again.heard} events"])
        sys.stdout.write(f"{directory.path}: the same bits again: {what}\n")
