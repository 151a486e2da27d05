"""How a network gives its parameters names, shapes and initial values."""

import numpy as np
import pytest

from tests.nn.catalogue import from_text
from zen_cli.errors import ZenError
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import losses
from zen_cli.nn.network import LayerError, Network
from zen_cli.nn.programs import Batch, Inference
from zen_cli.nn.state import State


def network(*texts, inputs=(4,), outputs=3):
    return Network([from_text(layers, text) for text in texts], inputs, outputs)


def initializer_names(*texts):
    return {p.name: p.init.name for p in network(*texts).describe().parameters}


@pytest.mark.parametrize(
    ("following", "expected"),
    [
        ("relu", "he_normal"),
        ("leaky_relu", "he_normal"),
        ("elu", "he_normal"),
        ("gelu", "he_normal"),
        ("silu", "he_normal"),
        ("selu", "lecun_normal"),
        ("sigmoid", "glorot_uniform"),
        ("tanh", "glorot_uniform"),
        ("softmax", "glorot_uniform"),
    ],
)
def test_weights_are_drawn_as_the_activation_that_follows_wants_them(following, expected):
    assert initializer_names("linear: 5", following)["model.0.weight"] == expected
    assert initializer_names("linear: 6", "reshape: [2, 3]", "dropout: 0.5", following)["model.0.weight"] == expected


def test_weights_that_no_activation_follows_are_drawn_by_glorot_uniform():
    found = initializer_names("linear: 5", "linear: 4", "relu", "output")
    assert found["model.0.weight"] == "glorot_uniform"
    assert found["model.1.weight"] == "he_normal"
    assert found["model.3.weight"] == "glorot_uniform"


@pytest.mark.parametrize("name", list(layers))
def test_every_activation_names_an_initializer_that_there_is(name):
    from zen_cli.nn.initializers import initializers

    assert layers[name].follows_well is None or layers[name].follows_well in initializers


@pytest.mark.parametrize("following", [name for name in layers if layers[name].follows_well])
def test_weights_are_not_uniform_between_0_and_1_and_biases_are_zero(following):
    net = network("linear: 50", following, "linear: 50", following, "output", inputs=(40,))
    state = State(net.describe().parameters, None, None, "float64")
    state.draw([np.random.default_rng(0)])
    for name, view in state.views("parameters").items():
        if name.endswith("bias"):
            assert not view.any()
        else:
            assert abs(view.mean()) < 0.3 * view.std()
            assert view.min() < 0 < view.max()


def test_an_initializer_in_the_config_goes_before_the_default():
    found = initializer_names("linear: {units: 5, init: normal, bias_init: {constant: 0.1}}", "relu")
    assert found == {"model.0.weight": "normal", "model.0.bias": "constant"}


def test_the_same_seed_draws_the_same_bits_and_two_seeds_differ():
    parameters = network("linear: 8", "relu", "output").describe().parameters

    def drawn(*seeds):
        state = State(parameters, None, len(seeds), "float32")
        state.draw([np.random.default_rng(seed) for seed in seeds])
        return state.vectors["parameters"]

    first, again, other = drawn(5, 5, 6)
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first, drawn(5)[0])
    assert not (first == other).all()


def test_names_shapes_and_fans_of_parameters():
    net = network("linear: 6", "relu", "linear: {units: 2, bias: false}", "output")
    assert [(p.name, p.shape, p.fans) for p in net.describe().parameters] == [
        ("model.0.weight", (4, 6), (4, 6)),
        ("model.0.bias", (6,), (4, 6)),
        ("model.2.weight", (6, 2), (6, 2)),
        ("model.3.weight", (2, 3), (2, 3)),
        ("model.3.bias", (3,), (2, 3)),
    ]


@pytest.mark.parametrize("texts", [(), ("flatten",), ("dropout: 0.5",), ("reshape: [4]",)])
def test_a_network_that_changes_nothing_predicts_its_input(texts):
    net = network(*texts)
    state = State(net.describe().parameters, None, None, "float64")
    inference = Inference(net, losses["mse"](), state, Batch(2, (4,)))
    inference.x[...] = np.arange(8).reshape(2, 4)
    inference.run()
    np.testing.assert_array_equal(inference.prediction, inference.x)
    assert inference.loss == pytest.approx(140 / 8)


@pytest.mark.parametrize(
    ("texts", "index", "words"),
    [
        (("linear: 6", "reshape: [4, 2]"), 1, "rows of 6 numbers.*to \\[4, 2\\]"),
        (("linear: 6", "reshape: [-1, 4]"), 1, "rows of 6"),
        (("linear: 6", "reshape: [-1, -1]"), 1, "rows of 6"),
        (("linear: 6", "reshape: [0, -1]"), 1, "rows of 6"),
        (("reshape: []", "linear: 6"), 0, "rows of 4"),
    ],
)
def test_a_layer_that_does_not_fit_is_named_by_its_index(texts, index, words):
    with pytest.raises(LayerError, match=words) as caught:
        network(*texts).describe()
    assert caught.value.path == (index,)


def test_output_without_a_target_says_what_to_write_instead():
    with pytest.raises(ZenError, match="no|none") as caught:
        network("output", outputs=None).describe()
    assert "linear: N" in caught.value.hint
