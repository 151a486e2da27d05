"""Changes the rows of each batch before its step, each replica's from its own stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from zen_cli.config.sections import Augment
from zen_cli.data.augment import augment
from zen_cli.nn.programs import TrainingStep


class Augmentation:
    """`before(step)`: from then on the step changes what is in its `x`, and trains on that."""

    def __init__(self, section: Augment, generators: Sequence[np.random.Generator], stacked: bool) -> None:
        self.section, self.generators, self.stacked = section, generators, stacked

    def before(self, step: TrainingStep) -> None:
        run, parts = step.run, step.x if self.stacked else [step.x]

        def changed(*arguments: Any) -> None:
            for part, rng in zip(parts, self.generators, strict=True):
                augment(part, self.section, rng)
            run(*arguments)

        step.run = changed
