"""What the derivative is where a function has none, and where a stable form meets its seam."""

import pytest

from tests.nn.helpers import activation, loss_rows


def slope(text, at):
    return activation(text, [[float(at)]])[1].item()


def loss_slope(text, prediction, target):
    return loss_rows(text, [[float(prediction)]], [[float(target)]])[1].item()


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("relu", 0.0, 0.0),
        ("relu", -0.0, 0.0),
        ("relu", 5e-324, 1.0),
        ("relu", -5e-324, 0.0),
        ("leaky_relu: 0.2", 0.0, 0.2),
        ("elu: 1", 0.0, 1.0),
        ("elu: 0.5", 0.0, 0.5),
        ("selu", 0.0, 1.0507009873554805 * 1.6732632423543772),
        ("sigmoid", 0.0, 0.25),
        ("tanh", 0.0, 1.0),
        ("softplus", 0.0, 0.5),
        ("gelu", 0.0, 0.5),
        ("silu", 0.0, 0.5),
    ],
)
def test_slope_of_an_activation(text, at, expected):
    assert slope(text, at) == pytest.approx(expected, rel=1e-15)


def test_slope_of_relu_is_one_above_zero_and_not_the_output_clipped():
    assert [slope("relu", x) for x in (-3, -0.1, 0.1, 0.5, 3)] == [0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("text", "prediction", "target", "expected"),
    [
        ("bce", 0.0, 0, 0.5),
        ("bce", 0.0, 1, -0.5),
        ("mae", 2.0, 2.0, 0.0),
        ("mae", 2.5, 2.0, 1.0),
        ("mae", 1.5, 2.0, -1.0),
        ("huber: 0.5", 0.0, 0.0, 0.0),
        ("huber: 0.5", 0.5, 0.0, 0.5),
        ("huber: 0.5", -0.5, 0.0, -0.5),
        ("huber: 0.5", 9.0, 0.0, 0.5),
    ],
)
def test_slope_of_a_loss(text, prediction, target, expected):
    assert loss_slope(text, prediction, target) == pytest.approx(expected, rel=1e-15)


def test_softplus_has_the_same_slope_on_both_sides_of_zero():
    for x in (1e-300, 1e-17, 1e-9):
        assert slope("softplus", x) == pytest.approx(0.5, abs=1e-9)
        assert slope("softplus", -x) == pytest.approx(0.5, abs=1e-9)
