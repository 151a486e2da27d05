"""XOR's 2-8-4-2 net from 500 seeds at once: where it starts decides whether it learns."""

import numpy as np

from tests.nn.catalogue import from_text
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import losses
from zen_cli.nn.network import Network
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.programs import Batch, TrainingStep
from zen_cli.nn.state import State

SEEDS = 500
X = [[0, 1], [0, 0], [1, 1], [1, 0]]
Y = [[0, 1], [1, 0], [1, 0], [0, 1]]


def solved(init, bias_init="zeros", steps=200):
    """Of how many seeds the net has a loss below 0.01 after `steps`."""
    linear = f"init: {init}, bias_init: {bias_init}"
    texts = [f"linear: {{units: 8, {linear}}}", f"linear: {{units: 4, {linear}}}", "sigmoid",
             f"linear: {{units: 2, {linear}}}", "softmax"]  # fmt: skip
    network = Network([from_text(layers, text) for text in texts], (2,))
    optimizer = from_text(optimizers, "rmsprop: {lr: 0.02, alpha: 0.9}")
    state = State(network.describe().parameters, optimizer, SEEDS, "float32")
    state.draw([np.random.default_rng(seed) for seed in range(SEEDS)])
    step = TrainingStep(network, losses["mse"](), optimizer, state, Batch(4, (2,), shared=True))
    step.x[...], step.y[...] = X, Y
    for t in range(1, steps + 1):
        step.run(t, optimizer.lr)
    return int((step.loss < 0.01).sum())


def test_is_learned_from_nearly_every_seed_with_small_weights_of_both_signs():
    assert solved("fan_in_uniform") >= 490
    assert solved("glorot_uniform") >= 470


def test_is_learned_from_a_quarter_of_the_seeds_when_all_weights_and_biases_start_between_0_and_1():
    """A network in plain NumPy learns from as many: 137."""
    assert 125 <= solved("uniform_0_1", "uniform_0_1") <= 150


def test_is_never_learned_from_equal_weights():
    assert solved("zeros") == solved("{constant: 0.5}") == 0
