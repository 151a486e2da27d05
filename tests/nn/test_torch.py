"""The golden comparison against the installed PyTorch, with other numbers and every combination of options."""

import itertools
import json

import numpy as np
import pytest

from tests.golden import make_images, make_sequences
from tests.nn.catalogue import from_text
from tests.nn.helpers import Net, activation, assert_like_torch, loss_rows
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import losses
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.optimizers.limits import Clip
from zen_cli.nn.worked import walk

pytestmark = pytest.mark.slow
FLAGS = [{"amsgrad": amsgrad, "weight_decay": decay} for amsgrad in (True, False) for decay in (0, 0.1)]
BETAS = [(0.9, 0.999), (0.5, 0.7), (0.0, 0.0)]
CASES = [
    *(("sgd", "SGD", {"weight_decay": decay}, {}) for decay in (0, 0.1)),
    *(
        ("momentum", "SGD", {"momentum": mu, "dampening": damp, "weight_decay": decay}, {})
        for mu, damp, decay in itertools.product((0.3, 0.9), (0, 0.4), (0, 0.1))
    ),
    *(
        ("nesterov", "SGD", {"momentum": mu, "weight_decay": decay}, {"nesterov": True})
        for mu, decay in itertools.product((0.3, 0.9), (0, 0.1))
    ),
    *(
        ("rmsprop", "RMSprop", {"alpha": alpha, "momentum": mu, "weight_decay": decay, "centered": centered}, {})
        for alpha, mu, decay, centered in itertools.product((0.9, 0.99), (0, 0.6), (0, 0.1), (False, True))
    ),
    *(("adam", "Adam", {**flags, "betas": betas, "eps": 1e-6}, {}) for flags in FLAGS for betas in BETAS),
    *(("adamw", "AdamW", {**flags, "betas": betas, "eps": 1e-6}, {}) for flags in FLAGS for betas in BETAS),
    *(
        ("adagrad", "Adagrad", {"lr_decay": fall, "weight_decay": decay, "initial_accumulator_value": start}, {})
        for fall, decay, start in itertools.product((0, 0.3), (0, 0.1), (0, 0.5))
    ),
    *(
        ("adadelta", "Adadelta", {"rho": rho, "weight_decay": decay}, {})
        for rho, decay in itertools.product((0.0, 0.5, 0.95), (0, 0.1))
    ),
    *(
        ("adamax", "Adamax", {"betas": betas, "weight_decay": decay}, {})
        for betas, decay in itertools.product(BETAS, (0, 0.1))
    ),
    *(
        ("radam", "RAdam", {"betas": betas, "weight_decay": decay, "decoupled_weight_decay": decoupled}, {})
        for betas, decay, decoupled in itertools.product([*BETAS, (0.9, 0.9)], (0, 0.1), (False, True))
    ),
    *(
        ("asgd", "ASGD", {"lambd": lambd, "alpha": alpha, "weight_decay": decay}, {})
        for lambd, alpha, decay in itertools.product((0, 0.3), (0.0, 0.75), (0, 0.1))
    ),
    *(
        ("nadam", "NAdam", {"betas": betas, "momentum_decay": slow, "weight_decay": decay, **more}, {})
        for betas, slow, decay in itertools.product(BETAS, (0, 0.004, 1.0), (0, 0.1))
        for more in ({}, {"decoupled_weight_decay": True})
    ),
    *(("rprop", "Rprop", {"etas": etas, "step_sizes": (1e-3, 0.05)}, {}) for etas in ((0.5, 1.2), (0.1, 3.0))),
]
CLASSES = {name: kind for name, kind, _, _ in CASES}


@pytest.fixture
def torch():
    """PyTorch, remembering its own numbers (rates, products of them) in float64 too."""
    found = pytest.importorskip("torch")
    before = found.get_default_dtype()
    found.set_default_dtype(found.float64)
    yield found
    found.set_default_dtype(before)


def stream(seed):
    rng = np.random.default_rng(seed)
    scales = 10.0 ** rng.uniform(-8, 3, 40)
    scales[0] = 0
    return rng.standard_normal(40), rng.standard_normal((60, 40)) * scales


@pytest.mark.parametrize(("name", "kind", "options", "only_torch"), CASES)
def test_optimizer(torch, name, kind, options, only_torch):
    start, gradients = stream(5)
    parameters = torch.nn.Parameter(torch.tensor(start))
    theirs = getattr(torch.optim, kind)([parameters], lr=0.01, **options, **only_torch)
    expected = []
    for gradient in gradients:
        parameters.grad = torch.tensor(gradient)
        theirs.step()
        expected.append(parameters.detach().numpy().copy())
    ours = optimizers[name](lr=0.01, **options)
    np.testing.assert_allclose(walk(ours, start, gradients), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", CLASSES)
def test_defaults_are_those_of_torch(torch, name):
    defaults = getattr(torch.optim, CLASSES[name])([torch.nn.Parameter(torch.zeros(1))]).defaults
    ours = from_text(optimizers, name)
    for option, value in defaults.items():
        if hasattr(ours, option) and option != "momentum":  # torch's SGD has none by default
            assert getattr(ours, option) == value, option


LOSSES = [
    ("mse", "mse_loss", {}, {}, "numbers"),
    ("mae", "l1_loss", {}, {}, "numbers"),
    *((f"huber: {delta}", "huber_loss", {"delta": delta}, {}, "numbers") for delta in (0.1, 1.0, 3.0)),
    ("bce", "binary_cross_entropy_with_logits", {}, {}, "shares"),
    *(
        (f"cross_entropy: {{label_smoothing: {e}}}", "cross_entropy", {"label_smoothing": e}, {}, target)
        for e in (0, 0.2) for target in ("labels", "one_hot", "simplex")
    ),
    *(
        (f"cross_entropy: {{label_smoothing: {e}, class_weights: [1, 2, 0.5, 0.1]}}", "cross_entropy",
         {"label_smoothing": e}, {"weight": [1.0, 2.0, 0.5, 0.1]}, target)
        for e in (0, 0.2) for target in ("labels", "one_hot", "simplex")
    ),
]  # fmt: skip


def target_of(kind, rng):
    labels = rng.integers(4, size=9)
    simplex = rng.random((9, 4))
    return {
        "labels": labels, "one_hot": np.eye(4)[labels], "simplex": simplex / simplex.sum(1, keepdims=True),
        "shares": rng.random((9, 4)), "numbers": rng.standard_normal((9, 4)),
    }[kind]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "options", "arrays", "target"), LOSSES)
def test_loss(torch, text, kind, options, arrays, target):
    rng = np.random.default_rng(6)
    scores, target = 3 * rng.standard_normal((9, 4)), target_of(target, rng)
    leaf = torch.tensor(scores, requires_grad=True)
    tensors = {name: torch.tensor(value, dtype=torch.float64) for name, value in arrays.items()}
    rows = getattr(torch.nn.functional, kind)(leaf, torch.tensor(target), reduction="none", **options, **tensors)
    rows = rows if rows.ndim == 1 else rows.mean(1)
    rows.mean().backward()
    given = {"loss.class_weights": np.array(arrays["weight"])} if arrays else {}
    ours, gradient = loss_rows(text, scores, target, **given)
    np.testing.assert_allclose(ours, rows.detach().numpy(), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(gradient, leaf.grad.numpy(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("text", "function", "options"),
    [
        ("sigmoid", "sigmoid", {}),
        ("tanh", "tanh", {}),
        ("relu", "relu", {}),
        ("leaky_relu: 0.3", "leaky_relu", {"negative_slope": 0.3}),
        ("elu: 0.7", "elu", {"alpha": 0.7}),
        ("selu", "selu", {}),
        ("gelu", "gelu", {"approximate": "tanh"}),
        ("silu", "silu", {}),
        ("softplus", "softplus", {"threshold": 40}),
        ("softmax", "softmax", {"dim": -1}),
    ],
)
def test_activation(torch, text, function, options):
    rng = np.random.default_rng(7)
    x, vector = 4 * rng.standard_normal((50, 7)), rng.standard_normal((50, 7))
    leaf = torch.tensor(x, requires_grad=True)
    expected = getattr(torch.nn.functional, function)(leaf, **options)
    expected.backward(torch.tensor(vector))
    value, product = activation(text, x, vector)
    np.testing.assert_allclose(value, expected.detach().numpy(), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(product, leaf.grad.numpy(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("case", make_images.CASES)
def test_image(torch, case, seed):
    found = make_images.CASES[case]
    about = {"layers": found.layers, "training": found.training}
    assert_like_torch(about, make_images.evaluate(found, 100 + seed))


SIDES = {  # as zen and as torch say it: stride, padding, dilation, groups
    "stride": (1, 2, (2, 3)), "padding": (0, 1, (2, 0)), "dilation": (1, (1, 2)), "groups": (1, 2),
}  # fmt: skip


@pytest.mark.parametrize("size", [(6, 7), (5, 5)])
@pytest.mark.parametrize("values", [*itertools.product(*SIDES.values())], ids=str)
@pytest.mark.parametrize("kind", ["Conv2d", "ConvTranspose2d"])
def test_convolution_with_every_option(torch, kind, values, size):
    options = dict(zip(SIDES, values, strict=True))
    name = "conv2d" if kind == "Conv2d" else "conv_transpose2d"
    written = {"type": name, "channels": 4, "kernel": (2, 3), **options}
    case = make_images.Case([json.dumps(written)], make_images.one(kind, 6, 4, (2, 3), **options), (2, 6, *size))
    assert_like_torch({"layers": case.layers}, make_images.evaluate(case, 0))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("case", make_sequences.CASES)
def test_sequence(torch, case, seed):
    """Other sizes and numbers than the golden file's."""
    found, sizes = make_sequences.CASES[case], {"batch": 5, "time": 11, "inputs": 6, "units": 7}
    about = {"layers": make_sequences.layers_of(found, sizes), "symbols": found.symbols, "filled": found.filled}
    assert_like_torch(about, make_sequences.evaluate(found, sizes, 100 + seed))


def test_gelu_stays_near_the_normal_distribution(torch):
    x = np.linspace(-6, 6, 241)[:, None]
    exact = torch.nn.functional.gelu(torch.tensor(x)).numpy()
    assert np.abs(activation("gelu", x)[0] - exact).max() < 5e-4


@pytest.mark.parametrize("norm", [0.5, 100.0])
def test_clipping_by_norm(torch, norm):
    net = Net([from_text(layers, "linear: 3")], losses["mse"](), clip=Clip(norm=norm))
    before = net.parameters.copy()
    net.step.run(1, 1.0)
    parameter = torch.nn.Parameter(torch.tensor(before))
    parameter.grad = torch.tensor(net.gradients)
    torch.nn.utils.clip_grad_norm_([parameter], norm)
    np.testing.assert_allclose(before - net.parameters, parameter.grad.numpy(), rtol=1e-12)
