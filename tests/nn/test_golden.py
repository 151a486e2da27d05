"""Optimizers, losses and activations give PyTorch's numbers (tests/golden), to 1e-12 in float64."""

import json
from contextlib import suppress

import numpy as np
import pytest

from tests.golden import read
from tests.golden.make_descents import valley
from tests.nn.catalogue import from_text
from tests.nn.helpers import Net, activation, assert_like_torch, loss_rows
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import losses
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.worked import walk
from zen_cli.registry import options_of

OPTIMIZERS, WALKS = read("optimizers")
CONVENTIONS, CONVENTION_WALKS = read("conventions")
TENSORS, TENSOR_WALKS = read("tensors")
DESCENTS, DESCENT_WALKS = read("descents")
LOSSES, LOSS_ARRAYS = read("losses")
ACTIVATIONS, ACTIVATION_ARRAYS = read("activations")
SEQUENCES, SEQUENCE_ARRAYS = read("sequences")
IMAGES, IMAGE_ARRAYS = read("images")
DEFAULTS = OPTIMIZERS["defaults"] | TENSORS["defaults"]
OWN_DEFAULTS = {  # torch: 0, 0, and the epsilon of the type of the weights
    ("momentum", "momentum"), ("nesterov", "momentum"), ("adafactor", "eps"),
}  # fmt: skip
OUR_LOSS = {
    "cross_entropy": "cross_entropy", "binary_cross_entropy_with_logits": "binary_cross_entropy",
    "mse_loss": "mse", "l1_loss": "mae", "huber_loss": "huber",
}  # fmt: skip
SEEN_THROUGH = {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}
OUR_OPTION = {"negative_slope": "slope", "alpha": "alpha"}


def as_text(name, options):
    return json.dumps({"type": name, **options})


def close(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", DEFAULTS)
def test_defaults_are_those_of_torch_or_the_authors(name):
    ours = {option.name: option.default for option in options_of(optimizers[name])}
    for option, theirs in DEFAULTS[name].items():
        if option in ours and (name, option) not in OWN_DEFAULTS:
            assert ours[option] == (tuple(theirs) if isinstance(theirs, list) else theirs), option


@pytest.mark.parametrize("case", OPTIMIZERS["cases"])
def test_optimizer(case):
    about = OPTIMIZERS["cases"][case]
    options = {key: value for key, value in about["options"].items() if key != "nesterov"}
    optimizer = from_text(optimizers, as_text(about["optimizer"], options))
    close(walk(optimizer, WALKS["start"], WALKS["gradients"]), WALKS[case])


@pytest.mark.parametrize("case", OPTIMIZERS["cases"])
def test_optimizer_leaves_a_column_alone_whose_gradient_is_always_zero(case):
    about = OPTIMIZERS["cases"][case]
    known = {option.name for option in options_of(optimizers[about["optimizer"]])}
    options = about["options"] | dict.fromkeys(("weight_decay", "lambd"), 0.0)
    optimizer = from_text(optimizers, as_text(about["optimizer"], {k: v for k, v in options.items() if k in known}))
    visited = walk(optimizer, WALKS["start"], WALKS["gradients"])
    assert np.isfinite(visited).all()
    assert (visited[:, 0] == WALKS["start"][0]).all()


@pytest.mark.parametrize("case", TENSORS["cases"])
def test_optimizer_by_tensor(case):
    about, expected = TENSORS["cases"][case], TENSOR_WALKS[case]
    names = {"adjust_lr_fn": "adjust"}
    options = {names.get(key, key): value for key, value in about["options"].items()}
    shape = expected.shape[1:]
    optimizer = from_text(optimizers, as_text(about["optimizer"], options))
    found = walk(optimizer, WALKS["start"].reshape(shape), WALKS["gradients"].reshape(-1, *shape))
    close(found, expected)


@pytest.mark.parametrize("case", CONVENTIONS["cases"])
def test_preset_gives_the_numbers_of_keras_and_optax(case):
    """By the defaults of theirs; from the 31st step on at a tenth of the rate."""
    about, expected = CONVENTIONS["cases"][case], CONVENTION_WALKS[case]
    shape = expected.shape[1:]
    optimizer = from_text(optimizers, as_text(about["optimizer"], about["options"]))
    start, gradients = CONVENTION_WALKS["start"].reshape(shape), CONVENTION_WALKS["gradients"].reshape(-1, *shape)
    close(walk(optimizer, start, gradients, CONVENTION_WALKS["factors"]), expected)


@pytest.mark.parametrize("case", DESCENTS["cases"])
def test_optimizer_that_asks_for_gradients(case):
    names = {"line_search_fn": "line_search"}
    options = {names.get(key, key): value for key, value in DESCENTS["cases"][case]["options"].items()}
    rule = from_text(optimizers, as_text("lbfgs", options))
    p = DESCENT_WALKS["start"].copy()
    slots = {slot: np.zeros(rule.slot_shape(slot, p.shape)) for slot in rule.slots()}
    for expected, evaluations in zip(DESCENT_WALKS[case], DESCENT_WALKS[f"{case}.evaluations"], strict=True):
        moves = rule.moves(p, slots, rule.lr)
        next(moves)
        with suppress(StopIteration):
            while True:
                moves.send(valley(p))
        close(p, expected)
        assert slots["evaluations"] == evaluations


@pytest.mark.parametrize("front", ["scores", "seen through"])
@pytest.mark.parametrize("case", LOSSES["cases"])
def test_loss(case, front):
    about = LOSSES["cases"][case]
    name = OUR_LOSS[about["torch"]]
    layer = SEEN_THROUGH.get(name) if front == "seen through" else None
    target = LOSS_ARRAYS[about["target"]]
    with np.errstate(over="ignore"):
        rows, gradient = loss_rows(as_text(name, about["options"]), LOSS_ARRAYS["scores"], target, layer)
    assert np.isfinite(rows).all()
    close(rows, LOSS_ARRAYS[f"{case}.rows"])
    close(rows.mean(), LOSS_ARRAYS[f"{case}.value"])
    close(gradient, LOSS_ARRAYS[f"{case}.gradient"])


@pytest.mark.parametrize("case", ACTIVATIONS["cases"])
def test_activation(case):
    options = ACTIVATIONS["cases"][case]["options"]
    ours = {OUR_OPTION[key]: value for key, value in options.items() if key in OUR_OPTION}
    with np.errstate(over="ignore"):
        value, product = activation(as_text(case, ours), ACTIVATION_ARRAYS["input"], ACTIVATION_ARRAYS["vector"])
    close(value, ACTIVATION_ARRAYS[f"{case}.value"])
    close(product, ACTIVATION_ARRAYS[f"{case}.product"])


@pytest.mark.parametrize("case", SEQUENCES["cases"])
def test_sequence(case):
    about = SEQUENCES["cases"][case]
    assert_like_torch(about, of(case, SEQUENCE_ARRAYS))


@pytest.mark.parametrize("case", IMAGES["cases"])
def test_image(case):
    assert_like_torch(IMAGES["cases"][case], of(case, IMAGE_ARRAYS))


def of(case, arrays):
    return {key.removeprefix(f"{case}."): array for key, array in arrays.items() if key.startswith(f"{case}.")}


def test_batch_norm_remembers_what_torch_remembers_step_by_step():
    batches, steps = IMAGE_ARRAYS["batch_norm.batches"], IMAGE_ARRAYS["batch_norm.steps"]
    net = Net([from_text(layers, text) for text in ("batch_norm: 0.3", "flatten", "linear: 3")], losses["mse"](),
              inputs=batches.shape[2:], rows=batches.shape[1])  # fmt: skip
    for batch, (mean, variance) in zip(batches, steps, strict=True):
        net.step.x[...] = batch
        net.train(1)
        found = net.state.remembered()
        close(found["state.0.mean"], mean)
        close(found["state.0.variance"], variance)


def test_everything_registered_has_a_golden_case():
    cases = (*OPTIMIZERS["cases"].values(), *TENSORS["cases"].values())
    assert {case["optimizer"] for case in cases} == set(optimizers) - {"lbfgs", "sam", "lookahead"}
    assert {OUR_LOSS[case["torch"]] for case in LOSSES["cases"].values()} == set(losses)
    assert set(ACTIVATIONS["cases"]) == {name for name in layers if layers[name].follows_well}
