"""Every config in configs/ trains, and what its comment claims is so."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.helpers import CONFIGS, ROOT, XOR, done, zen

PART = ("trainer.epochs=3", "data.source=part.txt", "data.text.context=16")
IDX = ("data.source=images", "data.split.validation=0.1")
NAMES = ("trainer.epochs=3", "trainer.batch_size=16", "data.source=names.csv")
LONG = {
    "mnist": ("trainer.epochs=3", *IDX), "mnist_cnn": ("trainer.epochs=2", *IDX),
    "fashion2k_cnn": ("trainer.epochs=1",),
    "digits_cnn": ("trainer.epochs=5",), "persuasion": PART,
    "persuasion_transformer": PART, "names": NAMES, "names_gender": NAMES,
}
"""What is set for a config that takes long or whose data is not shipped."""


def images(folder: Path, name: str, rows: int) -> None:
    """An idx pair as MNIST has it: a bright bar whose place tells the class."""
    labels = np.arange(rows, dtype=np.uint8) % 10
    pixels = np.zeros((rows, 28, 28), np.uint8)
    for row, label in zip(pixels, labels, strict=True):
        row[:, 2 * label : 2 * label + 4] = 255
    folder.mkdir(exist_ok=True)
    head = b"\0\0\x08\x03" + np.array(pixels.shape, ">u4").tobytes()
    (folder / f"{name}-images-idx3-ubyte.gz").write_bytes(gzip.compress(head + pixels.tobytes()))
    head = b"\0\0\x08\x01" + np.array(labels.shape, ">u4").tobytes()
    (folder / f"{name}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(head + labels.tobytes()))


def unseen(end: Any) -> float:
    """The share of the 539 digits it was not trained on that it reads."""
    return float(end["validation"]["accuracy"] * 359 + end["test"]["accuracy"] * 180) / 539


CLAIMS: dict[str, Callable[[Any], bool]] = {
    "auto_mpg": lambda end: end["validation"]["r2"] > 0.8,
    "breast_cancer": lambda end: end["test"]["roc_auc"] > 0.98,
    "digits": lambda end: unseen(end) > 0.97,
    "iris": lambda end: end["validation"]["accuracy"] > 0.9,
    "mnist": lambda end: end["test"]["accuracy"] == 1.0,  # on the bars, whose folder brings its own test rows
    "penguins": lambda end: end["test"]["accuracy"] > 0.95,
    "rosenbrock": lambda end: end["train"]["loss"] < 1e-15 and end["train"]["distance"] < 1e-6,
    "spiral": lambda end: end["validation"]["accuracy"] > 0.95,
    "sunspots": lambda end: end["test"]["rmse"] < 18.7,  # what an autoregression of the ninth order reaches
    "titanic": lambda end: end["validation"]["accuracy"] > 0.78,
    "wine": lambda end: end["test"]["accuracy"] > 0.9,
    "xor_cross_entropy": lambda end: end["train"]["accuracy"] == 1.0 and end["train"]["loss"] < 0.01,
}


def trained(config: Path | str, *arguments: str) -> Any:
    return done("train", str(config), "--json", "-q", *arguments).json


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.stem)
def test_config_trains_and_does_what_its_comment_says(config: Path) -> None:
    if "mnist" in config.stem:
        images(Path("images"), "train", 300)
        images(Path("images"), "t10k", 50)
    Path("part.txt").write_text((ROOT / "datasets" / "persuasion.txt").read_text()[:6000])
    names = (ROOT / "datasets" / "first_names_en.csv").read_text().splitlines(keepends=True)
    Path("names.csv").write_text("".join(names[:1] + names[1::20]))
    sets = [argument for change in LONG.get(config.stem, ()) for argument in ("--set", change)]
    end = trained(config, *sets)
    assert end["status"] == ("stopped_early" if "early_stopping" in config.stem else "completed")
    assert "notes" not in end or config.stem == "xor_uniform_0_1", "a false alarm?"
    assert end["train"]["loss"] < 90  # quadratic_deep ends at 85
    assert Path(end["run"], "last.safetensors").is_file()
    assert config.stem not in CLAIMS or CLAIMS[config.stem](end), end


def test_xor_succeeds_from_nearly_every_seed_and_far_more_often_than_its_lesson() -> None:
    good = trained(XOR, "--seeds", "50")["success"]
    lesson = trained(ROOT / "configs" / "xor_uniform_0_1.yaml", "--seeds", "50")["success"]
    assert good["of"] == lesson["of"] == 50
    assert good["count"] >= 49
    assert lesson["count"] <= 30
    assert good["target"] == "train.loss<0.01"


@pytest.mark.slow
def test_convolutions_tell_clothes_apart_better_than_linear_layers() -> None:
    flat, seen = (trained(ROOT / "configs" / f"{name}.yaml")["test"] for name in ("fashion2k", "fashion2k_cnn"))
    assert seen["accuracy"] >= flat["accuracy"] + 0.02


@pytest.mark.slow
@pytest.mark.parametrize(("config", "bigram"), [("names", 2.40), ("persuasion", 2.45)])
def test_characters_are_foretold_better_than_by_the_one_before(config: str, bigram: float) -> None:
    assert trained(ROOT / "configs" / f"{config}.yaml", "--set", "trainer.epochs=1")["test"]["loss"] < bigram


LARGE = (
    "digits_cnn", "fashion2k", "fashion2k_cnn", "names", "names_gender", "persuasion", "persuasion_transformer",
    "sunspots",
)  # fmt: skip


@pytest.mark.parametrize("large", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_configs_pass_the_check_as_strict_json(large: bool) -> None:
    shipped = [str(each) for each in CONFIGS if "mnist" not in each.stem and (each.stem in LARGE) == large]
    found = done("check", *shipped, "--json").lines
    assert [each["file"] for each in found] == shipped
    assert all(each["ok"] is True and each["gradient_error"] < 1e-6 for each in found)
    assert not [text for each in found for text in each["warnings"] if ".yaml:" in text], "a false alarm?"


def test_check_tells_where_the_data_is_missing() -> None:
    config = str(ROOT / "configs" / "mnist.yaml")
    result = zen("check", config, "--json")
    assert result.code == 3
    (found,) = result.lines
    assert (found["file"], found["ok"], found["key"]) == (config, False, "data.source")
    assert found["line"] and "no such file" in found["message"]
