"""zen evaluate: the numbers of a run, from its directory alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.helpers import DIGITS, IRIS, IRIS_CSV, MPG, MPG_CSV, XOR, done, table, train, write, zen

SHORT = ("--set", "trainer.epochs=5")
WEIGHTED = ("--set", "loss={type: cross_entropy, class_weights: balanced}", "--set", "data.split.stratify=false")


@pytest.mark.parametrize("config", [IRIS, MPG, DIGITS, XOR])
def test_gives_the_numbers_that_training_ended_with(config: str) -> None:
    end = done("train", config, "--json", "-q", *SHORT).json
    found = done("evaluate", end["run"], "--json").json
    assert found == {split: end[split] for split in ("train", "validation", "test") if split in end}


def test_prints_a_table() -> None:
    lines = done("evaluate", str(train(IRIS, *SHORT))).out.splitlines()
    assert lines[0].split() == ["split", "loss", "accuracy"]
    assert [line.split()[0] for line in lines[1:]] == ["train", "validation", "test"]


def test_run_is_named_in_any_way() -> None:
    run = train(IRIS, *SHORT)
    wanted = done("evaluate", str(run), "--json").out
    for name in ("runs/iris", "runs/iris/latest", str(run.absolute()), str(run / "last.safetensors")):
        assert done("evaluate", name, "--json").out == wanted
    shutil.copy(run / "last.safetensors", "model.safetensors")
    shutil.rmtree("runs")
    assert done("evaluate", "model.safetensors", "--json").out == wanted


def test_one_of_several_seeds() -> None:
    run = done("train", IRIS, "--seeds", "3", "--json", "-q", *SHORT).json["run"]
    for seed in ("0", "2"):
        alone = done("evaluate", str(train(IRIS, "--seed", seed, *SHORT)), "--json").out
        assert done("evaluate", run, "--seed", seed, "--json").out == alone
    assert "--seed N, 0 to 2" in zen("evaluate", run).err
    assert zen("evaluate", run, "--seed", "3").code == 2


def test_rows_of_a_file() -> None:
    run = str(train(IRIS, *SHORT))
    found = done("evaluate", run, "--data", IRIS_CSV, "--json").json
    assert done("evaluate", run, "--data", "-", "--json", stdin=Path(IRIS_CSV).read_bytes()).json == found
    own = done("evaluate", run, "--json").json
    rows = {"train": 105, "validation": 30, "test": 15}
    whole = sum(own[split]["accuracy"] * count for split, count in rows.items()) / 150
    assert found["data"]["accuracy"] == pytest.approx(whole)
    numbers = done("evaluate", str(train(MPG, *SHORT)), "--data", MPG_CSV, "--json").json
    assert set(numbers["data"]) == {"loss", "mae", "r2"}


def test_weights_of_classes_are_those_of_the_training_rows() -> None:
    end = done("train", IRIS, *WEIGHTED, *SHORT, "--json", "-q").json
    assert done("evaluate", end["run"], "--json").json["test"] == end["test"]
    rows = table(IRIS_CSV)
    for name, chosen in (("setosa", rows[1:51]), ("versicolor", rows[51:101])):
        write(f"{name}.csv", "\n".join(",".join(row) for row in [rows[0], *chosen]) + "\n")
    losses = {
        name: done("evaluate", end["run"], "--data", f"{name}.csv", "--json").json["data"]["loss"]
        for name in ("setosa", "versicolor")
    }
    write("both.csv", "\n".join(",".join(row) for row in rows[:101]) + "\n")
    both = done("evaluate", end["run"], "--data", "both.csv", "--json").json["data"]["loss"]
    assert both == pytest.approx(sum(losses.values()) / 2, rel=1e-5)  # the same weights, whatever is in the file


def test_numbers_are_null_in_json_where_there_is_none() -> None:
    run = str(train(MPG, *SHORT))
    first = "\n".join(Path(MPG_CSV).read_text(encoding="utf-8").splitlines()[:2]) + "\n"
    assert done("evaluate", run, "--data", write("one.csv", first), "--json").json["data"]["r2"] is None


def test_fail_under() -> None:
    run = str(train(IRIS))
    assert zen("evaluate", run, "--fail-under", "accuracy=0.5").code == 0
    assert zen("evaluate", run, "--fail-under", "train.accuracy=0.9").code == 0
    missed = zen("evaluate", run, "--fail-under", "accuracy=0.999", "--json")
    assert missed.code == 6 and "test.accuracy is 0.9" in missed.err and missed.json["test"]
    for wrong in ("accurcy=0.5", "accuracy", "accuracy=high", "accuracy=nan", "=1", "tset.accuracy=0.5"):
        result = zen("evaluate", run, "--fail-under", wrong)
        assert result.code == 2 and result.err.startswith("zen: error: --fail-under: ")


def test_data_that_changed_is_not_measured() -> None:
    shutil.copy(IRIS_CSV, "my.csv")
    run = str(train(IRIS, "--set", "data.source=my.csv", *SHORT))
    text = Path("my.csv").read_text(encoding="utf-8")
    write("my.csv", text.replace("5.1", "5.2", 1))
    changed = zen("evaluate", run)
    assert changed.code == 3 and "has changed" in changed.err and "--data" in changed.err
    Path("my.csv").unlink()
    gone = zen("evaluate", run)
    assert gone.code == 3 and "no such file" in gone.err and "--data" in gone.err and "<stdin>" not in gone.err
    assert done("predict", run, "-i", IRIS_CSV).out.count("\n") == 151


def test_damaged_checkpoint_goes_back_to_the_best() -> None:
    run = train(IRIS)
    (run / "last.safetensors").write_bytes(b"")
    result = done("evaluate", str(run))
    assert "zen: warning: " in result.err and "best.safetensors" in result.err
    assert done("evaluate", str(run), "-q").err == ""
    (run / "best.safetensors").unlink()
    assert zen("evaluate", str(run)).code == 3
