"""zen evaluate: the numbers of a run, from its directory alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.cli.helpers import DIGITS, IRIS, IRIS_CSV, MPG, MPG_CSV, XOR, Result, done, table, train, write, zen

SPLITS = ("train", "validation", "test")
SHORT = ("--set", "trainer.epochs=5")
WEIGHTED = ("--set", "loss={type: cross_entropy, class_weights: balanced}", "--set", "data.split.stratify=false")


@pytest.mark.parametrize("config", [IRIS, MPG, DIGITS, XOR])
def test_gives_the_numbers_that_training_ended_with(config: str) -> None:
    end = done("train", config, "--json", "-q", *SHORT).json
    assert numbers(done("evaluate", end["run"], "--json")) == {split: end[split] for split in SPLITS if split in end}


def numbers(result: Result) -> dict[str, dict[str, float | None]]:
    """What is one number, of each split."""
    return {
        split: {name: value for name, value in found.items() if not isinstance(value, (dict, list))}
        for split, found in result.json.items()
    }


def test_prints_a_table() -> None:
    lines = done("evaluate", str(train(IRIS, *SHORT))).out.splitlines()
    assert lines[0].split() == ["split", "loss", "accuracy"]
    assert [line.split()[0] for line in lines[1:4]] == [*SPLITS]
    assert [line for line in lines[4:] if line.startswith("test: ")] == [
        "test: classes", "test: which class is taken for which", "test: how sure, and how often right",
    ]  # fmt: skip


def test_says_how_each_class_fares() -> None:
    found = done("evaluate", str(train(IRIS, *SHORT)), "--data", IRIS_CSV, "--json").json["data"]
    each, matrix = found["per_class"], np.array(found["confusion_matrix"])
    assert list(each) == ["setosa", "versicolor", "virginica"] and matrix.sum() == 150
    for i, one in enumerate(each.values()):
        assert one["support"] == matrix[i].sum() == 50
        assert one["recall"] == pytest.approx(matrix[i, i] / 50)
        assert one["precision"] == pytest.approx(matrix[i, i] / max(matrix[:, i].sum(), 1))
    assert found["accuracy"] == np.trace(matrix) / 150
    assert sum(one["rows"] for one in found["calibration"]) == 150


def test_says_how_far_numbers_are_off() -> None:
    run = str(train(MPG, *SHORT))
    found = done("evaluate", run, "--data", MPG_CSV, "--json").json["data"]
    truth = [float(row[table(MPG_CSV)[0].index("mpg")]) for row in table(MPG_CSV)[1:]]
    predicted = [float(line) for line in done("predict", run, "-i", MPG_CSV).out.splitlines()[1:]]
    off = np.array(truth) - np.array(predicted)
    wanted = {"0%": off.min(), "25%": np.quantile(off, 0.25), "50%": np.median(off), "100%": off.max()}
    assert {name: found["residuals"]["mpg"][name] for name in wanted} == pytest.approx(wanted, rel=1e-5)


def test_measures_what_is_asked_for() -> None:
    run = str(train(IRIS, *SHORT))
    asked = ("--metric", "f1_micro", "--metric", "top_k_2", "--metric", "brier")
    found = numbers(done("evaluate", run, "--json", *asked))
    assert all(list(found[split]) == ["loss", "f1_micro", "top_k_2", "brier"] for split in SPLITS)
    assert found["test"]["f1_micro"] == numbers(done("evaluate", run, "--json"))["test"]["accuracy"]
    lines = done("evaluate", run, "--format", "csv", "--split", "test", *asked).out.splitlines()
    assert lines[0] == "split,loss,f1_micro,top_k_2,brier"
    assert [float(cell) for cell in lines[1].split(",")[1:]] == list(found["test"].values())
    for wrong, told in (("f2", "unknown metric 'f2'"), ("f1_mcro", "did you mean 'micro'?"), ("mse", "")):
        result = zen("evaluate", run, "--metric", wrong)
        assert (result.code, told in result.err) == (2 if told else 0, True)
    assert "compares classes" in zen("evaluate", str(train(MPG, *SHORT)), "--metric", "f1").err


def test_worst_rows() -> None:
    run = str(train(IRIS, *SHORT))
    whole = done("evaluate", run, "--data", IRIS_CSV, "--worst", "150", "--json").json
    losses = [row["loss"] for row in whole]
    assert losses == sorted(losses, reverse=True) and {row["row"] for row in whole} == set(range(1, 151))
    measured = done("evaluate", run, "--data", IRIS_CSV, "--json").json["data"]
    assert np.mean(losses) == pytest.approx(measured["loss"])
    assert np.mean([row["target"] == row["prediction"] for row in whole]) == measured["accuracy"]
    names, *cells = table(IRIS_CSV)
    for row in whole[:5]:
        *features, target = cells[row["row"] - 1]
        assert ([*row["columns"].values()], row["target"]) == ([*map(float, features)], target)
    lines = done("evaluate", run, "--worst", "2", "--split", "train", "--format", "csv").out.splitlines()
    assert lines[0] == ",".join(["row", "loss", "target", "prediction", *names[:-1]]) and len(lines) == 3
    own = done("evaluate", run, "--worst", "1", "--split", "train", "--json").json[0]
    assert [*own["columns"].values()] == [*map(float, cells[own["row"] - 1][:-1])]
    assert "prediction" in done("evaluate", run, "--worst", "1").out.splitlines()[0]


def test_worst_of_several_targets_and_of_two_classes() -> None:
    run = str(train(MPG, *SHORT, "--set", "data.target=[mpg, weight]"))
    two = done("evaluate", run, "--worst", "1", "--json").json[0]
    assert set(two["target"]) == set(two["prediction"]) == {"mpg", "weight"}
    xor = done("evaluate", str(train(XOR, *SHORT)), "--worst", "9", "--format", "csv").out.splitlines()
    assert len(xor) == 5 and {line.split(",")[2] for line in xor[1:]} == {"0", "1"}


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
    found = numbers(done("evaluate", str(train(MPG, *SHORT)), "--data", MPG_CSV, "--json"))
    assert set(found["data"]) == {"loss", "mae", "r2"}


def test_weights_of_classes_are_those_of_the_training_rows() -> None:
    end = done("train", IRIS, *WEIGHTED, *SHORT, "--json", "-q").json
    assert numbers(done("evaluate", end["run"], "--json"))["test"] == end["test"]
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
    for wrong in ("accurcy=0.5", "accuracy", "accuracy=high", "accuracy=nan", "=1", "tset.accuracy=0.5", "loss=0.1"):
        result = zen("evaluate", run, "--fail-under", wrong)
        assert (result.code, result.out) == (2, "") and result.err.startswith("zen: error: --fail-under: ")
    assert "did you mean 'test.accuracy'?" in zen("evaluate", run, "--fail-under", "accurcy=0.5").err


def test_fail_over() -> None:
    run = str(train(MPG))
    assert zen("evaluate", run, "--fail-over", "mae=100", "--fail-under", "r2=0").code == 0
    missed = zen("evaluate", run, "--fail-over", "mae=0.1", "--fail-over", "loss=0.1", "--fail-under", "train.r2=1")
    assert missed.code == 6 and missed.err.count("zen: error: --fail-") == 3
    wrong = zen("evaluate", run, "--fail-over", "r2=0.5")
    assert wrong.code == 2 and "--fail-under r2=0.5" in wrong.err


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
