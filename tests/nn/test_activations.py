"""Traps of the activations and of dropout, in numbers worked by hand."""

import numpy as np
import pytest

from tests.nn.catalogue import from_text
from tests.nn.helpers import Net, activation
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import Target, losses

ACTIVATIONS = [name for name in layers if layers[name].follows_well]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("text", ACTIVATIONS)
def test_numbers_of_a_thousand_are_finite(text, dtype):
    with np.errstate(over="ignore", under="ignore"):
        value, slope = activation(text, np.array([[1000.0, -1000.0, 0.0, 88.8, -104.0, 710.0]], dtype))
    assert value.dtype == dtype
    assert np.isfinite(value).all()
    assert np.isfinite(slope).all()


def test_relu_has_slope_one_wherever_it_is_active():
    """The output clipped to [0, 1], for one, is no slope."""
    _, slope = activation("relu", [[-2.0, -0.25, 0.25, 0.5, 1.0, 7.0]])
    np.testing.assert_array_equal(slope, [[0, 0, 1, 1, 1, 1]])


def test_softmax_takes_the_largest_of_each_row_not_of_the_batch():
    value, _ = activation("softmax", [[0.0, 0.0], [1000.0, 1000.0], [-1000.0, -999.0]])
    np.testing.assert_allclose(value, [[0.5, 0.5], [0.5, 0.5], [0.2689414213699951, 0.7310585786300049]], rtol=1e-14)


def test_softmax_does_not_move_when_all_scores_do():
    _, slope = activation("softmax", [[0.3, -1.0, 2.0]])
    np.testing.assert_allclose(slope, 0, atol=1e-16)


def test_selu_keeps_mean_and_variance():
    value, _ = activation("selu", np.random.default_rng(0).standard_normal((1000, 200)))
    assert value.mean() == pytest.approx(0, abs=0.01)
    assert value.var() == pytest.approx(1, abs=0.02)


def test_weights_of_a_unit_that_relu_silences_stay():
    built = [from_text(layers, text) for text in ("linear: {units: 3, bias_init: {constant: -100}}", "relu", "output")]
    net = Net(built, losses["mse"]())
    before = net.state.views("parameters")["model.0.weight"].copy()
    net.train(3)
    np.testing.assert_array_equal(net.state.views("parameters")["model.0.weight"], before)


def dropped(rate, rows=400, units=50):
    """A net whose only layer drops parts of ones: what it leaves of them in training."""
    net = Net([from_text(layers, f"dropout: {rate}"), from_text(layers, "linear: {units: 1, init: {constant: 1}}")],
              losses["mse"](), rows=rows, inputs=(units,), target=Target(0, 1))  # fmt: skip
    net.step.x[...] = 1.0
    net.step.y[...] = 0.0
    return net


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_keeps_the_mean_and_drops_its_share(rate):
    """A row sums to `units` with variance units rate / (1 - rate); mse with y = 0 is mean^2 + variance."""
    net = dropped(rate)
    values = [float(net.loss_here())]
    for _ in range(20):
        net.step.run(1, 0.0)
        values.append(float(net.step.loss))
    assert np.mean(values) == pytest.approx(50**2 + 50 * rate / (1 - rate), rel=0.01)
    assert len(set(values)) > 10  # new noise in every step


def test_dropout_does_nothing_in_inference_nor_at_rate_0():
    net = dropped(0.5)
    net.inference.x[...] = 1.0
    net.inference.run()
    assert (net.inference.prediction == 50).all()
    assert dropped(0).loss_here() == 50**2
    assert "noise(" in net.step.program.source
    assert "noise(" not in net.inference.program.source
    assert "noise(" not in dropped(0).step.program.source
