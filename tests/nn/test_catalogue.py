"""Everything registered builds from text, says what it computes and where that is from, and takes a step."""

import re

import numpy as np
import pytest

from tests.nn.catalogue import example, from_text, in_a_net, swept, taken_by, variants
from tests.nn.helpers import Net, data
from zen_cli.nn.initializers import initializers
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import Target, losses
from zen_cli.nn.network import Network
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.schedulers import schedulers
from zen_cli.registry import options_of

REGISTRIES = (layers, losses, optimizers, schedulers, initializers)
ALL = [pytest.param(registry, name, id=f"{registry.kind}-{name}") for registry in REGISTRIES for name in registry]
SHOWING = [param for param in ALL if param.values[0] is not initializers]
FORMULA = re.compile(r"<-|->|[=~]")


@pytest.mark.parametrize(("registry", "name"), ALL)
def test_builds_from_its_example(registry, name):
    built = from_text(registry, example(registry[name]))
    assert type(built) is registry[name]
    assert built.name == name


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.kind)
def test_builds_with_every_option(registry):
    for text in variants(registry):
        assert from_text(registry, text).name in registry, text


@pytest.mark.parametrize(("registry", "name"), ALL)
def test_builds_by_every_alias(registry, name):
    for alias in registry.aliases(name):
        written = example(registry[name]).replace(name, alias)
        assert type(from_text(registry, written)) is registry[name]


@pytest.mark.parametrize(("registry", "name"), ALL)
def test_short_form_sets_an_option_there_is(registry, name):
    main = registry.main_option(name)
    assert main is None or main in {option.name for option in options_of(registry[name])}


@pytest.mark.parametrize(("registry", "name"), ALL)
def test_docstring_starts_with_its_formula_and_names_its_source(registry, name):
    doc = registry[name].__doc__
    assert FORMULA.search(doc.splitlines()[0])
    assert re.search(r"^ +Source: \w.+\.$", doc, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("registry", "name"), SHOWING)
def test_docstring_shows_a_worked_number(registry, name):
    assert ">>>" in registry[name].__doc__


@pytest.mark.parametrize(("registry", "name"), ALL)
def test_every_option_has_help(registry, name):
    for option in options_of(registry[name]):
        assert option.help, option.name
        assert not option.help.endswith("."), option.name


@pytest.mark.parametrize("text", variants(layers))
def test_layer_says_its_shape_and_counts_its_weights(text):
    texts = in_a_net(text)
    last = len(texts) - 1
    taken = {"inputs": (6,)} | taken_by(text)
    trace = Network([from_text(layers, it) for it in texts], taken["inputs"], 3, taken.get("symbols", 0)).describe()
    (found,) = (shape for shape in trace.shapes if shape.path == (last,))
    assert found.shape == trace.prediction.shape[1:]
    for path in [shape.path for shape in trace.shapes]:
        own = [p for p in trace.parameters if p.name.rpartition(".")[0] == f"model.{'.'.join(map(str, path))}"]
        assert sum(np.prod(p.shape) for p in own) == sum(s.parameters for s in trace.shapes if s.path == path)


@pytest.mark.parametrize("text", swept(optimizers))
def test_optimizer_takes_steps_that_lower_the_loss(text):
    optimizer = from_text(optimizers, text)
    net = Net([from_text(layers, "linear: 8"), from_text(layers, "tanh"), from_text(layers, "output")],
              losses["mse"](), optimizer)  # fmt: skip
    before = net.loss_here()
    net.t = 0
    net.train(60, 0.01)
    assert float(net.step.loss) < before
    assert all(np.isfinite(vector).all() for vector in net.state.vectors.values())
    assert all(vector.any() for vector in net.state.vectors.values())


@pytest.mark.parametrize("text", variants(losses))
def test_loss_falls_when_trained(text):
    loss = from_text(losses, text)
    net = Net([from_text(layers, "linear: 8"), from_text(layers, "tanh"), from_text(layers, "output")], loss,
              optimizers["adam"](), target=Target(2 if "[0.5, 2]" in text else 3))  # fmt: skip
    before = net.loss_here()
    net.train(100)
    assert float(net.step.loss) < 0.9 * before


@pytest.mark.parametrize("name", list(losses))
@pytest.mark.parametrize("target", [Target(2), Target(3), Target(0, 1), Target(0, 3)])
def test_loss_encodes_targets_as_wide_as_the_network(name, target):
    loss = losses[name]()
    for width in loss.widths(target):
        encoded = data(loss, target, (5, 2), width, 0)[2]
        assert encoded.shape == (5, width)
        assert encoded.dtype == np.float64
