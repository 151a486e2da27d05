"""What tells the optimizers apart, in numbers worked by hand."""

import numpy as np
import pytest

from tests.nn.catalogue import from_text, swept
from tests.nn.helpers import Net
from zen_cli.errors import ZenError
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import losses
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.optimizers.adabelief import AdaBelief
from zen_cli.nn.optimizers.adagrad import Adadelta, Adagrad
from zen_cli.nn.optimizers.adam import Adam
from zen_cli.nn.optimizers.adamax import Adamax
from zen_cli.nn.optimizers.adan import Adan
from zen_cli.nn.optimizers.radam import RAdam
from zen_cli.nn.optimizers.rmsprop import Rmsprop
from zen_cli.nn.optimizers.sgd import Momentum, Nesterov, Sgd
from zen_cli.nn.optimizers.sign import Lion, Rprop
from zen_cli.nn.worked import walk


def make(text, seeds=(0,), **options):
    built = [from_text(layers, layer) for layer in ("linear: 5", "tanh", "output")]
    return Net(built, losses["mse"](), from_text(optimizers, text), seeds=seeds, **options)


@pytest.mark.parametrize(("alpha", "first"), [(0.99, 10.0), (0.9, 10**0.5)])
@pytest.mark.parametrize("size", [1e-3, 1.0, 1e4])
def test_first_step_of_rmsprop_is_the_rate_over_a_root_whatever_the_gradient(alpha, first, size):
    visited = walk(Rmsprop(lr=0.1, alpha=alpha), 0.0, [size])
    assert visited[0] == pytest.approx(-0.1 * first, rel=2e-4)


def test_rmsprop_with_eps_beside_the_root():
    """g = 1e-8, sqrt(0.01) g = 1e-9, eps = 1e-8: g / 1.1e-8. Inside the root it would be g / 1e-4."""
    assert walk(Rmsprop(lr=1.0), 0.0, [1e-8])[0] == pytest.approx(-1 / 1.1, rel=1e-12)


def test_centered_rmsprop_survives_a_gradient_that_never_changes():
    """v - a^2 falls to zero there, and below it by rounding."""
    visited = walk(Rmsprop(lr=0.1, alpha=0.5, centered=True), 0.0, [0.1] * 200)
    assert np.isfinite(visited).all()


def test_a_lower_rate_slows_momentum_at_once():
    net = make("{type: momentum, momentum: 0.9}")
    for lr, size in ((1.0, None), (1.0, None), (0.1, 0.1)):
        before = net.parameters.copy()
        net.gradients[:] = 1.0
        net.train(1, lr)
        step = before - net.parameters
        slot = net.state.vectors["optimizer.momentum"]
        np.testing.assert_allclose(step, lr * slot, rtol=1e-9)
        assert size is None or np.allclose(step / slot, size)


def test_dampening_spares_the_first_step():
    visited = walk(Momentum(lr=1.0, momentum=0.5, dampening=0.5), 0.0, [1, 1, 1])
    np.testing.assert_allclose(np.diff(visited, prepend=0.0), [-1, -(0.5 + 0.5), -(0.5 + 0.5)], rtol=1e-15)


def test_nesterov_looks_one_step_ahead():
    visited = walk(Nesterov(lr=1.0, momentum=0.5), 0.0, [1, 0])
    np.testing.assert_allclose(visited, [-1.5, -1.75], rtol=1e-15)


def test_weight_decay_of_sgd_joins_the_gradient():
    np.testing.assert_allclose(walk(Sgd(lr=0.1, weight_decay=0.5), 2.0, [3.0]), [2.0 - 0.1 * (3.0 + 0.5 * 2.0)])


@pytest.mark.parametrize("text", swept(optimizers))
def test_a_copied_state_goes_on_bit_for_bit(text):
    whole, first, second = make(text), make(text), make(text)
    whole.train(10)
    first.train(5)
    for name, array in first.state.tensors().items():
        second.state.tensors()[name][...] = array
    second.t = 5
    second.train(5)
    for name, vector in whole.state.vectors.items():
        np.testing.assert_array_equal(second.state.vectors[name], vector, name)


@pytest.mark.parametrize("text", list(optimizers))
def test_a_second_training_with_the_same_optimizer_object_starts_afresh(text):
    optimizer = from_text(optimizers, text)
    built = [from_text(layers, layer) for layer in ("linear: 5", "tanh", "output")]
    first, second = (Net(built, losses["mse"](), optimizer) for _ in range(2))
    first.train(5)
    remembered = [vector for name, vector in second.state.vectors.items() if name.startswith("optimizer.")]
    assert not any(vector.any() for vector in remembered)
    second.train(5)
    np.testing.assert_array_equal(first.parameters, second.parameters)


# --- rules that the first step, or a step's count, changes ----------------------------------------
def test_adagrad_and_adadelta_start_where_they_say():
    assert walk(Adagrad(lr=1.0, initial_accumulator_value=9.0, eps=0.0), 0.0, [4.0])[0] == pytest.approx(-4 / 5)
    visited = walk(Adadelta(rho=0.5, eps=1e-4), 0.0, [1.0])
    assert visited[0] == pytest.approx(-((1e-4 / 0.5001) ** 0.5), rel=1e-12)


def test_adamax_remembers_the_largest_gradient():
    moves = np.diff(walk(Adamax(lr=1.0, betas=(0.0, 0.5)), 0.0, [8.0, 1.0, 1.0, 4.0]), prepend=0.0)
    np.testing.assert_allclose(moves, [-1, -1 / 4, -1 / 2, -1], rtol=1e-7)


def test_radam_is_momentum_until_it_trusts_the_squares():
    """With b2 = 0.999 rho is 4.996 in the fifth step and 5.994 in the sixth."""
    visited = walk(RAdam(lr=0.1, betas=(0.0, 0.999)), 0.0, [3.0] * 6)
    moves = -np.diff(visited, prepend=0.0)
    np.testing.assert_allclose(moves[:5], 0.3, rtol=1e-12)
    rho, longest = 1999 - 12 * 0.999**6 / (1 - 0.999**6), 1999
    ratio = (rho - 4) * (rho - 2) * longest / ((longest - 4) * (longest - 2) * rho)
    assert moves[5] == pytest.approx(0.1 * ratio**0.5, rel=1e-6)


def test_rprop_starts_at_the_rate_and_leaves_out_the_step_after_a_turn():
    moves = np.diff(walk(Rprop(lr=0.1), 0.0, [1.0, 1.0, -1.0, -1.0, -1.0]), prepend=0.0)
    np.testing.assert_allclose(moves, [-0.1, -0.12, 0.0, 0.06, 0.072], rtol=1e-12, atol=1e-15)
    bounded = np.diff(walk(Rprop(lr=0.1, step_sizes=(0.02, 0.11)), 0.0, [1.0] * 3 + [-1.0, 1.0] * 4), prepend=0.0)
    assert abs(bounded).max() == pytest.approx(0.11)


@pytest.mark.parametrize("options", ["etas: [0.5, 0.9]", "etas: [1.0, 1.2]", "step_sizes: [2, 1]"])
def test_rprop_refuses_factors_and_bounds_the_wrong_way_round(options):
    with pytest.raises(ZenError, match="must be"):
        from_text(optimizers, f"rprop: {{{options}}}")


def test_lion_moves_by_the_rate_and_stays_where_there_is_no_gradient():
    visited = walk(Lion(lr=0.1), [0.0, 0.0], [[1e-9, 0.0], [-1e9, 0.0]])
    np.testing.assert_allclose(visited, [[-0.1, 0.0], [0.0, 0.0]], atol=1e-15)


def test_adabelief_takes_large_steps_where_gradients_agree():
    """A constant g: m is (1 - 0.5^t) g, so that s is smaller than the mean square of g in every step."""
    betas = (0.5, 0.5)
    belief, adam = (-walk(kind(lr=0.1, betas=betas), 0.0, [1.0] * 5)[-1] for kind in (AdaBelief, Adam))
    assert belief > 2 * adam


def test_adan_has_no_change_in_its_first_step():
    betas = (0.0, 0.5, 0.0)
    moves = -np.diff(walk(Adan(lr=1.0, betas=betas, eps=0.0), 0.0, [2.0, 4.0]), prepend=0.0)
    np.testing.assert_allclose(moves, [1.0, (4 + 0.5 * 1 / 0.75) / (4 + 0.5 * 2)], rtol=1e-12)


def test_weight_decay_of_adan_divides():
    visited = walk(Adan(lr=0.5, weight_decay=0.5), 1.0, [0.0, 0.0])
    np.testing.assert_allclose(visited, [1 / 1.25, 1 / 1.25**2], rtol=1e-15)


def test_asgd_remembers_the_mean_of_where_it_was():
    net = make("{type: asgd, lambd: 0.0, t0: 2}")
    visited = []
    for _ in range(6):
        net.train(1)
        visited.append(net.parameters.copy())
    slot = net.state.vectors["optimizer.average"]
    np.testing.assert_allclose(slot, np.mean(visited[3:], axis=0), rtol=1e-12)
