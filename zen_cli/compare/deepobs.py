"""A self-test against published numbers: DeepOBS's runs of `quadratic_deep`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, NamedTuple

from zen_cli.experiment import from_file
from zen_cli.jobs.nets import Budget, Net
from zen_cli.jobs.stack import train_all
from zen_cli.nn.optimizers import optimizers

WITHIN = 0.005
SEED = 42
STEPS = 700  # 100 epochs of 7 batches
PUBLISHED: dict[str, dict[int, float | None]] = {  # final test losses at the rates 10^(k / 5); None: diverges
    "sgd": {-25: 236.09, -17: 101.60, -15: 95.853, -13: 90.146, -11: 87.601, -9: 87.280, -7: None, -5: None},
    "adam": {-25: 345.21, -17: 157.34, -15: 106.70, -13: 98.077, -11: 90.608, -5: 87.246},
}  # Schneider, Balles, Hennig 2019, arXiv:1903.05499, its published baseline runs


class Met(NamedTuple):
    """A published final loss and ours; NaN where a net diverged."""

    optimizer: str
    lr: float
    published: float
    ours: float

    @property
    def off(self) -> float:
        """The relative difference; 0 where both diverge, infinite where one does."""
        if math.isnan(self.published) or math.isnan(self.ours):
            return 0.0 if math.isnan(self.published) and math.isnan(self.ours) else math.inf
        return self.ours / self.published - 1.0

    @property
    def met(self) -> bool:
        return abs(self.off) <= WITHIN


def check(train: Callable[..., Any] = train_all) -> Iterator[Met]:
    """Trains 100 epochs at every published rate: 14 nets, two stacks."""
    base = from_file("-", stdin=BytesIO(b"problem: quadratic_deep\n"))
    for name, losses in PUBLISHED.items():
        experiment = base._replace(optimizer=optimizers[name]())
        nets = [Net(SEED, 10 ** (fifths / 5)) for fifths in losses]
        courses = train(experiment, nets, Budget(STEPS, STEPS), test=True)
        for published, course in zip(losses.values(), courses, strict=True):
            final = course.test["loss"]
            broke = course.broke is not None or not final < 1e6
            yield Met(name, course.net.lr, math.nan if published is None else published, math.nan if broke else final)
