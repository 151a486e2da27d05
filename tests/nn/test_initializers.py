"""What an initializer draws is what its docstring's formula says, and follows from the seed alone."""

import math
import re

import numpy as np
import pytest

from tests.nn.catalogue import from_text, variants
from zen_cli.nn.initializers import initializers
from zen_cli.registry import options_of

FANS = (300, 500)
SHAPE = (300, 500)
RANDOM = [text for text in variants(initializers) if "w ~" in from_text(initializers, text).__doc__]


def draw(text, seed=0, shape=SHAPE, fans=FANS):
    return from_text(initializers, text).draw(np.random.default_rng(seed), shape, fans)


def promised(initializer):
    """The distribution in the first line of the docstring: mean, variance, bounds."""
    line = initializer.__doc__.splitlines()[0]
    kind, first, second = re.match(r"w ~ ([UN])\((.+?), (.+)\)(?=[.,:])", line).groups()
    names = {"fan_in": FANS[0], "fan_out": FANS[1], "sqrt": math.sqrt}
    names |= {option.name: getattr(initializer, option.name) for option in options_of(type(initializer))}
    if a := re.search(r", a = (.+?)[:.](?: |$)", line):
        names["a"] = eval(a[1], names)
    first, second = (eval(part.replace("^", "**"), names) for part in (first, second.split("), a")[0]))
    if kind == "N":
        return first, second, (-math.inf, math.inf)
    return (first + second) / 2, (second - first) ** 2 / 12, (first, second)


@pytest.mark.parametrize("text", RANDOM)
def test_mean_variance_and_bounds(text):
    mean, variance, (low, high) = promised(from_text(initializers, text))
    w = draw(text)
    deviation = math.sqrt(variance)
    assert w.mean() == pytest.approx(mean, abs=5 * deviation / math.sqrt(w.size))
    assert w.var() == pytest.approx(variance, rel=0.02)
    assert low <= w.min() < w.max() <= high
    if low != -math.inf:
        assert w.max() - w.min() > 0.999 * (high - low)
    else:
        assert 4 < np.abs(w - mean).max() / deviation < 7
        assert (np.abs(w - mean) < deviation).mean() == pytest.approx(0.6827, abs=0.01)


@pytest.mark.parametrize("text", variants(initializers))
def test_draws_the_shape_in_float64(text):
    for shape in ((5,), (4, 3), (2, 3, 4, 5)):
        w = draw(text, shape=shape, fans=(3, 4))
        assert w.shape == shape
        assert w.dtype == np.float64


@pytest.mark.parametrize("text", variants(initializers))
def test_the_same_seed_gives_the_same_bits_and_two_seeds_differ(text):
    np.testing.assert_array_equal(draw(text, 1), draw(text, 1))
    assert (text not in RANDOM) == (draw(text, 1) == draw(text, 2)).all()


def test_constants():
    assert not draw("zeros").any()
    assert (draw("constant: 0.25") == 0.25).all()


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("glorot_uniform", 0.1),  # sqrt(6 / 600)
        ("he_uniform", 0.2),  # sqrt(6 / 150)
        ("lecun_uniform", math.sqrt(0.02)),  # sqrt(3 / 150)
        ("fan_in_uniform", 1 / math.sqrt(150)),
    ],
)
def test_bounds_worked_by_hand(text, bound):
    largest = np.abs(draw(text, fans=(150, 450))).max()
    assert 0.999 * bound < largest <= bound


@pytest.mark.parametrize(
    ("text", "deviation"), [("glorot_normal", 0.05), ("he_normal", 0.1), ("lecun_normal", 0.1 / math.sqrt(2))]
)
def test_deviations_worked_by_hand(text, deviation):
    assert draw(text, fans=(200, 600)).std() == pytest.approx(deviation, rel=0.01)
