"""Adam's first ten steps, worked by hand from Kingma and Ba 2015, algorithm 1, and how one sees that it is wrong."""

import numpy as np
import pytest

from zen_cli.nn.optimizers.adam import Adam, AdamW
from zen_cli.nn.worked import walk

LR = 0.1
# With b1 = 0.9 and gradients 1, -1, 1, ...: m^ is 1/19 with the gradient's sign in even steps, and in odd ones
# (1 + 0.9^t) / (19 (1 - 0.9^t)); v^ is 1.
ALTERNATING = [
    1.0, -0.0526315789473684, 0.3357933579335793, -0.0526315789473684, 0.2044150325999365,
    -0.0526315789473684, 0.1491367408014252, -0.0526315789473684, 0.1192043313378139, -0.0526315789473684,
]  # fmt: skip


def moves(optimizer, gradients, start=1.0):
    """How far each step goes, in units of the rate."""
    visited = walk(optimizer, start, gradients)
    return np.diff(visited, prepend=start) / -optimizer.lr


@pytest.mark.parametrize("size", [1e-3, 1.0, -4.0, 1e6])
def test_a_constant_gradient_moves_by_the_rate_in_every_step(size):
    np.testing.assert_allclose(moves(Adam(LR), [size] * 10), np.sign(size), rtol=2e-5)


@pytest.mark.parametrize("kind", [Adam, AdamW])
def test_alternating_gradients(kind):
    optimizer = kind(LR, weight_decay=0.0)
    np.testing.assert_allclose(moves(optimizer, [1, -1] * 5), ALTERNATING, rtol=1e-7)


@pytest.mark.parametrize("kind", [Adam, AdamW])
@pytest.mark.parametrize("amsgrad", [False, True])
def test_gradients_of_zero_move_nothing_and_are_not_nan(kind, amsgrad):
    visited = walk(kind(LR, weight_decay=0.0, amsgrad=amsgrad), [1.0, -2.0], [[0.0, 0.0]] * 10)
    assert (visited == [1.0, -2.0]).all()


def test_a_feature_that_never_appears_leaves_its_weight_alone_beside_others():
    visited = walk(Adam(LR), [3.0, 3.0], [[0.0, g] for g in (1, -1, 0, 5)])
    assert (visited[:, 0] == 3.0).all()
    assert (np.diff(visited[:, 1]) != 0).all()


def test_the_first_step_is_the_rate_not_a_tenth_of_it():
    assert moves(Adam(LR), [1.0])[0] == pytest.approx(1.0, rel=1e-7)


def test_the_second_step_is_corrected_for_two_steps():
    """Corrected by 1 - b instead of 1 - b^t, a constant gradient would move by 1.9 / sqrt(1.999) times the rate."""
    assert moves(Adam(LR), [1.0, 1.0])[1] == pytest.approx(1.0, rel=1e-7)


def test_epsilon_stands_beside_the_root_after_the_correction():
    """g = 1e-8 = eps: half the rate. Inside the root it would be 1e-4, before the correction 0.03."""
    assert moves(Adam(LR), [1e-8])[0] == pytest.approx(0.5, rel=1e-6)


def test_the_moments_are_the_papers():
    m = v = 0.0
    expected, p = [], 1.0
    for t, g in enumerate([0.5, -0.25, 2.0, 0.0, 1.0], start=1):
        m, v = 0.9 * m + (1 - 0.9) * g, 0.999 * v + (1 - 0.999) * g**2
        p -= LR * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)
        expected.append(p)
    np.testing.assert_allclose(walk(Adam(LR), 1.0, [0.5, -0.25, 2.0, 0.0, 1.0]), expected, rtol=1e-13)


def test_weight_decay_of_adamw_does_not_pass_through_the_moments():
    visited = walk(AdamW(LR, weight_decay=0.5), 1.0, [0.0, 0.0])
    np.testing.assert_allclose(visited, [0.95, 0.9025], rtol=1e-15)
    assert walk(Adam(LR, weight_decay=0.5), 1.0, [0.0])[0] == pytest.approx(1 - LR, rel=1e-7)
