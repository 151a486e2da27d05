"""What is to be said at the end of a training that did not go well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zen_cli.training import events
from zen_cli.training.events import Metrics

if TYPE_CHECKING:
    from zen_cli.training.training import Training


def notes(training: Training, status: str, measured: dict[str, Metrics]) -> tuple[str, ...]:
    """Why one net has learned nothing, or what may keep it from being lost."""
    if training.stacked or status == events.INTERRUPTED:
        return ()
    if status == events.DIVERGED:
        from zen_cli.training.lost.remedies import remedies

        return remedies(training)
    if training.experiment.problem:
        return ()
    from zen_cli.training.diagnosis import diagnosis

    return diagnosis(training, measured)
