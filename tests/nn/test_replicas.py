"""Replica r of R is bit for bit the net alone: weights, slots, losses, predictions, with noise of its own."""

import math

import numpy as np
import pytest

from tests import DTYPES
from tests.nn.catalogue import from_text, in_a_net, swept, taken_by
from tests.nn.helpers import Net, fits
from zen_cli.compiler.emitter.blocks import BLOCK
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import Target, losses
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.optimizers.limits import Clip

SLOW = pytest.mark.slow
SEEDS = (3, 1, 2)
ROWS = [None, pytest.param(7, marks=SLOW)]  # each replica's own; the same for all
SIZES = [(1, 1, 1), (1, 5, 3), (2, 1, 7), (4, 2, 8), (7, 13, 17), (32, 64, 64), (33, 65, 10), (128, 100, 50)]


def make(texts, seeds, stacked, *, loss="mse", optimizer="momentum", steps=4, lr=0.1, **options):
    built = [from_text(layers, text) for text in texts]
    net = Net(built, from_text(losses, loss), from_text(optimizers, optimizer), seeds=seeds, stacked=stacked, **options)
    net.train(steps, lr)
    return net


def assert_same_bits(*texts, only_last=False, **options):
    together = make(texts, SEEDS, True, **options)
    for index, seed in list(enumerate(SEEDS))[-1 if only_last else 0 :]:
        alone = make(texts, (seed,), False, **options)
        for name, vector in alone.state.vectors.items():
            np.testing.assert_array_equal(together.state.vectors[name][index], vector, name)
        assert together.step.loss[index] == alone.step.loss
        assert together.inference.loss[index] == alone.inference.loss
        np.testing.assert_array_equal(together.inference.prediction[index], alone.inference.prediction)
    assert len({vector.tobytes() for vector in together.parameters}) == len(SEEDS)
    assert np.isfinite(together.parameters).all()


@pytest.mark.parametrize(("rows_seed", "dtype"), [(None, "float32"), pytest.param(7, "float64", marks=SLOW)])
@pytest.mark.parametrize("text", swept(layers))
def test_with_a_layer(text, dtype, rows_seed):
    options = {"dtype": dtype, "rows_seed": rows_seed, "lr": 0.01, **taken_by(text)}
    assert_same_bits(*in_a_net(text), "flatten", "output", **options)


@pytest.mark.parametrize("rows_seed", ROWS)
@pytest.mark.parametrize("text", swept(losses))
def test_with_a_loss(text, rows_seed):
    loss = from_text(losses, text)
    options = {"loss": text, "dtype": "float32", "rows_seed": rows_seed, "steps": 2, "only_last": True}
    for target in (Target(2), Target(300) if loss.task == "classes" else Target(0, 3)):
        for width in loss.widths(target) if fits(loss, target) else ():
            for front in ((), ("sigmoid",), ("softmax",)):
                assert_same_bits("linear: 5", "tanh", f"linear: {width}", *front, target=target, **options)


@pytest.mark.parametrize("text", swept(optimizers))
def test_with_an_optimizer(text):
    clip = Clip(norm=0.1)
    assert_same_bits("linear: 6", "tanh", "output", optimizer=text, dtype="float32", clip=clip, only_last=True)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("text", swept(optimizers))
def test_with_a_rate_of_its_own(text, dtype):
    rates = (0.1, 0.03, 0.0007)
    options = {"optimizer": text, "dtype": dtype, "rows_seed": 7, "steps": 7}
    together = make(("linear: 6", "tanh", "output"), SEEDS, True, **options, lr=np.array(rates))
    for index, (seed, rate) in enumerate(zip(SEEDS, rates, strict=True)):
        alone = make(("linear: 6", "tanh", "output"), (seed,), False, **options, lr=rate)
        for name, vector in alone.state.vectors.items():
            np.testing.assert_array_equal(together.state.vectors[name][index], vector, name)
        assert together.step.loss[index] == alone.step.loss


@pytest.mark.parametrize("rows_seed", ROWS)
@pytest.mark.parametrize("loss", ["mse", "cross_entropy"])
@pytest.mark.parametrize(("rows", "inputs", "units"), SIZES)
def test_of_every_size(rows, inputs, units, loss, rows_seed):
    texts = (f"linear: {units}", "sigmoid", f"linear: {units}", "relu", "output")
    options = {"rows": rows, "inputs": (inputs,), "loss": loss, "target": Target(3), "rows_seed": rows_seed}
    assert_same_bits(*texts, optimizer="adam", dtype="float32", **options)
    assert_same_bits(*texts, optimizer="adam", dtype="float64", **options, steps=1, only_last=True)


@pytest.mark.parametrize(("optimizer", "clip"), [("adamw", Clip()), ("adamw", Clip(norm=0.1)), ("nadam", Clip())])
def test_with_more_weights_than_a_block_of_the_optimizer(optimizer, clip):
    units = math.isqrt(BLOCK) + 3
    assert_same_bits(f"linear: {units}", "relu", f"linear: {units}", "relu", "output", optimizer=optimizer,
                     dtype="float32", clip=clip, steps=2)  # fmt: skip


def test_noise_of_a_replica_does_not_depend_on_its_neighbours():
    texts = ("linear: 8", "dropout: 0.5", "linear: 8", "dropout: 0.3", "output")
    assert_same_bits(*texts, dtype="float32", rows_seed=0, steps=6)
