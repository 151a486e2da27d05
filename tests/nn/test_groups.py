"""Weights with a rate, a penalty or a bound of their own; weights that stay as they are."""

import copy

import numpy as np
import pytest

from tests.nn.catalogue import from_text, swept
from tests.nn.helpers import Net
from zen_cli.compiler.program import Program
from zen_cli.errors import ZenError
from zen_cli.nn.initializers import Zeros
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import losses
from zen_cli.nn.network import LayerError, Parameter
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.optimizers.groups import Group
from zen_cli.nn.optimizers.step import looking_ahead, updates
from zen_cli.nn.state import State
from zen_cli.nn.worked import walk

FIRST, HIDDEN, LAST = "linear: {units: 5%s}", "linear: {units: 4%s}", "linear: {units: 3%s}"


def make(first="", hidden="", last="", optimizer="sgd", seeds=(0,), **options):
    texts = (FIRST % first, "tanh", HIDDEN % hidden, "tanh", LAST % last)
    return Net([from_text(layers, text) for text in texts], losses["mse"](), from_text(optimizers, optimizer),
               seeds=seeds, **options)  # fmt: skip


def steps(net, lr=0.1):
    """How far each parameter goes in one step, and its gradient."""
    before = {name: view.copy() for name, view in net.state.views("parameters").items()}
    net.train(1, lr)
    after, gradients = net.state.views("parameters"), net.state.views("gradients")
    return {name: (after[name] - before[name], gradients[name].copy(), before[name]) for name in before}


@pytest.mark.parametrize("text", swept(optimizers))
def test_a_group_is_trained_as_if_it_were_alone_at_its_rate(text):
    """Among others it may share no product, no maximum and no count with them."""
    optimizer = from_text(optimizers, text)
    if optimizer.evaluates:
        return  # it takes no groups
    optimizer.groups = [Group(layers=[1], lr=optimizer.lr / 4, weight_decay=optimizer.weight_decay and 0.25)]
    optimizer.__post_init__()
    rng = np.random.default_rng(0)
    sizes, gradients = (3, 5, 2), rng.standard_normal((12, 10))
    parameters = [Parameter(f"model.{i}.weight", (n,), Zeros(), (1, 1)) for i, n in enumerate(sizes)]
    state = State(parameters, optimizer, None, "float64")
    state.vectors["parameters"][:] = start = rng.standard_normal(10)
    run = Program([*looking_ahead(state.segments), *updates(state.segments)], state.leaves(), dtype="float64",
                  arguments=("t", "lr")).run  # fmt: skip
    for t, gradient in enumerate(gradients, start=1):
        state.vectors["gradients"][:] = gradient
        run(t, optimizer.lr)
    rules = [copy.copy(rule) for rule in optimizer.rules(parameters)]
    rules[1].lr, rules[1].weight_decay = optimizer.lr / 4, optimizer.weight_decay and 0.25
    for part, rule in zip((slice(0, 3), slice(3, 8), slice(8, 10)), rules, strict=True):
        rule.groups = []
        expected = walk(rule, start[part], gradients[:, part])[-1]
        np.testing.assert_allclose(state.vectors["parameters"][part], expected, rtol=1e-12)


def test_layers_and_names_choose_the_weights_of_a_group():
    groups = "[{parameters: [bias], weight_decay: 0}, {layers: [2], lr: 0.02}]"
    optimizer = f"{{type: sgd, lr: 0.1, weight_decay: 0.5, groups: {groups}}}"
    for name, (step, gradient, before) in steps(make(optimizer=optimizer)).items():
        decay = 0.0 if name.endswith("bias") else 0.5
        lr = 0.02 if name == "model.2.weight" else 0.1
        np.testing.assert_allclose(step, -lr * (gradient + decay * before), rtol=1e-9, err_msg=name)


def test_a_schedule_moves_the_rates_of_groups_too():
    net = make(optimizer="{type: sgd, lr: 0.1, groups: [{layers: [0], lr: 0.01}]}")
    found = steps(net, lr=0.05)
    for name, (step, gradient, _) in found.items():
        np.testing.assert_allclose(step, -(0.005 if name.startswith("model.0") else 0.05) * gradient, rtol=1e-9)


@pytest.mark.parametrize("optimizer", list(optimizers))
def test_frozen_weights_stay_and_their_gradient_is_not_computed(optimizer):
    net, free = make(hidden=", freeze: true", optimizer=optimizer), make(optimizer=optimizer)
    found = steps(net)
    for name, (step, gradient, _) in found.items():
        assert step.any() == (not name.startswith("model.2")), name
        assert gradient.any() == (not name.startswith("model.2")), name
    free_gradients = steps(free)
    for name in found:
        if not name.startswith("model.2") and net.optimizer.evaluations == 1:
            np.testing.assert_array_equal(found[name][1], free_gradients[name][1], name)
    assert net.step.program.source.count("dot") < free.step.program.source.count("dot")
    sizes = {name: vector.size for name, vector in net.state.vectors.items() if name.startswith("optimizer.")}
    nothing_remembered = all(size <= net.state.size - 24 or size <= 2 for size in sizes.values())
    assert nothing_remembered or net.optimizer.evaluates


def test_nothing_before_frozen_layers_is_differentiated_where_all_before_is_frozen():
    net, free = make(", freeze: true", ", freeze: true"), make()
    assert net.step.program.source.count("dot") <= free.step.program.source.count("dot") - 6


def test_penalties_add_their_slope_to_weights_and_not_to_biases():
    plain, penalized = steps(make()), steps(make(", l1: 0.3", ", l2: 0.2"))
    for name, (step, _, before) in penalized.items():
        slope = {"model.0.weight": 0.3 * np.sign(before), "model.2.weight": 2 * 0.2 * before}.get(name, 0.0 * before)
        np.testing.assert_allclose(step, plain[name][0] - 0.1 * slope, rtol=1e-9, atol=1e-15, err_msg=name)


def test_l1_makes_exact_slopes_of_its_sum():
    """The slope of l1 sum |w| + l2 sum w^2 by central differences."""
    h = 1e-6
    for l1, l2 in ((0.3, 0.0), (0.0, 0.2)):
        net = make(f", l1: {l1}, l2: {l2}")
        (first,) = net.state.views("parameters")["model.0.weight"][:1, :2]
        start, before = first.copy(), steps(make())
        step = steps(net)["model.0.weight"][0][0, :2] - before["model.0.weight"][0][0, :2]
        penalty = lambda w, l1=l1, l2=l2: l1 * np.abs(w) + l2 * w**2  # noqa: E731
        np.testing.assert_allclose(step / -0.1, (penalty(start + h) - penalty(start - h)) / (2 * h), rtol=1e-6)


def test_max_norm_shortens_what_leads_into_a_unit_and_leaves_the_rest():
    free, bounded = make(), make(hidden=", max_norm: 1.02")
    free.train(1, 0.1)
    bounded.train(1, 0.1)
    weights, held = (net.state.views("parameters")["model.2.weight"] for net in (free, bounded))
    norms = np.linalg.norm(weights, axis=0)
    assert (norms > 1.02).any() and (norms < 1.02).any()
    np.testing.assert_allclose(held, weights * np.minimum(1.0, 1.02 / norms), rtol=1e-12)
    np.testing.assert_array_equal(
        bounded.state.views("parameters")["model.0.weight"], free.state.views("parameters")["model.0.weight"]
    )


def test_a_layer_without_weights_has_nothing_to_freeze():
    with pytest.raises(LayerError, match="a layer without weights has no freeze or l2") as found:
        Net([from_text(layers, "linear: 3"), from_text(layers, "relu: {freeze: true, l2: 1}")], losses["mse"]())
    assert found.value.path == (1,)


@pytest.mark.parametrize("text", ["layers: [-1]", "lr: 0", "weight_decay: -1", "layer: [0]"])
def test_groups_are_checked(text):
    with pytest.raises(ZenError, match="groups"):
        from_text(optimizers, f"{{type: adam, groups: [{{{text}}}]}}")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_replicas_are_nets_alone(dtype):
    options = {
        "first": ", l1: 0.01, max_norm: 0.8", "hidden": ", freeze: true", "last": ", l2: 0.02", "dtype": dtype,
        "optimizer": "{type: nadam, weight_decay: 0.1, "
                     "groups: [{layers: [0], lr: 0.01}, {parameters: [bias], weight_decay: 0}]}",
    }  # fmt: skip
    together = make(seeds=(3, 1, 2), stacked=True, **options)
    together.train(5, np.array([0.1, 0.03, 0.01]))
    for i, (seed, lr) in enumerate(zip((3, 1, 2), (0.1, 0.03, 0.01), strict=True)):
        alone = make(seeds=(seed,), **options)
        alone.train(5, lr)
        for name, vector in alone.state.vectors.items():
            np.testing.assert_array_equal(together.state.vectors[name][i], vector, name)
