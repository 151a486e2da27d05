"""Rules that take several gradients a step: SAM, L-BFGS and its line search; and Lookahead."""

import numpy as np
import pytest

from tests.nn.catalogue import from_text
from tests.nn.helpers import Net
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import losses
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.optimizers.line_search import Bounds, Point, strong_wolfe
from zen_cli.nn.worked import walk

LAYERS = ("linear: 6", "tanh", "output")


def make(optimizer, texts=LAYERS, seeds=(0,), **options):
    built = [from_text(layers, text) for text in texts]
    return Net(built, losses["mse"](), from_text(optimizers, optimizer), seeds=seeds, **options)


def test_sam_takes_its_gradient_uphill_and_steps_from_where_it_is():
    net, plain = make("{sam: {rho: 0.3, of: {sgd: {lr: 1.0}}}}"), make("sgd")
    plain.loss_here()
    start, uphill = plain.parameters.copy(), plain.gradients / np.linalg.norm(plain.gradients)
    before = float(plain.step.loss)
    plain.parameters[:] = start + 0.3 * uphill
    plain.loss_here()
    net.train(1, 1.0)
    np.testing.assert_allclose(net.parameters, start - plain.gradients, rtol=1e-9)
    assert float(net.step.loss) == before


def test_sam_draws_the_same_noise_twice():
    """With another mask uphill, the second gradient of a net that is linear in its weights would be another one."""
    net, plain = (make(text, ("dropout: 0.5", "linear: 3")) for text in ("{sam: {rho: 1e-9, of: sgd}}", "sgd"))
    net.train(1, 1.0)
    plain.train(1, 1.0)
    np.testing.assert_allclose(net.gradients, plain.gradients, rtol=1e-6)


def test_lookahead_goes_back_half_the_way_every_k_steps():
    rng = np.random.default_rng(0)
    gradients = rng.standard_normal((6, 4))
    found = walk(from_text(optimizers, "{lookahead: {k: 3, alpha: 0.5, of: {sgd: {lr: 0.1}}}}"), np.ones(4), gradients)
    slow = np.ones(4)
    for i in (0, 3):
        fast = slow - 0.1 * np.cumsum(gradients[i : i + 3], axis=0)
        np.testing.assert_allclose(found[i : i + 2], fast[:2], rtol=1e-12)
        slow = slow + 0.5 * (fast[2] - slow)
        np.testing.assert_allclose(found[i + 2], slow, rtol=1e-12)


def test_lbfgs_reaches_the_bottom_that_others_do_not():
    """A full batch: in ten steps from the same start, far below what adam reaches in two hundred."""
    lbfgs, adam = make("{type: lbfgs, line_search: strong_wolfe}", rows=20), make("{type: adam, lr: 0.01}", rows=20)
    lbfgs.train(10, 1.0)
    adam.train(200, 0.01)
    assert float(lbfgs.step.loss) < 0.05 * float(adam.step.loss)


def test_lbfgs_counts_its_gradients_and_leaves_the_loss_before_the_step():
    net, plain = make("lbfgs: {max_iter: 4}"), make("sgd")
    plain.loss_here()
    net.train(1, 1.0)
    assert net.state.vectors["optimizer.evaluations"] == 4
    assert float(net.step.loss) == float(plain.step.loss)


@pytest.mark.parametrize("text", ["lbfgs", "{lbfgs: {line_search: strong_wolfe, history_size: 3}}", "sam", "muon"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_nets_in_a_stack_go_their_own_ways_with_their_own_noise(text, dtype):
    texts = ("linear: 6", "dropout: 0.2", "tanh", "linear: 5", "tanh", "output")
    together = make(text, texts, seeds=(3, 1, 2), stacked=True, dtype=dtype)
    together.train(4, np.array([1.0, 0.1, 0.01]))
    for i, (seed, lr) in enumerate(zip((3, 1, 2), (1.0, 0.1, 0.01), strict=True)):
        alone = make(text, texts, seeds=(seed,), dtype=dtype)
        alone.train(4, lr)
        for name, vector in alone.state.vectors.items():
            np.testing.assert_array_equal(together.state.vectors[name][i], vector, name)
        assert together.step.loss[i] == alone.step.loss


def test_a_rate_of_zero_moves_nothing():
    for text in ("lbfgs", "{lbfgs: {line_search: strong_wolfe}}", "sam", "lookahead"):
        net = make(text)
        start = net.parameters.copy()
        net.train(2, 0.0)
        np.testing.assert_array_equal(net.parameters, start)


def searched(loss, slope, t, evaluations=25):
    """The point that the search chooses along a line."""
    start = Point(0.0, loss(0.0), np.zeros(1), slope(0.0))
    search = strong_wolfe(start, t, Bounds(1.0, 1e-9, evaluations))
    t = next(search)
    while True:
        try:
            t = search.send(Point(t, loss(t), np.zeros(1), slope(t)))
        except StopIteration as found:
            return start, *found.value


@pytest.mark.parametrize("t", [1e-4, 0.01, 1.0, 10.0])
@pytest.mark.parametrize("k", [1, 3])
def test_line_search_finds_a_point_that_fulfils_the_strong_wolfe_conditions(t, k):
    """Moré and Thuente's first function; a wave on a slope."""
    loss = (lambda t: -t / (t * t + 2)) if k == 1 else (lambda t: 0.1 * (t - 3) ** 2 - np.sin(k * t))
    slope = (lambda t: (t * t - 2) / (t * t + 2) ** 2) if k == 1 else (lambda t: 0.2 * (t - 3) - k * np.cos(k * t))
    start, found, evaluations = searched(loss, slope, t)
    assert found.loss <= start.loss + 1e-4 * found.t * start.slope
    assert abs(found.slope) <= -0.9 * start.slope
    assert evaluations <= 25


def test_line_search_ends_where_nothing_is_a_number():
    _, found, evaluations = searched(lambda t: 0.0 if t == 0 else np.nan, lambda t: -1.0 if t == 0 else np.nan, 1.0, 7)
    assert evaluations <= 8
    assert found.t >= 0.0
