"""Compiles the training steps of a training: on one batch, or on several that count as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from zen_cli.experiment import Experiment
from zen_cli.nn.optimizers.limits import NO_CLIP, Clip
from zen_cli.nn.programs import Batch, Noise, TrainingStep
from zen_cli.nn.state import State
from zen_cli.training.part import Part

if TYPE_CHECKING:
    from zen_cli.nn.split_step import SplitStep
    from zen_cli.training.augmentation import Augmentation

Array = np.ndarray[Any, Any]
Step: TypeAlias = "TrainingStep | SplitStep"
Compile = Callable[[Sequence[int]], Step]


class Steps:
    """`compiled(sizes)` gives the step on batches of these sizes, which share their program where they are alike."""

    def __init__(
        self, experiment: Experiment, state: State, part: Part, constants: Mapping[str, Array], noise: Noise,
        changing: Sequence[np.random.Generator], alike: bool,
    ) -> None:  # fmt: skip
        self.experiment, self.state, self.part, self.constants = experiment, state, part, constants
        self.noise, self.augmentation = noise, self._augmentation(changing)
        self.alike = alike and self.augmentation is None
        bound = experiment.trainer.clip
        self.clip = Clip(bound.norm, bound.value, bound.adaptive, bound.per == "tensor") if bound else NO_CLIP

    def _augmentation(self, generators: Sequence[np.random.Generator]) -> Augmentation | None:
        section = self.experiment.config.data.augment
        if section is None:
            return None
        from zen_cli.training.augmentation import Augmentation  # not at the top: few trainings need it

        return Augmentation(section, generators, self.state.replicas is not None)

    def compiled(self, sizes: Sequence[int]) -> Step:
        optimizer = self.experiment.optimizer
        if len(sizes) == 1 and not optimizer.evaluates:
            return self._step(sizes[0], learns=True)
        from zen_cli.nn.split_step import SplitStep  # not at the top: few trainings need it, all of them start

        made = {rows: self._step(rows, learns=False) for rows in dict.fromkeys(sizes)}
        return SplitStep([made[rows] for rows in sizes], optimizer, self.state, self.clip, self.noise)

    def _step(self, rows: int, learns: bool) -> TrainingStep:
        it, y = self.experiment, self.part.y
        batch = Batch(rows, y.shape[1:], y.dtype.kind == "i", shared=self.alike and rows == self.part.rows)
        step = TrainingStep(
            it.network, it.loss, it.optimizer if learns else None, self.state, batch, clip=self.clip, noise=self.noise,
            constants=self.constants,
        )  # fmt: skip
        if self.augmentation:
            self.augmentation.before(step)
        return step
