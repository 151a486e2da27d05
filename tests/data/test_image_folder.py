"""Folders of pictures: classes by their folders, splits by theirs, and what is wrong with a picture is told."""

import numpy as np
import pytest

from zen_cli.config.sections import Data
from zen_cli.data import picture_rows
from zen_cli.data.load import load
from zen_cli.data.rows import read_rows
from zen_cli.errors import ZenError

image = pytest.importorskip("PIL.Image")
RED, GREEN = (255, 0, 0), (0, 255, 0)


def draw(path, color=(9, 9, 9), size=(4, 3), mode="RGB"):
    path.parent.mkdir(parents=True, exist_ok=True)
    image.new(mode, size, color).save(path)


def read(folder, **options):
    return load(Data(str(folder), **options))


def trained(folder, **picture):
    """The schema of two classes with such a picture each."""
    for name in "ab":
        draw(folder / name / "x.png", **picture)
    return read(folder).schema


def test_classes_are_the_folders_in_order_and_pixels_keep_their_place(tmp_path):
    draw(tmp_path / "dog" / "b.png", GREEN)
    draw(tmp_path / "cat" / "a.png", RED)
    draw(tmp_path / "cat" / "notes.txt.png", RED)
    (tmp_path / "cat" / "readme.md").write_text("no picture")
    found = read(tmp_path)
    assert found.schema.classes == ("cat", "dog") and found.targets.tolist() == [0, 0, 1]
    assert found.features.shape == (3, 3, 3, 4) and found.features.dtype == np.uint8
    assert found.features[2].reshape(3, -1).tolist() == [[0] * 12, [255] * 12, [0] * 12]


def test_gray_pictures_have_one_channel(tmp_path):
    for name in "ab":
        draw(tmp_path / name / "x.png", 7, mode="L")
    assert read(tmp_path).features.shape == (2, 1, 3, 4)


def test_parts_in_folders_of_their_own_are_the_splits(tmp_path):
    for part, count in (("train", 3), ("validation", 2), ("test", 1)):
        for name in "ab":
            for number in range(count):
                draw(tmp_path / part / name / f"{number}.png")
    found = read(tmp_path)
    assert (found.rows, found.own_validation, found.own_test) == (12, 4, 2)
    assert found.targets.tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 1]


def test_pictures_of_several_sizes_are_refused_or_brought_to_one(tmp_path):
    draw(tmp_path / "a" / "x.png")
    draw(tmp_path / "b" / "y.png", size=(6, 6))
    with pytest.raises(ZenError, match="a picture of 6 x 6 pixels, expected 3 x 4") as refused:
        read(tmp_path)
    assert "data.image_size: [3, 4]" in refused.value.hint
    assert read(tmp_path, image_size=(5, 2)).features.shape == (2, 3, 5, 2)


@pytest.mark.parametrize(
    "broken, told", [("a/broken.png", "no picture, or damaged"), ("test/c/x.png", "a single class")]
)
def test_what_is_wrong_is_told_of_the_file(tmp_path, broken, told):
    draw(tmp_path / "a" / "x.png")
    draw(tmp_path / "b" / "x.png")
    path = tmp_path / broken
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"no picture")
    if "test" in broken:
        (tmp_path / "train" / "a").mkdir(parents=True)
        draw(tmp_path / "train" / "a" / "x.png")
    with pytest.raises(ZenError, match=told) as refused:
        read(tmp_path)
    assert refused.value.code == 3


def test_new_pictures_are_read_as_those_of_the_training(tmp_path):
    for number, name in enumerate("abab"):
        draw(tmp_path / name / f"{number}.png", (number, 40, 90), (4 + number, 3))
    draw(tmp_path / "b" / "gray.png", 7, mode="L")
    wanted = read(tmp_path, image_size=(2, 5))
    (found,) = read_rows(str(tmp_path), wanted.schema, targets=True, resize=True)
    assert found.features.dtype == np.uint8 and found.features.tolist() == wanted.features.tolist()
    assert found.targets.tolist() == wanted.targets.tolist() == [0, 0, 1, 1, 1]


def test_new_pictures_come_by_path_some_at_a_time_from_any_depth(tmp_path, monkeypatch):
    names = ["a.png", "b/c/d.png", "b/e.JPG", "f.png", "g/h.png"]
    for name in reversed(names):
        draw(tmp_path / name)
    schema = trained(tmp_path / ".hidden")
    monkeypatch.setattr(picture_rows, "BYTES", 2 * 3 * 3 * 4)
    found = [*read_rows(str(tmp_path), schema)]
    assert [each.block.column(0) for each in found] == [
        [str(tmp_path / name) for name in some] for some in (names[:2], names[2:4], names[4:])
    ]
    assert [each.features.shape for each in found] == [(2, 3, 3, 4)] * 2 + [(1, 3, 3, 4)]
    (one,) = read_rows(str(tmp_path / "f.png"), schema)
    assert one.block.column(0) == [str(tmp_path / "f.png")]


@pytest.mark.parametrize(
    "name, picture, targets, told",
    [
        ("", None, False, "no pictures"),
        ("a/x.png", {"size": (6, 6)}, False, "6 x 6 pixels, expected 3 x 4"),
        ("a/x.png", {}, False, "in color, expected gray"),
        ("x.png", {"mode": "L", "color": 1}, True, "no pictures"),
        ("c/x.png", {"mode": "L", "color": 1}, True, "class 'c' is not among the training pictures"),
    ],
)
def test_new_pictures_that_do_not_fit(tmp_path, name, picture, targets, told):
    schema = trained(tmp_path / "trained", mode="L", color=7)
    (tmp_path / "new").mkdir()
    if picture is not None:
        draw(tmp_path / "new" / name, **picture)
    with pytest.raises(ZenError, match=told) as refused:
        list(read_rows(str(tmp_path / "new"), schema, targets=targets))
    assert refused.value.code == 3
