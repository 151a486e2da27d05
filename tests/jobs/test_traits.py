"""What is seen of gradients and updates: the norms that the rule of gradient descent ties together."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.jobs.test_stack import sine
from zen_cli.compare.variant import varied
from zen_cli.config.sections import Clip
from zen_cli.jobs.nets import Budget, Net
from zen_cli.jobs.stack import train_all
from zen_cli.jobs.traits import CLIPPED, EVALUATIONS, GRADIENT, UPDATE
from zen_cli.nn.optimizers.base import make
from zen_cli.training.training import Training


def test_the_first_step_of_gradient_descent(tmp_path: Path) -> None:
    """p' - p = -lr g: the gradient's norm is that of the first update over the rate, whatever the clip does later."""
    training = Training(sine(tmp_path), 3)
    before = training.state.vectors["parameters"].astype(np.float64)
    for lr in (0.01, 0.1):
        course, *_ = train_all(sine(tmp_path), [Net(3, lr)], Budget(1, 1))
        update = course.traits[UPDATE] * np.linalg.norm(before)
        assert course.traits[GRADIENT] == pytest.approx(update / lr, rel=1e-4)


def test_the_largest_and_the_middle_of_what_was_measured(tmp_path: Path) -> None:
    each = [train_all(sine(tmp_path), [Net(0, 0.1)], Budget(steps, steps))[0].traits for steps in (1, 2, 3)]
    whole = train_all(sine(tmp_path), [Net(0, 0.1)], Budget(3, 1))[0].traits
    assert whole[GRADIENT] == max(trait[GRADIENT] for trait in each)
    assert whole[UPDATE] == sorted(trait[UPDATE] for trait in each)[1]


def test_a_net_that_breaks_has_those_of_its_finite_steps(tmp_path: Path) -> None:
    broken, good, _ = train_all(sine(tmp_path), [Net(0, 1e6), Net(0, 0.01), Net(1, 0.01)], Budget(30, 1))
    alone = train_all(sine(tmp_path), [Net(0, 1e6)], Budget(30, 1))[0]
    assert broken.broke is not None and repr(broken.traits) == repr(alone.traits)
    assert math.isfinite(good.traits[GRADIENT]) and good.traits[GRADIENT] < broken.traits[GRADIENT]


def test_the_share_of_clipped_steps_is_that_of_gradients_above_the_bound(tmp_path: Path) -> None:
    plain = sine(tmp_path)
    norms = []
    for steps in range(1, 21):
        clipped = varied(plain, {"clip": Clip(norm=0.5)})
        norms.append(train_all(clipped, [Net(0, 0.1)], Budget(steps, steps))[0].traits[GRADIENT])
    whole = train_all(clipped, [Net(0, 0.1), Net(1, 0.1), Net(2, 0.1)], Budget(20, 5))
    assert whole[0].traits[CLIPPED] == sum(norm > 0.5 for norm in norms) / 20 not in (0.0, 1.0)
    assert CLIPPED not in train_all(plain, [Net(0, 0.1)], Budget(20, 5))[0].traits


def test_gradients_are_counted_where_a_step_takes_as_many_as_it_needs(tmp_path: Path) -> None:
    it = sine(tmp_path)
    taken = train_all(it._replace(optimizer=make("lbfgs")), [Net(0, 1.0)], Budget(3, 3))[0].traits[EVALUATIONS]
    assert 3 < taken < 3 * make("lbfgs").evaluations
    assert EVALUATIONS not in train_all(it, [Net(0, 0.1)], Budget(3, 3))[0].traits
