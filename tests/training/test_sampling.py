"""How a character is chosen."""

import numpy as np
import pytest

from zen_cli.training.sampling import Choice

LIKELY = np.array([0.1, 0.6, 0.0, 0.3])


def drawn(choice, count=1000):
    rng = np.random.default_rng(0)
    return np.bincount([choice.draw(LIKELY, rng) for _ in range(count)], minlength=4) / count


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_shares_are_the_probabilities_to_the_power_of_one_over_the_temperature(temperature):
    wanted = LIKELY ** (1 / temperature)
    np.testing.assert_allclose(drawn(Choice(temperature)), wanted / wanted.sum(), atol=0.05)


def test_temperature_zero_takes_the_likeliest():
    assert drawn(Choice(0.0), 20).tolist() == [0, 1, 0, 0]


def test_only_the_top_are_drawn_in_their_proportion():
    np.testing.assert_allclose(drawn(Choice(1.0, 2)), [0, 2 / 3, 0, 1 / 3], atol=0.05)


def test_what_is_impossible_is_never_drawn():
    assert drawn(Choice(50.0))[2] == 0
