"""`${vars.NAME}` and what it stands for."""

from __future__ import annotations

import pytest

from tests.config.helpers import GOOD, judge, mistakes
from tests.config.test_merge import values
from zen_cli.config.load import load
from zen_cli.errors import ZenError


def tree(folder, text, **flags):
    (folder / "f.yaml").write_text(text)
    config = load(str(folder / "f.yaml"), **flags)
    judge(config)
    return values(config.tree)


def test_a_value_keeps_its_type_in_quotes_or_not(tmp_path):
    text = """\
vars: {width: 8, layers: [{linear: 4}, relu], rate: 1e-1, source: xor, hidden: "${vars.width}"}
data: {source: "${vars.source}"}
model:
  - linear: ${vars.hidden}
  - residual: "${vars.layers}"
loss: mse
optimizer: {type: adam, lr: "${ vars.rate }"}
"""
    (tmp_path / "f.yaml").write_text(text)
    config = load(str(tmp_path / "f.yaml"))
    layers, _, optimizer = judge(config)
    assert (layers[0].units, layers[1].layers[0].units, optimizer.lr) == (8, 4, 0.1)
    assert config.data.source == "xor"
    assert "vars" not in values(config.tree)


def test_within_a_text_it_is_text(tmp_path):
    found = tree(tmp_path, GOOD + "vars: {a: 3, b: x}\nname: net-${vars.a}${vars.b}\nseed: 1${vars.a}\n")
    assert (found["name"], found["seed"]) == ("net-3x", "13")


def test_nothing_else_is_replaced(tmp_path):
    text = GOOD + "trainer: {monitor: '${HOME} $vars.a {vars.a} $${vars.a}'}\n"
    found = tree(tmp_path, text + "vars: {a: 1}\n")
    assert found["trainer"]["monitor"] == "${HOME} $vars.a {vars.a} ${vars.a}"
    assert tree(tmp_path, GOOD + "trainer: {monitor: '$${vars.a}'}\n")["trainer"]["monitor"] == "${vars.a}"


def test_a_flag_changes_a_variable_everywhere_it_is_used(tmp_path):
    found = tree(tmp_path, GOOD.replace("2}", "'${vars.w}'}") + "vars: {w: 2}\nseed: ${vars.w}\n", sets=["vars.w=5"])
    assert (found["model"], found["seed"]) == ([{"linear": "5"}], "5")


def test_a_part_of_a_variable(tmp_path):
    text = GOOD + "vars: {net: {w: 3, deep: {x: 4}}}\nseed: ${vars.net.deep.x}\n"
    assert tree(tmp_path, text)["seed"] == "4"


def test_a_whole_section(tmp_path):
    text = GOOD + "vars: {short: {epochs: 3}}\ntrainer: ${vars.short}\n"
    assert tree(tmp_path, text)["trainer"] == {"epochs": "3"}


WRONG = [
    ("seed: ${vars.wdth}\nvars: {width: 8}\n",
     "5:7: seed: unknown variable 'wdth'; did you mean 'width'? (vars: width)"),
    ("seed: ${vars.a}\n", "5:7: seed: unknown variable 'a' (write it in the section `vars`)"),
    ("seed: ${vars.a.b}\nvars: {a: 1}\n", "unknown variable 'a.b'"),
    ("seed: ${vars.a}\nvars: {a: wide}\n", "6:11: seed: expected an integer >= 0"),
    ("seed: ${vars.a}\nvars: {a: }\n", "6:8: vars.a: value missing (write a value, or remove what uses it)"),
    ("seed: ${vars.a\nvars: {a: 1}\n", "5:7: seed: '${vars.a' is never closed (write ${vars.NAME})"),
    ("name: x${vars.a}\nvars: {a: [1]}\n", "5:7: name: ${vars.a} is a list, which cannot be part of a text"),
    ("seed: ${vars.a}\nvars: {a: '${vars.a}'}\n",
     "6:11: vars.a: vars.a uses vars.a (a variable cannot be made of itself)"),
    ("seed: ${vars.a}\nvars: {a: '${vars.b}', b: 'x${vars.a}'}\n", "vars.a uses vars.b, which uses vars.a"),
    ("vars: [1]\n", "5:7: vars: expected a mapping, found a list"),
    ("seed: {a: ${vars.b}}\n", 'between brackets a variable needs quotes: "${vars.NAME}"'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WRONG, ids=[row[1][:50] for row in WRONG])
def test_one_mistake_gives_one_message(text, expected, tmp_path):
    (found,) = mistakes(tmp_path, GOOD + text)
    assert expected in found


def test_a_flag_for_a_variable_that_nobody_uses(tmp_path):
    (found,) = mistakes(tmp_path, GOOD + "vars: {width: 2}\nseed: ${vars.width}\n", sets=["vars.wdith=3"])
    assert found == "--set vars.wdith=3: vars.wdith: used nowhere; did you mean 'width'? (vars: width)"


def use(number):
    return f"'${{vars.a{number}}}'"


BOMB = "vars:\n  a0: [x]\n" + "".join(f"  a{i}: [{', '.join([use(i - 1)] * 10)}]\n" for i in range(1, 12))
TOWER = "vars:\n  a0: [x]\n" + "".join(f"  a{i}: [{use(i - 1)}]\n" for i in range(1, 300))
CHAIN = "vars:\n  a0: x\n" + "".join(f"  a{i}: {use(i - 1)}\n" for i in range(1, 3000))


@pytest.mark.parametrize(("text", "last"), [(BOMB, 11), (TOWER, 299), (CHAIN, 2999), (TOWER, 100)])
def test_variables_grow_no_further_than_a_config(text, last, tmp_path, monkeypatch):
    monkeypatch.setattr("zen_cli.config.variables.MAX_NODES", 10_000)
    (tmp_path / "f.yaml").write_text(GOOD + text + f"seed: ${{vars.a{last}}}\n")
    with pytest.raises(ZenError, match="more than"):
        load(str(tmp_path / "f.yaml"))
