"""Runs in whatever state they are in, as a list."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from zen_cli.errors import ZenError
from zen_cli.runs import lock
from zen_cli.runs.directory import RunDirectory, point_latest
from zen_cli.runs.filters import where
from zen_cli.runs.listing import listed, read, value
from zen_cli.runs.removal import remove, to_remove

END = {"event": "end", "status": "completed", "epochs": 3, "steps": 9, "seconds": 0.5,
       "train": {"loss": 0.5}, "validation": {"loss": 0.25, "accuracy": 0.9}, "best": {"epoch": 2}}  # fmt: skip


def make(path: Path, *events: Any, **receipt: Any) -> Path:
    path.mkdir(parents=True)
    told = {"started": "2025-01-01T00:00:00Z", "status": "completed", "exit": 0} | receipt
    (path / "run.json").write_text(json.dumps(told))
    lines = (event if isinstance(event, str) else json.dumps(event) + "\n" for event in events)
    (path / "metrics.jsonl").write_text("".join(lines))
    config = "optimizer: {type: adam, lr: 0.001}\nmodel: {layers: [{type: linear, units: 8}]}\n"
    (path / "resolved.yaml").write_text(config)
    return path


def test_runs_at_any_depth(tmp_path: Path) -> None:
    a, b = make(tmp_path / "runs/x/20250101T000000Z-abcdef", END), make(tmp_path / "runs/y/1", END)
    make(tmp_path / "runs/.compare/x/1", END)
    (tmp_path / "runs/empty").mkdir()
    point_latest(tmp_path / "runs/x", a.name)
    assert [run.path for run in listed(str(tmp_path / "runs"))] == [str(a), str(b)]
    assert [run.path for run in listed(str(tmp_path / "runs/x"))] == [run.path for run in listed(str(a))] == [str(a)]
    assert list(listed(str(tmp_path / "nowhere"))) == []


def test_all_that_is_known_of_a_run(tmp_path: Path) -> None:
    run = make(tmp_path / "runs/x/20250101T000000Z-abcdef-0002", {"event": "start"}, END, data_sha256="ff")
    found = read(str(run)).as_dict()
    assert {key: found[key] for key in ("name", "status", "epochs", "steps", "hash", "data_sha256", "exit")} == {
        "name": "x", "status": "completed", "epochs": 3, "steps": 9, "hash": "abcdef", "data_sha256": "ff", "exit": 0,
    }  # fmt: skip
    assert found["validation"]["accuracy"] == 0.9 and found["test"] == {}
    assert found["size"] == sum(file.stat().st_size for file in run.iterdir())


EPOCH = {"event": "epoch", "epoch": 2, "step": 6, "seconds": 0.1, "train": {"loss": 0.7}, "validation": {}}
DAMAGED = [
    ([EPOCH, '{"event":"end","stat'], "half a line", (2, 0.7)),
    ([EPOCH, "\0\0\0\n", "[1]\n", '"end"\n'], "lines that say nothing", (2, 0.7)),
    ([EPOCH, '{"event":"end","epochs":5,"train":{"loss":NaN}}\n'], "NaN", (5, None)),
    ([EPOCH, '{"event":"later","epochs":9}\n'], "an event of a later version", (2, 0.7)),
    ([{**END, "train": [1], "validation": None}], "other types", (3, None)),
    ([{**END, "train": {"loss": [0.1] * 50_000}}], "many seeds", (3, 0.1)),
    ([], "nothing yet", (None, None)),
    (["[" * 100_000], "deep", (None, None)),
]


@pytest.mark.parametrize(("events", "what", "expected"), DAMAGED, ids=[row[1] for row in DAMAGED])
def test_events_in_any_state(events: list[Any], what: str, expected: Any, tmp_path: Path) -> None:
    found = read(str(make(tmp_path / "x/1", *events))).as_dict()
    assert (found["epochs"], value(found, "train.loss")) == expected


@pytest.mark.parametrize("text", ["", "{", "[]", '{"status": 3}', "\xff"])
def test_a_damaged_receipt(text: str, tmp_path: Path) -> None:
    run = make(tmp_path / "x/1", END)
    (run / "run.json").write_text(text, encoding="latin-1")
    assert read(str(run)).status == "damaged" and read(str(run)).as_dict()["epochs"] == 3


def test_only_a_live_process_is_running(tmp_path: Path) -> None:
    run = make(tmp_path / "x/1", EPOCH, status="running")
    assert read(str(run)).status == "killed"
    with RunDirectory(run).lock():
        assert read(str(run)).status == "running"
    host = lock.host_name()
    for holder, status in ((f"99999999 {host}", "killed"), ("x", "killed"), ("5 elsewhere", "running")):
        (run / ".lock").write_text(holder)
        assert read(str(run)).status == status


CONDITIONS = [
    ("validation.loss<0.3", True), ("validation.loss < 0.25", False), ("validation.loss<=0.25", True),
    ("validation.accuracy=0.90", True), ("validation.accuracy!=0.9", False), ("best.epoch>=2", True),
    ("status=completed", True), ("status!=completed", False), ("name=x", True), ("seconds>1", False),
    ("test.loss<1", False), ("test.loss!=1", True), ("optimizer.type=adam", True), ("optimizer.lr=1e-3", True),
    ("optimizer.lr>0.01", False), ("model[0].units>=8", True), ("model.layers[0].type==linear", True),
    ("optimizer.type<3", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "holds"), CONDITIONS)
def test_conditions(text: str, holds: bool, tmp_path: Path) -> None:
    run = make(tmp_path / "runs/x/1", END)
    assert where(text).holds(read(str(run)).as_dict()) is holds


@pytest.mark.parametrize("text", ["loss", "<3", "loss<", "loss<x", "", "=a"])
def test_no_conditions(text: str) -> None:
    with pytest.raises(ZenError, match="is no condition"):
        where(text)


def test_removing_keeps_latest_right_and_goes_with_the_last(tmp_path: Path) -> None:
    one, two = make(tmp_path / "runs/x/1", END), make(tmp_path / "runs/x/2", END)
    point_latest(one.parent, "2")
    assert to_remove([str(one.parent / "latest"), str(two)]) == [two]
    remove(two)
    assert os.readlink(one.parent / "latest") == "1" and not two.exists()
    assert to_remove([str(one.parent)]) == [one]
    remove(one)
    assert os.listdir(tmp_path / "runs") == []


def test_what_is_not_removed(tmp_path: Path) -> None:
    one, two = make(tmp_path / "runs/x/1", END), make(tmp_path / "runs/x/2", END)
    for named, code, words in (
        (one.parent, 2, "has 2 runs"), (one / "run.json", 3, "is a file"), (tmp_path / "y", 3, "no such run"),
        (tmp_path / "runs", 3, "no run in this folder"),
    ):  # fmt: skip
        with pytest.raises(ZenError, match=words) as caught:
            to_remove([str(named)])
        assert caught.value.code == code
    with RunDirectory(two).lock(), pytest.raises(ZenError, match="in use by process") as caught:
        remove(two)
    assert caught.value.code == 7 and (two / "run.json").exists()
