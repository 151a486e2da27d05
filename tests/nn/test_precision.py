"""A float32 program works in float32 throughout, and stays near the same program in float64."""


import numpy as np
import pytest

from tests.nn.catalogue import from_text, in_a_net, swept, taken_by
from tests.nn.helpers import Net, fits
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import Target, losses
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.optimizers.limits import Clip


def both(*texts, loss="mse", optimizer="{type: momentum, lr: 0.1}", **options):
    """The same net in float32 and in float64, after three steps."""
    nets = [
        Net([from_text(layers, text) for text in texts], from_text(losses, loss), from_text(optimizers, optimizer),
            dtype=dtype, **options)
        for dtype in ("float32", "float64")
    ]  # fmt: skip
    for net in nets:
        net.train(3, 0.01)
    return nets


def assert_alike(single, double, tolerance=1e-4):
    np.testing.assert_allclose(single.parameters, double.parameters, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(single.inference.prediction, double.inference.prediction, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(single.step.loss, double.step.loss, rtol=tolerance)


def assert_all_float32(net):
    assert {array.dtype for array in net.state.tensors().values()} == {np.dtype("float32")}
    assert net.inference.prediction.dtype == net.step.loss.dtype == np.float32
    for program in (net.step.program, net.inference.program):
        arrays = [value for value in program.code.values.values() if isinstance(value, np.ndarray)]
        assert len(arrays) > 3
        assert {array.dtype for array in arrays} <= {np.dtype("float32"), np.dtype(np.intp), np.dtype(bool)}


@pytest.mark.parametrize("stacked", [False, True])
@pytest.mark.parametrize("text", swept(layers, leave_out="dropout|noise"))
def test_of_a_layer(text, stacked):
    single, double = both(*in_a_net(text), "flatten", "output", stacked=stacked, **taken_by(text))
    assert_all_float32(single)
    assert_alike(single, double)


@pytest.mark.parametrize("text", swept(losses))
@pytest.mark.parametrize("target", [Target(2), Target(3), Target(300), Target(0, 3)])
def test_of_a_loss(text, target):
    if fits(from_text(losses, text), target):
        single, double = both("linear: 6", "tanh", "output", loss=text, target=target)
        assert_all_float32(single)
        assert_alike(single, double)


@pytest.mark.parametrize("text", swept(optimizers))
def test_of_an_optimizer(text):
    single, double = both("linear: 6", "tanh", "output", optimizer=text, clip=Clip(norm=0.5))
    assert_all_float32(single)
    if not from_text(optimizers, text).evaluates:  # a line search decides by comparing losses
        assert_alike(single, double, 1e-3)


def test_of_dropout():
    single, _ = both("linear: 6", "dropout: 0.5", "output")
    assert_all_float32(single)
