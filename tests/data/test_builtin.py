"""Built-in problems: what all keep, and what each is known for."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from tests.data.helpers import DATASETS, read, refused
from zen_cli.config.component import Component
from zen_cli.config.node import Entry, Mapping, Scalar
from zen_cli.data.builtin import Blobs, Circles, Moons, Sine, Spiral, datasets
from zen_cli.data.dataset import Schema
from zen_cli.data.load import load
from zen_cli.errors import Exit, Place
from zen_cli.registry import options_of


@pytest.mark.parametrize("name", [*datasets])
def test_problems_keep_their_promises(name: str) -> None:
    cls = datasets[name]
    features, targets = cls().make()
    assert features.dtype == np.float64 and features.ndim == 2 and np.isfinite(features).all()
    assert len(targets) == len(features)
    if targets.dtype == np.int64:
        assert targets.ndim == 1 and set(targets) == set(range(targets.max() + 1))
    else:
        assert targets.dtype == np.float64 and targets.shape == (len(features), 1)
    np.testing.assert_array_equal(features, cls().make()[0])
    assert ">>>" in (cls.__doc__ or "") and all(option.help for option in options_of(cls))


@pytest.mark.parametrize("name", [name for name in datasets if name != "xor"])
@pytest.mark.parametrize("samples", [4, 7, 301])
def test_as_many_rows_as_asked_for(name: str, samples: int) -> None:
    features, targets = datasets[name](samples=samples).make()
    other = datasets[name](samples=samples, seed=1).make()
    assert len(features) == len(targets) == samples
    assert not (np.array_equal(features, other[0]) and np.array_equal(targets, other[1]))


@pytest.mark.parametrize("cls", [Spiral, Blobs])
def test_each_class_needs_a_row(cls: type) -> None:
    assert "4 samples cannot show 5 classes" in refused(lambda: cls(samples=4, classes=5), Exit.USAGE).what


def test_circles_and_moons_are_those_of_scikit_learn() -> None:
    from sklearn.datasets import make_circles, make_moons

    for ours, theirs in (
        (Moons(samples=50, noise=0.0), make_moons(50, shuffle=False)),
        (Circles(samples=50, noise=0.0), make_circles(50, shuffle=False, factor=0.5)),
    ):
        for found, expected in zip(ours.make(), theirs, strict=True):
            np.testing.assert_allclose(found, expected, atol=1e-14)


def test_shapes_of_the_others() -> None:
    points, _ = Spiral(samples=300, noise=0.3).make()
    assert np.isclose(np.hypot(*points.T).max(), 1.0)
    points, labels = Blobs(samples=9000, noise=0.5).make()
    np.testing.assert_allclose(points[labels == 1].mean(0), [-2.0, 2 * np.sqrt(3)], atol=0.05)
    x, y = Sine(samples=9000, noise=0.2).make()
    assert abs((y - np.sin(x)).std() - 0.2) < 0.01


def test_as_a_dataset() -> None:
    data = read("xor")
    assert data.schema == Schema("builtin", ("x0", "x1"), (2,), ("y",), ("0", "1")) and data.origin == "xor"
    numbers = read("xor", "numbers")
    assert numbers.targets is not None and numbers.targets.tolist() == [[1.0], [0.0], [0.0], [1.0]]
    assert numbers.labels is None
    assert read("sine").labels is None
    assert "are numbers" in refused(lambda: read("sine", "classes"), Exit.USAGE).what
    assert "data.drop" in str(refused(lambda: read("xor", drop=["x0"]), Exit.USAGE))


def component(name: str, **options: str) -> Component:
    place = Place("c.yaml", 4, 3, "data.source")
    entries = {key: Entry(place, Scalar(place, text)) for key, text in options.items()}
    return Component(name, Mapping(place, entries), place)


def test_options_come_through_the_config() -> None:
    from zen_cli.config.sections import Data

    data = load(Data(component("spiral", samples="10", classes="2")))
    assert data.rows == 10 and data.schema.classes == ("0", "1")
    for source, message in (
        (component("sprial"), "did you mean 'spiral'"),
        (component("spiral", samples="1"), "must be"),
        (component("xor", n="1"), "unknown"),
    ):
        assert message in str(refused(lambda source=source: load(Data(source)), Exit.USAGE))


def test_a_builtin_needs_no_reader() -> None:
    names = ["csv", "gzip", "zipfile", "hashlib", "yaml"]
    code = f"import sys, zen_cli.data.load; print(sorted(set({names}) & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=DATASETS.parent)
    assert ran.stdout == "[]\n"
