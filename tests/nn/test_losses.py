"""Conventions and traps of the losses, in numbers worked by hand; each was wrong in a network someone wrote."""

import math

import numpy as np
import pytest

from tests.nn.catalogue import from_text
from tests.nn.helpers import COLUMNS, Net, data, loss_rows
from zen_cli.errors import ZenError
from zen_cli.nn.layers import layers
from zen_cli.nn.losses import Target, losses
from zen_cli.nn.optimizers import optimizers
from zen_cli.nn.programs import Batch, Inference, TrainingStep

EXTREME = [[1000.0, -1000.0, 0.0], [-1000.0, -1000.0, 1000.0], [1000.0, 1000.0, 1000.0]]
ONE_HOT = np.eye(3)


def net(*texts, loss="mse", **options):
    return Net([from_text(layers, text) for text in texts], from_text(losses, loss), **options)


def test_mse_gradient_is_the_same_for_a_batch_and_for_its_copies():
    """A gradient that forgets to divide by the rows is as many times too big."""
    for copies in (1, 4, 32):
        _, gradient = loss_rows("mse", [[1.0, 2.0]] * copies, [[0.0, 4.0]] * copies)
        np.testing.assert_allclose(gradient.sum(0), [1.0, -2.0], rtol=1e-15)


def test_mse_is_the_mean_over_outputs_and_rows():
    rows, gradient = loss_rows("mse", [[1.0, 2.0], [0.0, 0.0]], [[0.0, 4.0], [0.0, 0.0]])
    np.testing.assert_allclose(rows, [2.5, 0.0])
    np.testing.assert_allclose(gradient, [[2 / 4, -4 / 4], [0, 0]])


def test_cross_entropy_is_the_mean_over_rows_not_their_sum_nor_over_classes():
    for rows in (1, 4, 32):
        found, _ = loss_rows("cross_entropy", np.zeros((rows, 3)), np.zeros(rows, np.intp))
        np.testing.assert_allclose(found, math.log(3), rtol=1e-15)
    n = net("linear: {units: 3, init: zeros}", loss="cross_entropy", target=Target(3), rows=7)
    assert n.loss_here() == pytest.approx(math.log(3), rel=1e-14)


def test_cross_entropy_gradient_is_probability_less_target_over_the_rows():
    """Through a softmax layer too: its derivative may not be taken twice."""
    scores, target = np.array([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]]), ONE_HOT[[1, 0]]
    p = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    for front in (None, "softmax"):
        _, gradient = loss_rows("cross_entropy", scores, target, front)
        np.testing.assert_allclose(gradient, (p - target) / 2, rtol=1e-14)


def test_binary_cross_entropy_gradient_is_probability_less_target():
    scores, target = np.array([[2.0], [-1.0]]), np.array([[0.0], [1.0]])
    for front in (None, "sigmoid"):
        _, gradient = loss_rows("bce", scores, target, front)
        np.testing.assert_allclose(gradient, (1 / (1 + np.exp(-scores)) - target) / 2, rtol=1e-14)


def test_mse_and_cross_entropy_differ_for_two_classes():
    """A loss that is named but not used gives equal numbers."""
    texts = ("linear: 4", "tanh", "linear: 2", "softmax")
    mse, cross_entropy = (net(*texts, loss=loss, target=Target(2)) for loss in ("mse", "cross_entropy"))
    assert abs(mse.loss_here() - cross_entropy.loss_here()) > 0.1
    assert np.abs(mse.gradients - cross_entropy.gradients).max() > 0.01


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("front", [None, "softmax", "sigmoid"])
@pytest.mark.parametrize("text", list(losses))
def test_scores_of_a_thousand_are_finite(text, front, dtype):
    with np.errstate(over="ignore", under="ignore"):
        rows, gradient = loss_rows(text, np.array(EXTREME, dtype), ONE_HOT.astype(dtype), front)
    assert rows.dtype == dtype
    assert np.isfinite(rows).all()
    assert np.isfinite(gradient).all()


def test_a_class_with_no_probability_left_costs_its_distance_and_still_learns():
    """log(0) made it NaN; clipped, it would have no gradient."""
    for front in (None, "softmax"):
        rows, gradient = loss_rows("cross_entropy", [[1000.0, 0.0]], [[0.0, 1.0]], front)
        assert rows.item() == 1000.0
        np.testing.assert_array_equal(gradient, [[1.0, -1.0]])


def test_a_certain_and_right_row_costs_nothing():
    for text, front in (("cross_entropy", "softmax"), ("bce", "sigmoid")):
        with np.errstate(over="ignore"):
            rows, gradient = loss_rows(text, [[1000.0, -1000.0]], [[1.0, 0.0]], front)
        assert rows.item() == 0.0
        assert not gradient.any()


def test_softmax_takes_the_largest_of_each_row_not_of_the_batch():
    n = net("softmax", inputs=(2,), rows=3, target=Target(0, 2))
    n.inference.x[...] = [[0, 0], [1000, 1000], [-1000, -1000]]
    n.inference.run()
    assert (n.inference.prediction == 0.5).all()


def test_probabilities_sum_to_one_and_are_what_the_loss_means():
    n = net("output", loss="cross_entropy", target=Target(3))
    n.inference.run()
    np.testing.assert_allclose(n.inference.prediction.sum(1), 1, rtol=1e-14)
    seen = net("linear: 3", "softmax", loss="cross_entropy", target=Target(3))
    seen.inference.run()
    np.testing.assert_array_equal(seen.inference.prediction, n.inference.prediction)
    one = net("output", loss="bce", target=Target(2))
    one.inference.run()
    assert ((one.inference.prediction > 0) & (one.inference.prediction < 1)).all()


@pytest.mark.parametrize("text", ["cross_entropy", "cross_entropy: {label_smoothing: 0.1}"])
def test_labels_and_one_hot_rows_give_the_same_bits(text):
    scores, labels = np.random.default_rng(0).standard_normal((6, 3)), np.array([0, 2, 1, 1, 0, 2])
    for one, other in zip(loss_rows(text, scores, labels), loss_rows(text, scores, ONE_HOT[labels]), strict=True):
        np.testing.assert_array_equal(one, other)


def test_many_classes_stay_labels():
    encoded = losses["cross_entropy"]().encode(np.array([0, 299]), Target(300), 300)
    np.testing.assert_array_equal(encoded, [0, 299])
    assert losses["cross_entropy"]().encode(np.array([0, 2]), Target(3), 3).tolist() == [[1, 0, 0], [0, 0, 1]]


def test_label_smoothing_takes_its_share_from_every_class():
    """Target (0.95, 0.05): 0.95 log(1 + e^-2) + 0.05 (2 + log(1 + e^-2))."""
    rows, _ = loss_rows("cross_entropy: {label_smoothing: 0.1}", [[2.0, 0.0]], [[1.0, 0.0]])
    assert rows.item() == pytest.approx(math.log(1 + math.exp(-2)) + 0.1, rel=1e-14)


def test_class_weights_multiply_the_loss_of_their_rows():
    weights = {"loss.class_weights": np.array([3.0, 0.5])}
    rows, _ = loss_rows("cross_entropy: {class_weights: [3, 0.5]}", np.zeros((2, 2)), np.eye(2), **weights)
    np.testing.assert_allclose(rows, [3 * math.log(2), 0.5 * math.log(2)], rtol=1e-14)


def test_balanced_weights_make_classes_count_the_same():
    loss = from_text(losses, "cross_entropy: {class_weights: balanced}")
    labels = np.array([0, 0, 0, 1, 1, 1, 1, 2])
    (weights,) = loss.constants(labels, Target(3)).values()
    np.testing.assert_allclose(weights, [8 / 9, 8 / 12, 8 / 3])
    np.testing.assert_allclose(weights[labels].sum(), 8)
    (again,) = loss.constants(ONE_HOT[labels], Target(0, 3)).values()
    np.testing.assert_allclose(again, weights)


def test_a_class_without_rows_gets_a_finite_weight():
    loss = from_text(losses, "cross_entropy: {class_weights: balanced}")
    (weights,) = loss.constants(np.array([0, 0, 1]), Target(3)).values()
    assert np.isfinite(weights).all()


@pytest.mark.parametrize(("weights", "words"), [("[1, 2]", "2 numbers for 3 classes"), ("equal", "found 'equal'")])
def test_class_weights_that_do_not_fit_are_refused(weights, words):
    loss = from_text(losses, f"cross_entropy: {{class_weights: {weights}}}")
    with pytest.raises(ZenError, match=words):
        loss.constants(np.array([0, 1, 2]), Target(3))


def test_class_weights_below_zero_are_refused_where_they_are_written():
    with pytest.raises(ZenError, match=r"class_weights\[1\].*-1"):
        from_text(losses, "cross_entropy: {class_weights: [1, -1]}")


@pytest.mark.parametrize("text", list(losses))
@pytest.mark.parametrize(("units", "shape"), [(1, ()), (3, ()), (3, (1,)), (1, (3,)), (3, (2,)), (3, (3, 1))])
def test_targets_of_another_shape_are_refused_by_both_shapes(text, units, shape):
    """(n, 1) less (n,) is (n, n) in NumPy, silently."""
    base = net(f"linear: {units}", target=Target(0, units))
    for program in (TrainingStep, Inference):
        optimizer = [optimizers["sgd"]()] if program is TrainingStep else []
        with pytest.raises(ZenError) as caught:
            program(base.network, from_text(losses, text), *optimizer, base.state, Batch(5, shape))
        assert str((5, *shape)) in str(caught.value)
        assert str((5, units)) in str(caught.value)


@pytest.mark.parametrize("text", list(losses))
def test_a_single_row_trains(text):
    n = net("linear: 4", "tanh", "output", loss=text, rows=1, target=Target(2))
    before = n.loss_here()
    n.train(20, 0.5)
    assert float(n.step.loss) < before


def test_gradients_of_two_passes_are_not_summed():
    n = net("linear: 4", "tanh", "output", target=COLUMNS)
    n.loss_here()
    first = n.gradients.copy()
    n.loss_here()
    np.testing.assert_array_equal(n.gradients, first)


@pytest.mark.parametrize("text", list(losses))
def test_the_callers_rows_are_left_as_they_were(text):
    n = net("linear: 4", "relu", "output", loss=text, target=Target(3), rows=6)
    x, values, y = data(from_text(losses, text), Target(3), (6, 4), 3, 0)
    kept = [array.copy() for array in (x, values, y, n.step.y, n.inference.y)]
    n.train(3)
    from_text(losses, text).constants(values, Target(3))
    for before, after in zip(kept, (x, values, y, n.step.y, n.inference.y), strict=True):
        np.testing.assert_array_equal(after, before)
    np.testing.assert_array_equal(n.step.x, x)
