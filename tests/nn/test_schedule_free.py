"""Gradients are taken ahead of the average of the weights, and predictions are made with the average."""

import numpy as np
import pytest

from tests.nn.catalogue import from_text
from tests.nn.helpers import Net
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import losses
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.optimizers.schedule_free import ScheduleFreeAdamW, ScheduleFreeSgd
from zen_cli.nn.worked import walk

BOTH = ["{type: schedule_free_sgd, momentum: 0.75}", "{type: schedule_free_adamw, betas: [0.75, 0.9]}"]


def make(text, **options):
    built = [from_text(layers, layer) for layer in ("linear: 5", "tanh", "output")]
    return Net(built, losses["mse"](), from_text(optimizers, text), **options)


@pytest.mark.parametrize("text", BOTH)
def test_gradients_are_taken_ahead_and_predictions_made_at_the_average(text):
    net, probe = make(text), make("sgd")
    for _ in range(4):
        probe.parameters[:] = net.parameters + 0.25 * net.state.vectors["optimizer.lead"]
        probe.loss_here()
        net.train(1, 0.1)
        np.testing.assert_array_equal(net.gradients, probe.gradients)
        assert net.step.loss == probe.step.loss
    assert net.state.vectors["optimizer.lead"].any()
    probe.parameters[:] = net.parameters
    probe.inference.run()
    np.testing.assert_array_equal(net.inference.prediction, probe.inference.prediction)


@pytest.mark.parametrize("text", BOTH)
def test_the_first_gradient_is_that_at_the_start(text):
    net, probe = make(text), make("sgd")
    assert net.loss_here() == probe.loss_here()
    np.testing.assert_array_equal(net.gradients, probe.gradients)


@pytest.mark.parametrize("kind", [ScheduleFreeSgd, ScheduleFreeAdamW])
def test_a_rate_of_zero_moves_nothing(kind):
    assert (walk(kind(lr=0.0), [1.0, 2.0], [[1.0, 0.0]] * 3) == [1.0, 2.0]).all()


def test_the_average_weighs_steps_by_the_square_of_the_largest_rate():
    """Rates 1/2, 1, 1: z is -1/2, -3/2, -5/2; weights 1/4, 1, 1."""
    visited = walk(ScheduleFreeSgd(lr=1.0, warmup_steps=2), 0.0, [1.0] * 3)
    np.testing.assert_allclose(visited, [-1 / 2, -(1 / 8 + 3 / 2) / 1.25, -(1 / 8 + 3 / 2 + 5 / 2) / 2.25], rtol=1e-14)


def test_later_steps_weigh_more_with_r():
    visited = walk(ScheduleFreeSgd(lr=1.0, r=1.0), 0.0, [1.0] * 3)
    np.testing.assert_allclose(visited, [-1.0, -5 / 3, -14 / 6], rtol=1e-14)


def test_weight_decay_is_taken_where_the_gradient_is():
    """z is 1 - 0.1 = 0.9, then 0.9 - 0.1 y with y = p = 0.9: 0.81."""
    visited = walk(ScheduleFreeSgd(lr=0.1, weight_decay=1.0), 1.0, [0.0, 0.0])
    np.testing.assert_allclose(visited, [0.9, (0.9 + 0.81) / 2], rtol=1e-14)
