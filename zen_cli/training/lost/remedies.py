"""What to change so that a training is not lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zen_cli.training.diagnosis.finding import Finding
from zen_cli.training.diagnosis.scale import scale

if TYPE_CHECKING:
    from zen_cli.training.training import Training


def remedies(training: Training) -> tuple[str, ...]:
    """Inputs or targets into scale, where they are out of it; else a lower rate, or a bound on the gradient."""
    experiment = training.experiment
    found = [] if experiment.problem else [*scale(experiment, training.rows[0].parts["train"].some())]
    if not found:
        lr, bound = experiment.optimizer.lr, "" if experiment.trainer.clip else ", or trainer.clip: {norm: 1}"
        where, what = experiment.config.where("optimizer", "lr"), f"a rate of {lr:g} is too large for this net"
        lower = min(lr / 10, 10 * type(experiment.optimizer)().lr)
        found = [Finding(where, what, f"try {lower:.3g}{bound}")]
    return tuple(map(str, found))
