"""The way over a surface is that of its training."""

import io
import math

import pytest

from zen_cli.config.load import load
from zen_cli.experiment import from_config
from zen_cli.training.events import Epoch
from zen_cli.training.path import path
from zen_cli.training.training import Training


def experiment(problem, optimizer, epochs=20, extra=""):
    text = f"problem: {problem}\noptimizer: {optimizer}\ntrainer: {{epochs: {epochs}, dtype: float64{extra}}}\n"
    return from_config(load("-", stdin=io.BytesIO(text.encode())))


def test_gradient_descent_on_a_quadratic_by_hand():
    found = path(experiment("{quadratic: 10}", "{type: sgd, lr: 0.1}", 3))
    assert found.places == [pytest.approx(place) for place in [(1, 1), (0.9, 0), (0.81, 0), (0.729, 0)]]
    assert found.steps == 3 and found.height == pytest.approx(0.729**2 / 2) and not found.diverged


def test_each_place_is_as_high_as_the_loss_before_the_next_step():
    it = experiment("rosenbrock", "{type: adam, lr: 0.1}")
    losses = [event.train["loss"] for event in Training(it).events(lambda: 0.0) if isinstance(event, Epoch)]
    assert [it.problem.height(*place) for place in path(it).places[:-1]] == pytest.approx(losses, rel=1e-12)


def test_one_that_diverges_says_so_and_stays_finite():
    found = path(experiment("rosenbrock", "{type: sgd, lr: 1.0}"))
    assert found.diverged and all(math.isfinite(value) for place in found.places for value in place)
    assert 1 <= found.steps < 20


def test_a_run_that_goes_far_gives_no_warning():
    it = experiment("rosenbrock", "{type: sgd, lr: 1.0}")
    (distance,) = list(Training(it).events(lambda: 0.0))[-1].train["distance"],
    assert distance > 1e100
