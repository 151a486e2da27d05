"""Derivatives of all layers and losses, with every option, equal central differences along random directions."""

import itertools

import pytest

from tests.nn.catalogue import FRONT, from_text, in_a_net, swept, taken_by, variants
from tests.nn.helpers import Net, assert_slope, fits
from zen_cli.compiler.primitives import PRIMITIVES, define
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import Target, losses

TARGETS = (Target(2), Target(3), Target(300), Target(0, 1), Target(0, 3))
FRONTS = {"scores": [], "sigmoid": ["sigmoid"], "softmax": ["softmax"], "tanh": ["tanh"]}


def built(*texts):
    return [from_text(layers, text) for text in texts]


def takes_images(text):
    """Whether a layer works on whatever number of axes."""
    layer = from_text(layers, text)
    return layer.name == "time_distributed" or layer.name not in FRONT and not layer.takes_symbols


@pytest.mark.parametrize("rows", [1, 5])
@pytest.mark.parametrize("text", swept(layers))
def test_of_a_layer_inside_a_net(text, rows):
    net = Net(built(*in_a_net(text), "flatten", "linear: 3"), losses["mse"](), rows=rows, **taken_by(text))
    assert_slope(net, text)


@pytest.mark.parametrize("text", [it for it in swept(layers) if takes_images(it.id)])
def test_of_a_layer_on_more_axes(text):
    shaped = built("linear: 6", "reshape: [2, 3]", "linear: 6", "reshape: [2, 2, 3]", "linear: 6")
    after = built(*FRONT.get(text, ()), text) if "reshape" not in text else []
    net = Net([*shaped, *after, *built("flatten", "linear: 3")], losses["mse"]())
    assert_slope(net, text)


@pytest.mark.parametrize("front", FRONTS)
@pytest.mark.parametrize("text", swept(losses))
def test_of_a_loss(text, front):
    loss = from_text(losses, text)
    for target, rows in itertools.product(TARGETS, (1, 5)):
        tried = fits(loss, target) and (target != Target(300) or loss.task == "classes")
        widths = loss.widths(target) if tried else ()
        for width in widths:
            net = Net(built(f"linear: {width}", *FRONTS[front]), loss, rows=rows, target=target)
            assert_slope(net, f"{text} on {target}, width {width}, {rows} rows", range(1))


@pytest.mark.parametrize("text", variants(losses))
def test_of_a_loss_on_a_layer_that_shares_its_result(text):
    """A loss that sees through the last softmax must not forget what else the scores feed."""
    loss = from_text(losses, text)
    target = Target(2) if fits(loss, Target(2)) else Target(3)
    layers_ = built("linear: 5", "silu", "softmax", f"linear: {loss.widths(target)[0]}", "softmax")
    assert_slope(Net(layers_, loss, target=target), text)


@pytest.mark.parametrize("text", variants(losses))
def test_inference_has_the_loss_of_training(text):
    loss = from_text(losses, text)
    for target in TARGETS:
        if fits(loss, target):
            net = Net(built("linear: 4", "tanh", "output"), loss, target=target)
            before = net.loss_here()
            net.inference.run()
            assert float(net.inference.loss) == pytest.approx(before, rel=1e-13)


def test_the_check_finds_a_wrong_slope(monkeypatch):
    net = built("linear: 6", "tanh", "linear: 3")
    assert_slope(Net(net, losses["mse"]()), "tanh")
    monkeypatch.setitem(PRIMITIVES, "tanh", PRIMITIVES["tanh"])
    define("tanh", lambda g, y, x: (g * (1.00001 - y * y),))
    with pytest.raises(AssertionError, match="is not"):
        assert_slope(Net(net, losses["mse"]()), "tanh")
