"""Several files as one config: what stands above, what is kept from below, and where a mistake is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.config.helpers import GOOD, judge
from zen_cli.config.load import load
from zen_cli.config.node import MAIN, Mapping, Scalar, Sequence
from zen_cli.errors import ZenError


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(**files: str) -> None:
    for name, text in files.items():
        path = Path(name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def values(node):
    """The tree as plain text values."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [values(item) for item in node.items]
    assert isinstance(node, Mapping)
    return {name: values(entry.value) for name, entry in node.entries.items()}


def together(*sources: str, **flags):
    config = load(*sources, **flags)
    config.problems.check()
    return values(config.tree)


def refusal(*sources: str, **flags) -> list[str]:
    with pytest.raises(ZenError) as caught:
        judge(load(*sources, **flags))
    return [f"{error} ({error.hint})" for error in caught.value.all()]


def test_files_go_from_left_to_right_over_what_they_extend():
    write(a=GOOD + "seed: 1\nname: a\n", b="extends: a.yaml\nseed: 2\n", c="name: c\n")
    assert {key: together("b.yaml", "c.yaml")[key] for key in ("seed", "name", "loss")} == {
        "seed": "2", "name": "c", "loss": "mse"}  # fmt: skip
    assert together("c.yaml", "b.yaml")["name"] == "a"
    assert together("b.yaml", "c.yaml", sets=["seed=3"])["seed"] == "3"


def test_mappings_are_merged_lists_and_values_replaced():
    write(a=GOOD + "trainer: {epochs: 5, clip: {norm: 1}}\nmetrics: [mse, mae]\n",
          b="trainer: {clip: {norm: 2}, batch_size: 8}\nmetrics: [r2]\nmodel: [relu]\n")  # fmt: skip
    found = together("a.yaml", "b.yaml")
    assert found["trainer"] == {"epochs": "5", "clip": {"norm": "2"}, "batch_size": "8"}
    assert (found["metrics"], found["model"]) == (["r2"], ["relu"])


ADAM = {"type": "adam", "lr": "1", "eps": "2"}
COMPONENTS = [
    ("{lr: 3}", {**ADAM, "lr": "3"}),
    ("{lr: 3, amsgrad: true}", {**ADAM, "lr": "3", "amsgrad": "true"}),
    ("{type: adam, lr: 3}", {**ADAM, "lr": "3"}),
    ("{adam: {lr: 3}}", {**ADAM, "lr": "3"}),
    ("adam", "adam"),
    ("{type: sgd, lr: 3}", {"type": "sgd", "lr": "3"}),
    ("{sgd: {lr: 3}}", {"sgd": {"lr": "3"}}),
    ("{type: nope}", {"type": "nope"}),
]


@pytest.mark.parametrize(("above", "expected"), COMPONENTS)
@pytest.mark.parametrize("below", ["{type: adam, lr: 1, eps: 2}", "{adam: {lr: 1, eps: 2}}"])
def test_a_component_keeps_its_options_while_its_type_stays(below, above, expected):
    write(a=GOOD.replace("optimizer: adam", f"optimizer: {below}"), b=f"optimizer: {above}\n")
    assert together("a.yaml", "b.yaml")["optimizer"] == expected


def test_options_for_a_component_that_was_only_named():
    write(a=GOOD, b="optimizer: {lr: 3}\nloss: {type: cross_entropy}\n")
    found = together("a.yaml", "b.yaml")
    assert (found["optimizer"], found["loss"]) == ({"type": "adam", "lr": "3"}, {"type": "cross_entropy"})


def test_the_main_option_is_known_under_both_of_its_names():
    write(a="data: {source: {type: xor}}\nmodel: [relu]\nscheduler: {constant: {warmup: 5}}\n",
          b="scheduler: {type: constant, warmup: 7}\ndata: {source: {type: spiral, samples: 9}}\n")  # fmt: skip
    found = together("a.yaml", "b.yaml")
    assert found["scheduler"] == {"type": "constant", "warmup": "7"}
    assert found["data"] == {"source": {"type": "spiral", "samples": "9"}}
    write(a=GOOD.replace("loss: mse", "loss: {huber: 1}"), b="loss: {huber: 2}\n", c="loss: {type: huber, delta: 3}\n")
    for last, delta in (("b.yaml", "2"), ("c.yaml", "3")):
        huber = together("a.yaml", last)["loss"]
        assert huber["type"] == "huber" and huber.get("delta", huber.get(MAIN)) == delta


def test_british_spelling_below_american():
    write(a=GOOD.replace("optimizer: adam", "optimiser: {type: adam, lr: 1}"), b="optimizer: {lr: 2}\n")
    assert together("a.yaml", "b.yaml")["optimizer"] == {"type": "adam", "lr": "2"}


def test_extends_is_relative_to_its_file_and_goes_on_and_the_later_of_a_list_wins():
    write(base__a=GOOD + "seed: 1\nname: a\n", base__b="extends: a.yaml\nname: b\n", other="name: other\nversion: 1\n",
          exp__c="extends: [../base/b.yaml, ../other.yaml]\ntrainer: {epochs: 3}\n")  # fmt: skip
    found = together("exp/c.yaml")
    assert (found["seed"], found["name"], found["trainer"]) == ("1", "other", {"epochs": "3"})
    assert "extends" not in found
    assert load("exp/c.yaml").file == "exp/c.yaml"


def test_data_are_found_from_the_file_that_names_them():
    write(base__a=GOOD.replace("xor", "rows.csv"), exp__b="extends: ../base/a.yaml\n", c="seed: 1\n")
    assert load("exp/b.yaml", "c.yaml").data.base == "exp/../base"
    assert load("exp/b.yaml", sets=["data.source=a/rows.csv"]).data.base == ""


def test_the_last_file_names_the_run():
    write(a=GOOD, b="extends: a.yaml\n", c="seed: 1\n")
    assert load("b.yaml").name == "b"
    assert load("b.yaml", "c.yaml").name == "c"


def test_what_is_kept_of_several_files_is_what_they_mean_together():
    write(a=GOOD + "name: '1'\nvars: {w: 1e-3}\n", b="extends: a.yaml\nseed: 0x10\noptimizer: {lr: '${vars.w}'}\n")
    assert load("a.yaml").text == Path("a.yaml").read_text()
    Path("c.yaml").write_text(load("b.yaml").text)
    assert load("c.yaml").text.startswith("# merged: a.yaml, b.yaml\n")
    assert together("c.yaml") == together("b.yaml")
    assert load("c.yaml").name == "1"


def test_a_mistake_names_the_file_where_it_was_written():
    write(a=GOOD + "seed: -1\n", b="extends: a.yaml\ntrainer: {epochs: x}\n", c="trainr: {}\n")
    first, second, third = refusal("b.yaml", "c.yaml")
    assert first.startswith("a.yaml:5:7: seed: must be >= 0")
    assert second.startswith("b.yaml:2:19: trainer.epochs: expected an integer")
    assert third.startswith("c.yaml:1:1: trainr: unknown option; did you mean 'trainer'?")


CHAINS = [
    ({"a": "extends: a.yaml\n"}, "a.yaml:1:10: extends: a.yaml extends a.yaml (a config cannot be built on itself)"),
    ({"a": "extends: b.yaml\n", "b": "seed: 1\nextends: c.yaml\n", "c": "extends: [a.yaml]\n"},
     "c.yaml:1:11: extends[0]: a.yaml extends b.yaml, which extends c.yaml, which extends a.yaml"),
    ({"a": "extends: none.yaml\n"}, "a.yaml:1:10: extends: none.yaml: no such file"),
    ({"a": "extends: b.yml\n", "b": GOOD}, "a.yaml:1:10: extends: b.yml: no such file (did you mean b.yaml)"),
    ({"a": "extends: .\n"}, "a.yaml:1:10: extends: .: is a directory"),
    ({"a": "extends: '-'\n"}, "a.yaml:1:10: extends: '-' is no file"),
    ({"a": "extends: /dev/zero\n"}, "a.yaml:1:10: extends: '/dev/zero' is no file"),
    ({"a": 'extends: "b\\0"\n'}, "a.yaml:1:10: extends: b\0: "),
    ({"a": "extends: b.yaml\n", "b": ""}, "b.yaml:1:1: config is empty"),
    ({"a": "extends: b.yaml\n", "b": "- x\n"}, "b.yaml:1:1: expected a mapping"),
    ({"a": "extends: b.yaml\n", "b": "a: [\n"}, "b.yaml:1:4: this '[' is not closed"),
    ({"a": "extends: b.yaml\n", "b": "version: 99\n"}, "b.yaml:1:10: version: this zen reads version 1, found '99'"),
    ({"a": "extends: {x: 1}\n"}, "a.yaml:1:10: extends: expected the name of a file, found a mapping"),
    ({"a": "extends:\n"}, "a.yaml:1:1: extends: expected the name of a file, found nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), CHAINS, ids=[row[1][:60] for row in CHAINS])
def test_what_cannot_be_extended(files, expected):
    write(**files)
    assert any(each.startswith(expected) for each in refusal("a.yaml"))


def test_a_cycle_through_a_link_is_seen():
    write(a="extends: b.yaml\n")
    os.symlink("a.yaml", "b.yaml")
    assert "a config cannot be built on itself" in refusal("a.yaml")[0]


def test_no_more_files_are_read_than_anyone_writes():
    write(**{f"f{i}": f"extends: f{i + 1}.yaml\n" for i in range(200)})
    assert "more than 100 files" in refusal("f0.yaml")[0]
    wide = ", ".join(["b.yaml"] * 20)
    write(a=f"extends: [{wide}]\n", b=f"extends: [{wide.replace('b', 'c')}]\n", c=GOOD)
    assert "more than 100 files" in refusal("a.yaml")[0]


def test_untrusted_files_lie_below_the_config():
    write(outside=GOOD, exp__a="extends: ../outside.yaml\n", exp__in__b=GOOD, exp__c="extends: in/b.yaml\n",
          exp__d="extends: link.yaml\n", exp__e=GOOD.replace("xor", "../rows.csv"), exp__f=GOOD.replace("xor", "/etc"),
          exp__g=GOOD.replace("xor", "far/rows.csv"), exp__in__h="extends: ../c.yaml\n")  # fmt: skip
    os.symlink("../outside.yaml", "exp/link.yaml")
    os.symlink("/", "exp/far")
    hint = "(with --untrusted a config names files below its own folder only)"
    assert refusal("exp/a.yaml", untrusted=True) == [
        f"exp/a.yaml:1:10: extends: 'exp/../outside.yaml' is not below exp {hint}"
    ]
    together("exp/c.yaml", untrusted=True)
    together("exp/a.yaml")
    for name, path in (("d", "link.yaml"), ("e", "../rows.csv"), ("f", "/etc"), ("g", "far/rows.csv"),
                       ("in/h", "in/../c.yaml")):  # fmt: skip
        assert f"'{os.path.join('exp', path)}' is not below exp" in refusal(f"exp/{name}.yaml", untrusted=True)[0]
    together("exp/c.yaml", sets=["data.source=/etc/rows.csv"], untrusted=True)


def test_untrusted_in_the_working_directory():
    write(a=GOOD.replace("xor", "../rows.csv"), b=GOOD)
    together("b.yaml", untrusted=True)
    assert "is not below the working directory" in refusal("a.yaml", untrusted=True)[0]


@pytest.mark.parametrize("source", ["[in/a.csv, ../a.csv]", "in/*.csv", "in", "a.csv, validation: ../b.csv"])
def test_untrusted_lists_patterns_and_folders(source):
    write(exp__a=f"data: {{source: {source}}}\nmodel: [relu]\n")
    os.mkdir("exp/in")
    os.symlink("/etc/hostname", "exp/in/b.csv")
    assert "is not below exp" in refusal("exp/a.yaml", untrusted=True)[0]
    together("exp/a.yaml")
