"""Cross-validation: every row tests once, each net is as if it had been trained alone."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from tests.cli.helpers import IRIS, XOR, done, zen
from tests.data.helpers import refused
from zen_cli.errors import Exit
from zen_cli.experiment import from_file
from zen_cli.jobs.folds import Folds
from zen_cli.training.events import INTERRUPTED
from zen_cli.training.training import Training

SHORT = ("trainer.epochs=3",)


def test_each_net_is_the_one_that_trains_alone() -> None:
    experiment = from_file(IRIS, sets=(*SHORT, "data.split={validation: 0.2}"))
    folds = Folds(experiment, 4)
    assert folds.groups == {(90, 22, 38): [0, 1], (90, 23, 37): [2, 3]}
    found = folds.run(time.perf_counter, iter)
    assert [fold.number for fold in found] == [1, 2, 3, 4]
    for training, group in zip(folds.trainings, folds.groups.values(), strict=True):
        for place, number in enumerate(group):
            alone = Training(experiment, experiment.config.seed, rows=[training.rows[place]])
            *_, end = alone.events(time.perf_counter)
            assert found[number].measured == {"train": end.train, "validation": end.validation, "test": end.test}
            weights = training.state.vectors["parameters"][place]
            np.testing.assert_array_equal(weights, alone.state.vectors["parameters"])


def test_it_stops_where_it_is_interrupted() -> None:
    folds = Folds(from_file(IRIS, sets=SHORT), 4)
    folds.interrupt()
    assert {fold.status for fold in folds.run(time.perf_counter, iter)} == {INTERRUPTED}


def test_the_table_and_the_json_say_the_same() -> None:
    arguments = ("train", IRIS, "--folds", "5", "-q", "--set", SHORT[0])
    table = done(*arguments).out.splitlines()
    assert table[0].split() == ["fold", "train", "test", "test.loss", "test.accuracy"]
    assert [line.split()[0] for line in table[1:]] == ["1", "2", "3", "4", "5", "mean", "deviation"]
    found = done(*arguments, "--json").json
    accuracy = found["test"]["accuracy"]
    assert (found["folds"], found["status"], len(accuracy["each"])) == (5, "completed", 5)
    assert accuracy["mean"] == pytest.approx(np.mean(accuracy["each"]))
    assert accuracy["deviation"] == pytest.approx(np.std(accuracy["each"], ddof=1))
    assert {"train", "validation"} < set(found)


def test_no_run_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done("train", IRIS, "--folds", "3", "-q", "--set", SHORT[0])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("flag", [("--seeds", "3"), ("--until", "train.loss<1"), ("--jsonl",)])
def test_flags_of_a_single_training(flag: tuple[str, ...]) -> None:
    result = zen("train", IRIS, "--folds", "3", *flag)
    assert result.code == 2 and result.err.startswith(f"zen: error: {flag[0]}: does not go with --folds")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((XOR, "--folds", "5"), 2, "4 rows cannot make 5 folds"), ((IRIS, "--folds", "1"), 2, "--folds"),
        ((IRIS, "--folds", "3", "--set", "optimizer.lr=1e30", "--set", "loss=mse"), 4, "diverged"),
        ((IRIS, "--folds", "3", "--set", "data.split={validation: 0.999}"), 2, "100 rows, of which 100 would validate"),
    ],
)  # fmt: skip
def test_what_cannot_be_folded(arguments: tuple[str, ...], code: int, told: str) -> None:
    result = zen("train", *arguments)
    assert result.code == code and told in result.err, result.err


def test_a_problem_has_no_rows_to_fold() -> None:
    experiment = from_file(XOR.replace("xor", "rosenbrock"))
    assert "without rows" in refused(lambda: Folds(experiment, 2), Exit.USAGE).what
