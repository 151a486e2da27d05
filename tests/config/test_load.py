import io

import pytest

from tests.config.helpers import GOOD, HeNormal, judge
from tests.faults.cases import case
from zen_cli.config.component import Component
from zen_cli.config.load import load

FULL = """\
name: digits
seed: 7
data:
  source: ../datasets/digits.csv
  target: label
  split: {validation: 20%, test: 10, stratify: true}
model:
  - linear: 64
  - relu
  - dropout: 10%
  - linear: {units: 32, init: he_normal}
  - {type: dense, units: 2, init: {he_normal: 2}}
loss: {type: cross_entropy, class_weights: {a: 1, b: 2.5}}
optimiser: {type: adam, lr: 1e-3, betas: [.9, .99]}
trainer: {epochs: 30, batch_size: full, clip: {norm: 1.0}, early_stopping: {patience: 3}}
metrics: [mse]
"""


@pytest.fixture
def full(tmp_path):
    file = tmp_path / "f.yaml"
    file.write_text(FULL)
    return str(file)


def test_sections_hold_typed_values(full, tmp_path):
    config = load(full)
    assert (config.name, config.seed, config.text, config.file) == ("digits", 7, FULL, full)
    assert config.base == config.data.base == str(tmp_path)
    assert (config.data.source, config.data.target) == ("../datasets/digits.csv", "label")
    split = config.data.split
    assert (split.validation, split.test, split.stratify) == (0.2, 10, True)
    assert isinstance(split.test, int)
    trainer = config.trainer
    assert (trainer.epochs, trainer.batch_size, trainer.shuffle, trainer.dtype) == (30, "full", "epoch", "float32")
    assert (trainer.clip.norm, trainer.early_stopping.patience, trainer.early_stopping.min_delta) == (1.0, 3, 0.0)
    assert [metric.type for metric in config.metrics] == ["mse"]


def test_components_are_built_with_their_options(full):
    layers, loss, optimizer = judge(load(full))
    assert [layer.name for layer in layers] == ["linear", "relu", "dropout", "linear", "linear"]
    assert (layers[0].units, layers[2].rate, layers[3].units) == (64, 0.1, 32)
    assert isinstance(layers[3].init, HeNormal)
    assert layers[4].init.gain == 2.0
    assert loss.class_weights == {"a": 1.0, "b": 2.5}
    assert (optimizer.lr, optimizer.betas) == (0.001, (0.9, 0.99))


@pytest.mark.parametrize("layer", ["linear: 2", "dense: 2", "linear: {units: 2}", "{type: linear, units: 2}"])
def test_the_forms_of_a_component_mean_the_same(layer, tmp_path):
    file = tmp_path / "f.yaml"
    file.write_text(GOOD.replace("{linear: 2}", layer))
    (built,), _, _ = judge(load(str(file)))
    assert (built.name, built.units) == ("linear", 2)


@pytest.mark.parametrize(("layer", "key"), [("linear: x", "model[0].units"), ("linear: {units: x}", "model[0].units")])
def test_key_paths_name_the_option_in_every_form(layer, key, tmp_path):
    file = tmp_path / "f.yaml"
    file.write_text(GOOD.replace("{linear: 2}", layer))
    config = load(str(file))
    with pytest.raises(Exception, match=r"model\[0\]\.units: expected an integer"):
        judge(config)


def test_defaults(tmp_path):
    file = tmp_path / "my net.yaml"
    file.write_text("data: {source: xor}\nmodel: {input: [1, 2], layers: [relu]}\n")
    config = load(str(file))
    config.problems.check()
    assert (config.name, config.seed, config.metrics) == ("my-net", 0, "auto")
    assert (config.loss, config.optimizer, config.scheduler) == (None, None, None)
    assert (config.input, [layer.type for layer in config.layers]) == ([1, 2], ["relu"])
    assert (config.data.scale, config.data.split.validation, config.trainer.epochs) == ("auto", 0, 100)


def test_standard_input_is_called_stdin():
    config = load("-", stdin=io.BytesIO(GOOD.encode()))
    assert (config.name, config.file, config.base) == ("stdin", "<stdin>", "")


def test_a_built_in_with_options_is_a_component(tmp_path):
    file = tmp_path / "f.yaml"
    file.write_text(GOOD.replace("source: xor", "source: {type: spiral, samples: 300}"))
    source = load(str(file)).data.source
    assert isinstance(source, Component)
    assert (source.type, source.options.entries["samples"].value.text) == ("spiral", "300")


@case("C32")
def test_words_like_no_stay_text(tmp_path):
    for word in ("no", "off", "null", "true", "1.10", "1e3"):
        (tmp_path / "f.yaml").write_text(GOOD + f"name: {word}\n")
        assert load(str(tmp_path / "f.yaml")).name == word


NUMBERS = {"1E5": 1e5, "1.0e3": 1e3, "1e+3": 1e3, ".5": 0.5, "5.": 5.0, "5e-4": 5e-4, "+2": 2.0, "0x10": 16.0}


@pytest.mark.parametrize("text", NUMBERS)
@case("C19", "C20")
def test_floats_of_yaml_1_2(text, full):
    config = load(full, sets=[f"optimizer.lr={text}"])
    assert judge(config)[2].lr == NUMBERS[text]


def test_percent_is_rounded_once(full):
    for percent in range(100):
        split = load(full, sets=[f"data.split.validation={percent}%", "data.split.test=0"]).data.split
        assert split.validation == percent / 100


def built_with(full, *sets, unsets=()):
    return judge(load(full, sets=sets, unsets=unsets))


def test_set_reaches_every_form_of_a_component(full):
    assert built_with(full, "model[0].units=16")[0][0].units == 16
    assert built_with(full, "model[1].slope=0.5")[0][1].slope == 0.5
    assert built_with(full, "model[3].units=8", "model[3].init.gain=3")[0][3].init.gain == 3.0
    assert built_with(full, "model[-1].units=9")[0][4].units == 9
    assert built_with(full, "model[0]=relu")[0][0].name == "relu"
    assert built_with(full, "model[2]={dropout: 0.3}")[0][2].rate == 0.3
    assert built_with(full, "optimiser.lr=0.5")[2].lr == 0.5
    assert built_with(full, "optimizer.betas=[0.1, 0.2]")[2].betas == (0.1, 0.2)
    assert built_with(full, "loss=mse")[1].name == "mse"
    assert built_with(full, "loss.class_weights.c=3")[1].class_weights == {"a": 1.0, "b": 2.5, "c": 3.0}


@pytest.mark.parametrize("layer", ["residual: [relu, linear: 2]", "residual: {layers: [relu, {linear: 2}]}"])
def test_set_reaches_layers_within_layers(layer, tmp_path):
    file = tmp_path / "f.yaml"
    file.write_text(GOOD.replace("{linear: 2}", layer if "{" in layer else layer.replace("linear: 2", "{linear: 2}")))
    (outer,), _, _ = built_with(str(file), "model[0].layers[1].units=16", "model[0].layers[0]={relu: {slope: 0.5}}")
    assert (outer.layers[0].slope, outer.layers[1].units) == (0.5, 16)


def test_what_is_built_knows_where_it_is_written(full):
    assert built_with(full)[0][1].place == load(full).layers[1].place


def test_set_makes_sections_that_are_not_there(tmp_path):
    file = tmp_path / "f.yaml"
    file.write_text(GOOD + "trainer: {early_stopping: ~}")
    config = load(str(file), sets=["trainer.clip.value=1", "trainer.early_stopping.patience=4", "data.split.test=3"])
    config.problems.check()
    assert (config.trainer.clip.value, config.trainer.early_stopping.patience, config.data.split.test) == (1.0, 4, 3)


def test_later_flags_win_and_text_is_literal(full):
    config = load(full, sets=["name=a", "name=b", "data.delimiter=:", 'data.target="[x"', "trainer.clip=null"])
    config.problems.check()
    assert (config.name, config.data.delimiter, config.data.target, config.trainer.clip) == ("b", ":", "[x", None)


def test_unset_removes(full):
    layers, _, optimizer = built_with(full, unsets=["optimizer.lr", "model[1]", "name"])
    assert (len(layers), optimizer.lr) == (4, 0.001)


def test_a_source_given_by_flag_is_relative_to_the_working_directory(full):
    assert load(full, sets=["data.source=here.csv"]).data.base == ""


def test_places_name_the_line_of_each_layer(full):
    assert [str(layer.place).removeprefix(full) for layer in load(full).layers] == [
        ":8:5: model[0]", ":9:5: model[1]", ":10:5: model[2]", ":11:5: model[3]", ":12:12: model[4]"
    ]  # fmt: skip


def test_where_names_the_closest_place_that_is_written(full):
    config = load(full, sets=["seed=3"])
    where = [config.where(*path) for path in (("data", "target"), ("data", "features"), ("scheduler",), ("seed",))]
    assert [str(place).removeprefix(full) for place in where] == [
        ":5:11: data.target", ":4:3: data", ":1:1", "--set seed=3: seed"
    ]  # fmt: skip


def test_an_alias_in_the_middle_of_a_component(tmp_path):
    file = tmp_path / "f.yaml"
    file.write_text(GOOD.replace("[{linear: 2}]", "[&l {linear: 2}, relu, *l]"))
    layers, _, _ = judge(load(str(file)))
    assert [layer.name for layer in layers] == ["linear", "relu", "linear"]
