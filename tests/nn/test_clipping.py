"""Bounds on gradients: what each does to a gradient, and how many steps it touches."""

import numpy as np
import pytest

from tests.nn.catalogue import from_text
from tests.nn.helpers import Net
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import losses
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.optimizers.limits import Clip

LAYERS = ("linear: 5", "tanh", "linear: {units: 4, freeze: true}", "tanh", "output")
BOUNDS = [Clip(norm=0.1), Clip(value=0.02), Clip(norm=0.05, by_tensor=True), Clip(adaptive=0.01)]


def make(clip, layer_texts=LAYERS, seeds=(0,), **options):
    built = [from_text(layers, text) for text in layer_texts]
    return Net(built, losses["mse"](), from_text(optimizers, "sgd"), seeds=seeds, clip=clip, **options)


def gradients(clip):
    """By name: the gradient without the bound, with it, and the weights."""
    free, bounded = make(Clip()), make(clip)
    before = {name: view.copy() for name, view in bounded.state.views("parameters").items()}
    free.train(1, 1.0)
    bounded.train(1, 1.0)
    raw, after = free.state.views("gradients"), bounded.state.views("parameters")
    return {name: (raw[name], before[name] - after[name], before[name]) for name in before}


@pytest.mark.parametrize("share", [0.25, 4.0])
def test_by_norm_keeps_the_direction_of_all_gradients_together(share):
    length = np.sqrt(sum((raw**2).sum() for raw, _, _ in gradients(Clip()).values()))
    for raw, clipped, _ in gradients(Clip(norm=share * length)).values():
        np.testing.assert_allclose(clipped, raw * min(share, 1.0), rtol=1e-5, atol=1e-12)


def test_by_value_bounds_each_element():
    for raw, clipped, _ in gradients(Clip(value=0.05)).values():
        np.testing.assert_allclose(clipped, raw.clip(-0.05, 0.05), rtol=1e-9, atol=1e-15)


def test_by_tensor_each_has_a_norm_of_its_own():
    """As Keras' clipnorm."""
    bound = float(np.median([np.linalg.norm(raw) for raw, _, _ in gradients(Clip()).values()]))
    for raw, clipped, _ in gradients(Clip(norm=bound, by_tensor=True)).values():
        factor = min(1.0, bound / (np.linalg.norm(raw) + 1e-6))
        np.testing.assert_allclose(clipped, raw * factor, rtol=1e-9, atol=1e-15)


def test_adaptive_goes_by_the_weights_of_each_unit():
    """As optax.adaptive_grad_clip: columns of a matrix, and a vector as one unit; zero biases count as 1e-3 long."""
    for raw, clipped, weights in gradients(Clip(adaptive=0.1)).values():
        axis = 0 if raw.ndim > 1 else None
        longest = 0.1 * np.maximum(np.linalg.norm(weights, axis=axis), 1e-3)
        factor = np.minimum(1.0, longest / np.maximum(np.linalg.norm(raw, axis=axis), 1e-6))
        np.testing.assert_allclose(clipped, raw * factor, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("clip", BOUNDS)
def test_counts_the_steps_that_were_clipped(clip):
    loose = {name: 1e9 for name in ("norm", "value", "adaptive") if getattr(clip, name)}
    net, free = make(clip), make(clip._replace(**loose))
    net.train(3, 1e-3)
    free.train(3, 1e-3)
    assert net.state.clipped == 3
    assert free.state.clipped == 0


@pytest.mark.parametrize("clip", BOUNDS)
def test_a_gradient_of_zero_stays_zero(clip):
    net = make(clip, ("linear: 5", "output"))
    net.parameters[:] = 0.0
    net.step.y[:] = 0.0
    net.train(3)
    assert not net.parameters.any()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("clip", BOUNDS)
def test_replicas_are_clipped_alone(clip, dtype):
    together = make(clip, seeds=(3, 1, 2), stacked=True, dtype=dtype)
    together.train(4, 0.1)
    for i, seed in enumerate((3, 1, 2)):
        alone = make(clip, seeds=(seed,), dtype=dtype)
        alone.train(4, 0.1)
        np.testing.assert_array_equal(together.parameters[i], alone.parameters)
        assert together.state.clipped[i] == alone.state.clipped
