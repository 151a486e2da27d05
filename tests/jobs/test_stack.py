"""Nets in a stack come out as if each had been trained alone, those that break too."""

from __future__ import annotations

import math
from pathlib import Path

from zen_cli.experiment import Experiment, from_file
from zen_cli.jobs.nets import Budget, Course, Net
from zen_cli.jobs.stack import train_all

CONFIGS = Path(__file__).parents[2] / "configs"
SINE = """\
name: sine
data: {source: {type: sine, samples: 60}, split: {validation: 0.2, test: 0.2}}
model: [linear: 4, relu, output]
optimizer: sgd
trainer: {batch_size: 8}
"""


def sine(folder: Path) -> Experiment:
    (folder / "sine.yaml").write_text(SINE)
    return from_file(str(folder / "sine.yaml"))


def same(first: Course, second: Course) -> bool:
    return repr(first) == repr(second)  # NaN is NaN


def test_stack_and_alone_agree_to_the_bit(tmp_path: Path) -> None:
    nets = [Net(seed, lr) for seed in (0, 1) for lr in (0.01, 0.1, 1e4)]
    experiment, budget = sine(tmp_path), Budget(30, 7)
    stacked = train_all(experiment, nets, budget, test=True)
    alone = [train_all(experiment, [net], budget, test=True)[0] for net in nets]
    assert all(map(same, stacked, alone))
    assert stacked[0].at == (0, 7, 14, 21, 28, 30) and stacked[0].broke is None and stacked[0].test["loss"] > 0


def test_a_broken_net_ends_where_it_broke(tmp_path: Path) -> None:
    good, broken, *_ = train_all(sine(tmp_path), [Net(0, 0.01), Net(0, 1e6), Net(0, 0.02)], Budget(30, 7), test=True)
    assert broken.broke is not None and broken.at[-1] == broken.broke and math.isnan(broken.measured[-1]["loss"])
    assert math.isnan(broken.test["loss"]) and math.isfinite(good.test["loss"])
    assert broken.first_loss == good.first_loss


def test_single_steps_and_short_budgets(tmp_path: Path) -> None:
    course, *_ = train_all(sine(tmp_path), [Net(3, 0.01)], Budget(1, 1))
    assert course.at == (0, 1) and course.test == {}
