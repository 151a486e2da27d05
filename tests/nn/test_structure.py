"""Layers made of layers: how their parameters are named and drawn, what they compute, what is said of mistakes."""

import numpy as np
import pytest

from tests.nn.catalogue import from_text
from tests.nn.helpers import through
from tests.nn.test_network import initializer_names, network
from zen_cli.errors import ZenError
from zen_cli.nn.layers import layers
from zen_cli.nn.network import LayerError


def names(*texts, **options):
    return [parameter.name for parameter in network(*texts, **options).describe().parameters]


def test_parameters_are_named_by_the_way_to_their_layer():
    assert names("relu", "residual: [relu, {residual: [{linear: {units: 4, bias: false}}]}]") == ["model.1.1.0.weight"]
    weights = "{linear: {units: 4, bias: false}}"
    assert names(f"branches: {{of: [[], [{weights}], [relu, {weights}]]}}") == ["model.0.1.0.weight",
                                                                              "model.0.2.1.weight"]  # fmt: skip
    assert names(f"repeat: {{times: 2, layers: [relu, {weights}]}}") == ["model.0.0.1.weight", "model.0.1.1.weight"]


def test_the_table_lists_a_composite_before_its_layers_and_counts_each_weight_once():
    shapes = network("residual: [linear: 6, relu, linear: 4]", "output").describe().shapes
    assert [(shape.path, shape.layer.name, shape.parameters) for shape in shapes] == [
        ((0,), "residual", 0), ((0, 0), "linear", 30), ((0, 1), "relu", 0), ((0, 2), "linear", 28),
        ((1,), "output", 15),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["residual: [linear: 4, relu]"], "he_normal"),
        (["residual: [linear: 4]", "relu"], "he_normal"),
        (["residual: [{linear: {units: 4, bias: false}}]", "linear: 3", "relu"], "glorot_uniform"),
        (["linear: 4", "residual: [relu, linear: 4]"], "he_normal"),
        (["linear: 4", "branches: {of: [[], [dropout: 0.1, selu]]}"], "lecun_normal"),
        (["linear: 4", "residual: [dropout: 0.5]", "relu"], "he_normal"),
    ],
)
def test_initializers_look_into_composites_and_out_of_them(texts, expected):
    assert next(iter(initializer_names(*texts).values())) == expected


def test_shared_layers_have_the_weights_of_their_first_place():
    texts = ["shared: {label: a, layers: [linear: 4]}", "tanh", "shared: a", "shared: a"]
    assert names(*texts) == ["model.0.0.weight", "model.0.0.bias"]
    x = np.random.default_rng(1).standard_normal((5, 4))
    found = through(texts, x)
    weight = found.weights["model.0.0.weight"]
    np.testing.assert_allclose(found.value, np.tanh(x @ weight) @ weight @ weight, rtol=1e-12)


def test_repeating_shared_layers_repeats_their_weights():
    assert names("repeat: {times: 3, layers: [shared: {label: a, layers: [linear: 4, relu]}]}") == [
        "model.0.0.0.0.weight", "model.0.0.0.0.bias",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "path", "words"),
    [
        (["residual: [linear: 3]"], (0,), r"cannot add rows of shape \[3\] to the input's rows of shape \[4\]"),
        (["residual: [{residual: [{reshape: [3]}]}]"], (0, 0, 0), "cannot reshape rows of 4 numbers"),
        (["branches: {of: [[], [linear: 3]]}"], (0,), r"rows of shape \[4\], \[3\], which do not fit together to add"),
        (["branches: {merge: concat, of: [[], [{reshape: [2, 2]}]]}"], (0,), "do not fit together to concat"),
        (["time_distributed: [relu]"], (0,), r"needs rows \(time, ...\), found rows of shape \[4\]"),
        (["repeat: {times: 2, layers: [{reshape: [2, 2]}, {reshape: [2, 3]}]}"], (0, 0, 1), "cannot reshape"),
        (["relu", "shared: a"], (1,), "no layers are shared as 'a' before this"),
        (["shared: {label: a, layers: [linear: 3]}", "shared: a"], (1, 0),
         r"model.0.0.weight has the shape \(4, 3\), used again here it would need \(3, 3\)"),
        (["shared: {label: a, layers: [relu]}"] * 2, (1,), "other layers are shared as 'a' already"),
    ],
)  # fmt: skip
def test_a_mistake_names_the_layer_that_makes_it(texts, path, words):
    with pytest.raises(LayerError, match=words) as caught:
        network(*texts).describe()
    assert caught.value.path == path
    assert caught.value.where.file == "test.yaml"


def test_branches_need_a_branch():
    with pytest.raises(ZenError, match="there is no branch"):
        from_text(layers, "branches: {of: []}")


def test_time_distributed_is_the_layer_on_each_step():
    x = np.random.default_rng(1).standard_normal((5, 3, 2, 2))
    found = through(["time_distributed: [flatten, linear: 2]"], x)
    for step in range(3):
        wanted = x[:, step].reshape(5, 4) @ found.weights["model.0.1.weight"]
        np.testing.assert_allclose(found.value[:, step], wanted, rtol=1e-12)
