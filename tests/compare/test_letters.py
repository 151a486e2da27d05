"""Two share a letter exactly if they cannot be told apart."""

from itertools import combinations

import numpy as np
import pytest

from zen_cli.compare.letters import tie_letters


def test_nobody_differs():
    assert tie_letters(["adam", "sgd"], []) == {"adam": "a", "sgd": "a"}


def test_everybody_differs():
    labels = ["adam", "sgd", "lion"]
    assert tie_letters(labels, combinations(labels, 2)) == {"adam": "a", "sgd": "b", "lion": "c"}


def test_worse_than_the_second_yet_not_than_the_first():
    assert tie_letters(["1", "2", "3"], [("2", "3")]) == {"1": "ab", "2": "a", "3": "b"}


@pytest.mark.parametrize("seed", range(20))
def test_letters_say_the_pairs_and_nothing_else(seed):
    rng = np.random.default_rng(seed)
    labels = [f"o{number}" for number in range(8)]
    different = {pair for pair in combinations(labels, 2) if rng.random() < 0.4}
    found = tie_letters(labels, different)
    for first, second in combinations(labels, 2):
        assert set(found[first]).isdisjoint(found[second]) == ((first, second) in different)
    assert found["o0"].startswith("a")


def test_no_group_lies_within_another():
    labels = ["a", "b", "c", "d"]
    found = tie_letters(labels, [("a", "d")])
    assert found == {"a": "a", "b": "ab", "c": "ab", "d": "b"}
