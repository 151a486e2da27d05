"""Groups, penalties and bounds as a config says them, and what is wrong with them."""

from pathlib import Path

import pytest

from zen_cli.errors import ZenError
from zen_cli.experiment import from_file
from zen_cli.resolved import resolved, resolved_text

TEXT = """\
data: {source: xor}
model:
  - linear: {units: 4, max_norm: 3, l1: 1e-4}
  - tanh
  - output
optimizer: {type: adam, groups: [{layers: [0], lr: 1e-4}, {parameters: [bias], weight_decay: 0}]}
trainer: {clip: {norm: 1.0, per: tensor}, batch_size: full}
"""


def experiment(folder: Path, *sets: str):
    (folder / "net.yaml").write_text(TEXT)
    return from_file(str(folder / "net.yaml"), sets=sets)


def test_resolved_config_says_them_all_and_reads_back(tmp_path: Path) -> None:
    first = experiment(tmp_path)
    (tmp_path / "again.yaml").write_text(resolved_text(first))
    again = from_file(str(tmp_path / "again.yaml"))
    assert resolved(again) == resolved(first)
    assert resolved(first)["optimizer"]["groups"] == [
        {"layers": [0], "lr": 1e-4}, {"parameters": ["bias"], "weight_decay": 0.0}
    ]
    assert resolved(first)["model"]["layers"][1] == {"type": "tanh"}


@pytest.mark.parametrize(
    "change, message",
    [
        ("optimizer.groups=[{layers: [1]}]", "optimizer.groups: a group holds no weights"),
        ("optimizer.groups=[{parameters: [gain]}]", "a group holds no weights"),
        ("optimizer.groups=[{lr: fast}]", r"optimizer.groups\[0\].lr: expected a number"),
        ("trainer.clip={norm: 1, value: 1}", "expected one of norm, value and adaptive"),
        ("trainer.clip={value: 1, per: tensor}", "`per: tensor` needs a norm"),
        ("model[1]={tanh: {freeze: true}}", "a layer without weights has no freeze"),
        ("model[0].max_norm=0", "must be > 0"),
        ("optimizer={type: lbfgs, groups: [{layers: [0]}]}", "lbfgs cannot have groups"),
        ("optimizer=lbfgs", "lbfgs cannot have a trainer.clip"),
        ("optimizer={sam: {of: lbfgs}}", "lbfgs takes several gradients a step, which sam cannot be around"),
    ],
)
def test_mistakes(change: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ZenError, match=message):
        experiment(tmp_path, change)
