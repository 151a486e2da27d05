import json

import pytest

from zen_cli.training.events import End, Epoch, Start, as_json


def test_start_keeps_the_order_of_its_fields():
    written = as_json(Start("xor", 200, 4, {"train": 4}, 58, 1, "runs/xor/1"))
    assert written == {
        "event": "start", "name": "xor", "epochs": 200, "batch_size": 4, "rows": {"train": 4},
        "parameters": 58, "replicas": 1, "run": "runs/xor/1",
    }
    assert next(iter(written)) == "event"


def test_epoch_has_the_documented_line():
    event = Epoch(1, 42, 0.02, 0.01, {"loss": 0.3}, {"loss": 0.31, "accuracy": 0.9})
    assert json.dumps(as_json(event), separators=(",", ":")) == (
        '{"event":"epoch","epoch":1,"step":42,"lr":0.02,"seconds":0.01,"train":{"loss":0.3},'
        '"validation":{"loss":0.31,"accuracy":0.9}}'
    )


def test_end_has_the_documented_order_and_only_the_splits_that_exist():
    event = End("completed", 30, 1260, 0.4, {"loss": 0.1}, {}, {"loss": 0.2}, {"epoch": 27}, "runs/a")
    assert list(as_json(event)) == [
        "event", "status", "run", "epochs", "steps", "seconds", "train", "test", "best",
    ]


def test_zeros_are_values_and_not_absent():
    written = as_json(End("interrupted", 0, 0, 0.0, {}, {}, {}, {}, None, "interrupted by SIGINT"))
    assert (written["epochs"], written["run"], written["message"]) == (0, None, "interrupted by SIGINT")


def test_values_of_replicas_become_lists():
    event = Epoch(1, 2, (0.1, 0.2), 0.0, {"loss": (1.0, 2.0)}, {"loss": (3.0, 4.0)})
    written = as_json(event)
    assert (written["lr"], written["validation"]) == ([0.1, 0.2], {"loss": [3.0, 4.0]})
    assert as_json(End("completed", 1, 2, 0.0, {}, {}, {}, {"epoch": (1, 1)}))["best"] == {"epoch": [1, 1]}


def test_events_are_frozen():
    with pytest.raises(AttributeError):
        Epoch(1, 2, 0.1, 0.0, {}, {}).epoch = 2
