"""Augmentation: what comes out is the image moved, mirrored or a part of it, and each seed has its own."""

import numpy as np
import pytest

from zen_cli.config.sections import Augment
from zen_cli.data.augment import augment

IMAGE = np.arange(1, 31, dtype=np.float32).reshape(1, 5, 6)


def changed(rows=200, **how):
    x = np.repeat(IMAGE[None], rows, 0)
    augment(x, Augment(**how), np.random.default_rng(0))
    assert x.dtype == np.float32
    return x


def distinct(x):
    return {image.tobytes() for image in x}


def test_a_shift_moves_the_image_by_whole_pixels_and_fills_with_zeros():
    padded = np.pad(IMAGE, ((0, 0), (1, 1), (1, 1)))
    moved = {padded[:, i : i + 5, j : j + 6].tobytes() for i in range(3) for j in range(3)}
    assert distinct(changed(shift=1)) == moved


def test_a_flip_mirrors_half_of_the_images_left_to_right():
    x = changed(flip=True, rows=1000)
    assert distinct(x) == {IMAGE.tobytes(), IMAGE[:, :, ::-1].tobytes()}
    assert 450 < (x == IMAGE).all((1, 2, 3)).sum() < 550


def test_a_crop_is_a_part_of_the_image_enlarged():
    for image in changed(crop=0.5, rows=20):
        lines = [np.unique(axis) for axis in ((image[0, :, 0] - 1) // 6, (image[0, 0] - 1) % 6)]
        assert all((np.diff(line) == 1).all() for line in lines), "neighbours stay neighbours"
        assert 3 <= len(lines[0]) <= 5 and 3 <= len(lines[1]) <= 6


@pytest.mark.parametrize("how", [{"noise": 0.5}, {"noise": 0.5, "shift": 1}])
def test_noise_is_added_with_its_deviation(how):
    x = changed(rows=2000, **how) - changed(rows=2000, **{**how, "noise": 0.0})
    assert abs(x.std() - 0.5) < 0.01 and abs(x.mean()) < 0.01
