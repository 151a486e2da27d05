"""How many bytes a training will hold, known before anything is allocated."""

from __future__ import annotations

import math

import numpy as np

from zen_cli.data.sizes import bytes_text
from zen_cli.data.split import is_drawn
from zen_cli.errors import Exit, ZenError
from zen_cli.experiment import Experiment
from zen_cli.training.lost.good import LARGEST
from zen_cli.training.rows import is_streamed

COPIES = 2  # of parameters and slots while a checkpoint is frozen; a third where the last good ones are kept


def needed(experiment: Experiment, replicas: int = 1) -> int:
    """Parameters, gradients and slots with their copies, activations of a batch and their gradients, the rows."""
    trainer, dataset = experiment.trainer, experiment.dataset
    vectors = COPIES * (1 + experiment.optimizer.floats_per_weight) + 1
    rows = max(dataset.rows, 1)
    batch = rows if trainer.batch_size == "full" else min(int(trainer.batch_size), rows)
    split = experiment.config.data.split
    copies = replicas if is_drawn(split) else 1  # every seed splits, and scales, the rows in its own way
    inputs = copies * dataset.rows * math.prod(dataset.schema.shape)
    size = np.dtype(trainer.dtype).itemsize
    if is_streamed(experiment):
        inputs = replicas * experiment.config.data.memory_bytes // 2 // size
    numbers = replicas * (vectors * experiment.parameters + 2 * batch * experiment.activations) + inputs
    kept = (1 + experiment.optimizer.floats_per_weight) * experiment.parameters * size
    return int(numbers * size) + (kept if kept <= LARGEST else 0)


def require(experiment: Experiment, available: int | None, replicas: int = 1) -> None:
    """Refuses what cannot fit.

    Raises:
        ZenError: exit 2, with needed and available memory.
    """
    bytes_needed = needed(experiment, replicas)
    if available is None or bytes_needed <= available:
        return
    largest = max(experiment.trace.shapes, key=lambda layer: layer.parameters)
    where = largest.layer.place or experiment.config.where("problem")
    what = f"needs {bytes_text(bytes_needed)} of memory, {bytes_text(available)} are available"
    raise ZenError(what, where, "fewer units, a smaller batch or fewer seeds", Exit.USAGE)
