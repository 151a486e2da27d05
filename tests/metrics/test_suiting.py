"""Which metrics fit which network and target: said before training, each in its place."""

from __future__ import annotations

import io

import pytest

from zen_cli.config.load import load
from zen_cli.errors import ZenError
from zen_cli.experiment import Experiment, from_config

WAVE = "data: {source: sine}\nmodel: [linear: 4, tanh, output]\n"
ARMS = "data: {source: spiral}\nmodel: [linear: 4, tanh, output]\n"


def experiment(text: str) -> Experiment:
    return from_config(load("-", stdin=io.BytesIO(text.encode())))


def names(text: str) -> list[str]:
    return [metric.label for metric in experiment(text).metrics]


def test_what_suits_the_target_is_measured_where_nothing_is_said() -> None:
    assert names(WAVE) == ["mae", "r2"] and names(ARMS) == ["accuracy"]


def test_one_metric_in_several_forms_has_as_many_names() -> None:
    assert names(ARMS + "metrics: [f1, f1: micro, top_k: 2, top_k]") == ["f1", "f1_micro", "top_k_2", "top_k"]


@pytest.mark.parametrize(
    "text, told",
    [
        (WAVE + "metrics: [mae, f1: micro]", "3:16: metrics[1]: f1 compares classes, the target is numbers"),
        (WAVE + "metrics: [log_loss]", "3:11: metrics[0]: log_loss compares classes"),
        (ARMS + "metrics: [f1, f1: auto]", "3:15: metrics[1]: f1 is measured twice"),
        (ARMS + "loss: mse\nmetrics: [roc_auc, brier]", "4:20: metrics[1]: brier needs probabilities"),
        (ARMS + "metrics: [acuracy]", "3:11: metrics[0]: unknown metric 'acuracy'; did you mean 'accuracy'?"),
    ],
)
def test_what_cannot_be_computed_is_refused(text: str, told: str) -> None:
    with pytest.raises(ZenError, match=r".") as found:
        experiment(text)
    assert told in str(found.value)


def test_all_of_them_are_told_at_once() -> None:
    with pytest.raises(ZenError, match=r".") as found:
        experiment(WAVE + "metrics: [accuracy, mae, mae]")
    assert len(found.value.all()) == 2
