"""zen config: what a config means, and in what two differ."""

from __future__ import annotations

import json

import pytest

from tests.cli.helpers import CONFIGS, IRIS, ROOT, XOR, done, shell, train, write, zen
from tests.make_readme import SCHEMA

NET = """\
data: {source: xor}
model:
  - dense: 8
  - relu
  - {linear: {units: 2}}
optimiser: {type: adam, lr: 1e-2}  # British
"""
SAME = """\
optimizer: {adam: {lr: 0.010, betas: [0.9, 0.999]}}
seed: 0
vars: {source: xor, width: 8}
model: {layers: [{type: linear, units: "${vars.width}", bias: true}, {relu: {}}, output], input: [2]}
data: {source: "${vars.source}", split: {validation: 0}}
loss: cross_entropy
"""


def test_show_says_everything_in_one_form() -> None:
    found = done("config", "show", write("net.yaml", NET)).out
    assert "    - {type: linear, units: 8, bias: true}\n" in found
    assert "optimizer:\n  type: adam\n  lr: 0.01\n  betas: [0.9, 0.999]\n" in found
    assert found.startswith("name: net\nseed: 0\n") and "metrics:\n  - {type: accuracy, threshold: 0.5}\n" in found


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.stem)
def test_what_is_shown_means_the_same(config) -> None:
    shown = zen("config", "show", str(config)).out
    again = zen("config", "show", write("shown.yaml", shown))
    assert (again.code, again.out) == (0, shown)
    result = zen("config", "diff", str(config), "shown.yaml", "--exit-code")
    assert (result.code, result.out) == (0, "")


def test_show_as_json_is_one_object() -> None:
    found = done("config", "show", XOR, "--json").json
    assert found["optimizer"]["type"] == "rmsprop" and found["model"]["layers"][0]["units"] == 8


def test_show_without_the_data_says_what_is_known() -> None:
    result = zen("config", "show", str(ROOT / "configs" / "mnist.yaml"))
    assert result.code == 0
    assert result.err.startswith("zen: warning: ") and "what follows from the data is not shown" in result.err
    assert "metrics: auto\n" in result.out and "input:" not in result.out


def test_show_refuses_what_train_refuses() -> None:
    write("bad.yaml", NET.replace("relu", "rulu").replace("1e-2", "x"))
    result = zen("config", "show", "bad.yaml")
    assert (result.code, result.out) == (2, "")
    assert result.err.count("zen: error: bad.yaml:") == 2


def origins(*arguments: str) -> dict[str, str]:
    return {each["key"]: each["origin"] for each in done("config", "show", *arguments, "--origin", "--json").json}


def test_every_value_tells_where_it_is_from() -> None:
    write("base.yaml", NET)
    write("exp.yaml", "extends: base.yaml\nmetrics: [accuracy]\nvars: {rate: 0.1}\ntrainer: {epochs: 3}\n")
    found = origins("exp.yaml", "--set", "optimizer.lr=0.5", "--set", "model[1]=tanh")
    assert found["data.source"] == "base.yaml:1:16"
    assert found["model.layers[0].units"] == "base.yaml:3:12" and found["model.layers[0].type"] == "base.yaml:3:5"
    assert found["model.layers[2].units"] == "base.yaml:5:22"
    assert found["model.layers[1].type"] == "--set model[1]=tanh"
    assert found["optimizer.lr"] == "--set optimizer.lr=0.5" and found["optimizer.type"] == "base.yaml:6:19"
    assert found["optimizer.eps"] == found["seed"] == found["model.layers[0].bias"] == "default"
    assert found["trainer.epochs"] == "exp.yaml:4:19" and found["metrics[0].type"] == "exp.yaml:2:11"
    assert found["name"] == found["model.input"] == found["loss.type"] == "inferred"


def test_origins_as_a_table() -> None:
    lines = done("config", "show", IRIS, "--origin").out.splitlines()
    assert lines[0].split() == ["key", "value", "origin"]
    assert any(line.split()[:2] == ["optimizer.type", "adam"] and "iris.yaml:" in line for line in lines)


def test_forms_order_and_stated_defaults_are_no_difference() -> None:
    write("a.yaml", NET)
    write("b.yaml", SAME.replace("output]", "{linear: 2}]"))
    result = zen("config", "diff", "a.yaml", "b.yaml", "--exit-code")
    assert (result.code, result.out, result.err) == (0, "", "")


def test_differences_by_key() -> None:
    write("a.yaml", NET)
    write("b.yaml", NET.replace("1e-2", "0.1").replace("relu", "tanh") + "seed: 4\nscheduler: cosine\n")
    result = zen("config", "diff", "a.yaml", "b.yaml")
    rows = [line.split() for line in result.out.splitlines()]
    assert result.code == 0 and rows[0] == ["key", "a.yaml", "b.yaml"]
    assert ["seed", "0", "4"] in rows and ["optimizer.lr", "0.01", "0.1"] in rows
    assert ["model.layers[1].type", "relu", "tanh"] in rows and ["scheduler.type", "-", "cosine"] in rows
    assert zen("config", "diff", "a.yaml", "b.yaml", "--exit-code").code == 6
    found = done("config", "diff", "a.yaml", "b.yaml", "--json").json
    assert {"key": "seed", "values": [0, 4]} in found


def test_a_run_and_its_config() -> None:
    write("a.yaml", NET + "trainer: {epochs: 2}\n")
    run = str(train("a.yaml", "--set", "optimizer.lr=0.3"))
    assert done("config", "diff", "a.yaml", run).out.splitlines()[1].split() == ["optimizer.lr", "0.01", "0.3"]
    assert done("config", "diff", "runs/a", run).out == ""


def test_pipes_and_substitutions() -> None:
    write("a.yaml", NET)
    result = shell("zen config diff a.yaml <(sed 's/1e-2/1e-3/' a.yaml) && zen config show - < a.yaml | head -1")
    assert result.out.splitlines()[1].split() == ["optimizer.lr", "0.01", "0.001"]
    assert result.out.splitlines()[2] == "name: stdin"


def test_schema_is_the_one_that_is_shipped() -> None:
    assert done("config", "schema").out == SCHEMA.read_text("utf-8")
    assert json.loads(SCHEMA.read_text("utf-8"))["$schema"].endswith("2020-12/schema")
