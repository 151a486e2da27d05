"""zen train --folds: cross-validation, which leaves numbers and no model."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from zen_cli.cli import options
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.experiment import Experiment


def cross_validate(
    experiment: Experiment, count: int, *, quiet: bool, json: bool, progress: str, no_color: bool
) -> int:
    """Trains a net a fold and prints how they fare on the rows that they have not seen."""
    from zen_cli.cli.signals import gently
    from zen_cli.jobs.folds import Folds

    folds = Folds(experiment, count)
    options.warn(folds.warnings, quiet)
    shown = options.progress(progress, quiet, no_color, monitor=folds.trainings[0].best.monitor)
    with gently(folds.interrupt) as received:
        found = folds.run(time.perf_counter, shown)
    if received.number is not None:
        return -received.number
    if json:
        from zen_cli.display.folds import folds_summary
        from zen_cli.runs.strict_json import strict_json

        sys.stdout.write(strict_json(folds_summary(found)) + "\n")
    else:
        from zen_cli.display.folds import folds_table

        folds_table(found, stream=sys.stdout, environ=options.environment(no_color))
    if any(fold.status == "diverged" for fold in found):
        hint = "lower optimizer.lr, scale the data, or set trainer.clip"
        raise ZenError("training diverged in all folds of a size", hint=hint, code=Exit.DIVERGED)
    return int(Exit.DONE)


def refuse_other_flags(**flags: object) -> None:
    """What a single training gives, and cross-validation does not."""
    for name, given in flags.items():
        if given:
            raise ZenError("does not go with --folds, which trains one net a fold and keeps none", Place(f"--{name}"))
