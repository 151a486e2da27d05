"""The golden files are what their scripts write, and agree with the textbook where its formula is one line."""

import importlib
from itertools import pairwise

import numpy as np
import pytest

from tests.golden import read

FILES = ("optimizers", "tensors", "descents", "schedules", "averages", "losses", "activations", "sequences", "images")


@pytest.mark.parametrize("name", FILES)
def test_is_finite_and_names_the_torch_it_came_from(name):
    about, arrays = read(name)
    assert about["torch"].startswith("2.")
    assert about["cases"]
    assert all(np.isfinite(array).all() for array in arrays.values())


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_is_what_its_script_writes(name):
    torch = pytest.importorskip("torch")
    about, arrays = read(name)
    made_about, made = importlib.import_module(f"tests.golden.make_{name}").make()
    if torch.__version__.split("+")[0] != about["torch"].split("+")[0]:
        pytest.skip(f"the file is from torch {about['torch']}")
    assert made_about["cases"] == about["cases"]
    assert made.keys() == arrays.keys()
    for key, array in made.items():
        np.testing.assert_allclose(array, arrays[key], rtol=1e-13, atol=1e-15, err_msg=key)


def test_the_stream_has_a_zero_and_a_tiny_column():
    _, arrays = read("optimizers")
    gradients = arrays["gradients"]
    assert gradients.shape == (60, 12)
    assert not gradients[:, 0].any()
    assert 0 < np.abs(gradients[:, 1]).max() < 1e-6


def test_sgd_and_momentum_follow_the_textbook():
    _, arrays = read("optimizers")
    velocity, parameters = 0.0, arrays["start"]
    for gradient, expected in zip(arrays["gradients"], arrays["momentum"], strict=True):
        velocity = 0.9 * velocity + gradient
        parameters = parameters - 0.1 * velocity
        np.testing.assert_allclose(parameters, expected, rtol=1e-12)
    steps = [after - before for before, after in pairwise([arrays["start"], *arrays["sgd"]])]
    np.testing.assert_allclose(steps, -0.1 * arrays["gradients"], atol=1e-13)


def test_losses_are_means_over_rows():
    about, arrays = read("losses")
    for name in about["cases"]:
        np.testing.assert_allclose(arrays[f"{name}.rows"].mean(), arrays[f"{name}.value"], rtol=1e-14)
    error = arrays["scores"] - arrays["values"]
    np.testing.assert_allclose(arrays["mse.rows"], (error**2).mean(1), rtol=1e-14)
    np.testing.assert_allclose(arrays["mse.gradient"], 2 * error / error.size, rtol=1e-14)
