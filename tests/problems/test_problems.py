"""Every problem builds, says what it is, has the derivative of its loss, its start and its minima, and trains."""

import re
from io import BytesIO

import numpy as np
import pytest

from tests.nn.catalogue import from_text
from tests.nn.helpers import Net, assert_slope
from zen_cli.experiment import from_file
from zen_cli.nn.initializers import Constant
from zen_cli.nn.optimizers import optimizers
from zen_cli.problems import problems
from zen_cli.problems.point import Point, Start
from zen_cli.problems.surface import Distance, Surface
from zen_cli.registry import options_of
from zen_cli.resolved import digest, resolved_text
from zen_cli.training.training import Training

NAMES = list(problems)
SURFACES = [name for name in NAMES if issubclass(problems[name], Surface)]
OTHERS = ["{quadratic: 3}", "{rosenbrock: {start: [0, 3]}}", "{type: beale, jitter: 0.1}"]
ADAM = "optimizer: {type: adam, lr: 0.05}\ntrainer: {epochs: 30}\n"


def experiment(text):
    return from_file("-", stdin=BytesIO(text.encode()))


def ended(text, seeds=None):
    training = Training(experiment(text), seeds)
    *_, end = training.events(lambda: 0.0)
    return training, end


@pytest.mark.parametrize("name", NAMES)
def test_says_its_formula_minimum_start_and_source(name):
    text = problems[name].__doc__
    assert re.search(r"^[fL]\S* = |^f\(x, y\) = ", text.splitlines()[0])
    assert "starts at" in text and "at" in text and ">>>" in text
    assert re.search(r"^ +Source: \w.+\.$", text, re.MULTILINE | re.DOTALL)
    assert all(option.help and not option.help.endswith(".") for option in options_of(problems[name]))


@pytest.mark.parametrize("text", NAMES + OTHERS)
def test_the_derivative_of_the_loss_is_its_slope(text):
    problem = from_text(problems, text)
    for rows in (1, 5):
        layers = list(problem.network().layers)
        net = Net(layers, problem.loss(), inputs=(1,), rows=rows, target=problem.target())
        assert_slope(net, text)


@pytest.mark.parametrize("name", NAMES)
def test_float32_stays_float32(name):
    problem = problems[name]()
    net = Net(list(problem.network().layers), problem.loss(), inputs=(1,), target=problem.target(), dtype="float32")
    net.train(3, 1e-4)
    arrays = [*net.state.vectors.values(), *net.step.program.code.arrays.values()]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


@pytest.mark.parametrize("text", [*NAMES, "{type: rosenbrock, jitter: 0.2}"])
def test_each_of_several_seeds_is_the_net_of_that_seed(text):
    text = f"problem: {text}\n{ADAM}"
    stack, end = ended(text, [3, 1, 4])
    for replica, seed in enumerate([3, 1, 4]):
        alone, one = ended(text, seed)
        assert np.array_equal(alone.state.vectors["parameters"], stack.state.vectors["parameters"][replica])
        assert one.train == {name: values[replica] for name, values in end.train.items()}


@pytest.mark.parametrize("name", NAMES)
def test_training_lowers_the_loss(name):
    training, end = ended(f"problem: {name}\n{ADAM}")
    assert end.train["loss"] < Training(training.experiment).first_loss()


@pytest.mark.parametrize("text", [*NAMES, *OTHERS])
def test_the_resolved_config_is_read_back_as_the_same(text):
    first = experiment(f"name: a\nproblem: {text}\n{ADAM}")
    again = experiment(resolved_text(first))
    assert resolved_text(again) == resolved_text(first)
    assert digest(again) == digest(first)
    assert "problem:" in resolved_text(first) and "data:" not in resolved_text(first)


def test_the_resolved_config_says_what_was_not_stated():
    text = resolved_text(experiment("name: a\nproblem: rosenbrock\n"))
    assert "problem: {type: rosenbrock, start: [-1.2, 1.0], jitter: 0.0}" in text
    assert "epochs: 1000\n  batch_size: full" in text


# --- surfaces -------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", SURFACES)
def test_the_function_is_lowest_at_its_minima(name):
    problem = problems[name]()
    around = np.stack(np.meshgrid(*[np.linspace(-1e-3, 1e-3, 5)] * 2), -1).reshape(-1, 2)
    for x, y in problem.minima:
        assert problem.height(x, y) == pytest.approx(0.0, abs=1e-20)
        assert (problem.height(x + around[:, 0], y + around[:, 1]) >= 0).all()


@pytest.mark.parametrize("name", SURFACES)
def test_the_loss_is_the_function_at_the_start(name):
    problem = problems[name]()
    found = Training(experiment(f"problem: {name}\ntrainer: {{dtype: float64}}\n")).first_loss()
    assert found == pytest.approx(problem.height(*problem.start), rel=1e-12)


@pytest.mark.parametrize("name", SURFACES)
def test_a_start_of_three_numbers_is_refused(name):
    with pytest.raises(Exception, match="start needs 2 numbers, found 3"):
        from_text(problems, f"{name}: {{start: [1, 2, 3]}}")


def test_seeds_differ_by_jitter_only():
    text = "problem: {type: beale, jitter: %s}\ntrainer: {epochs: 1}\n"
    alike, apart = (ended(text % jitter, [0, 1])[1].train["loss"] for jitter in (0.0, 0.1))
    assert alike[0] == alike[1] and apart[0] != apart[1]


def test_the_trap_beside_the_start_of_freudenstein_and_roth():
    _, end = ended("problem: freudenstein_roth\noptimizer: {type: adam, lr: 0.05}\ntrainer: {epochs: 2000}\n")
    assert end.train["loss"] == pytest.approx(48.98425, rel=1e-4)


def test_a_steep_valley_bears_no_rate_above_two_over_its_condition():
    for rate, status in ((0.019, "completed"), (0.021, "diverged")):
        text = f"problem: {{quadratic: 100}}\noptimizer: {{type: sgd, lr: {rate}}}\ntrainer: {{epochs: 4000}}\n"
        assert ended(text)[1].status == status


def test_distance_is_from_the_nearest():
    metric = Distance(((0.0, 0.0), (3.0, 0.0)))
    assert metric(np.array([[0.0, 1.0], [3.0, 3.0]]), np.zeros((2, 2))) == 2.0


# --- the point ------------------------------------------------------------------------------------
def test_a_point_moves_by_the_mean_of_what_the_rows_want():
    """mse of 2 outputs: each row pulls with (p - y), so that the step is rate times their mean."""
    from zen_cli.nn.losses import Target, losses

    net = Net([Point(Constant(1.0))], losses["mse"](), optimizers["sgd"](), inputs=(1,), rows=4, target=Target(0, 2))
    wanted = net.step.y.mean(axis=0)
    net.train(1, 0.1)
    assert net.parameters == pytest.approx(1.0 - 0.1 * (1.0 - wanted))


def test_start_draws_around_its_position():
    drawn = [Start([1.0, 2.0], 0.5).draw(np.random.default_rng(seed), (2,), (1, 2)) for seed in range(400)]
    assert np.mean(drawn, axis=0) == pytest.approx([1.0, 2.0], abs=0.1)
    assert np.std(drawn, axis=0) == pytest.approx([0.5, 0.5], abs=0.05)
