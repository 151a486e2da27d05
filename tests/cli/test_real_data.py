"""Tables that packages bring along: init, train and predict without an edit, at a new row too."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.helpers import done, train, write
from zen_cli.starter.dialect import dialect_of


class Real(NamedTuple):
    """`least`: what 10 passes reach on the test rows; `new`: cells of a new row, all others being empty."""

    package: str
    file: str
    target: str
    metric: str
    least: float
    new: dict[str, str]


TABLES = [
    Real("statsmodels", "datasets/anes96/anes96.csv", "'vote'", "accuracy", 0.8, {"'age'": "50", "'PID'": "9"}),
    Real("statsmodels", "datasets/modechoice/modechoice.csv", "choice", "accuracy", 0.7, {"mode": "7"}),
    Real("statsmodels", "datasets/macrodata/macrodata.csv", "realgdp", "r2", 0.7, {"cpi": "1e6"}),
    Real("statsmodels", "datasets/statecrime/statecrime.csv", "murder", "r2", -1.0, {"state": "Bern, Switzerland"}),
    Real("statsmodels", "datasets/co2/co2.csv", "co2", "r2", 0.8, {"date": "20310203"}),
    Real("statsmodels", "datasets/danish_data/data.csv", "lrm", "r2", 0.5, {"period": "1990q9"}),
]


@pytest.mark.parametrize("real", TABLES, ids=lambda real: Path(real.file).stem)
def test_from_a_table_to_predictions_without_an_edit(real: Real) -> None:
    found = importlib.util.find_spec(real.package)
    source = Path(found.origin).parent / real.file if found and found.origin else Path("nowhere")
    if not source.exists():
        pytest.skip(f"{real.file} is not here")
    done("init", "--data", str(source), "--target", real.target, "--out", "real.yaml")
    run = train("real.yaml", "--set", "trainer.epochs=10")
    assert done("evaluate", str(run), "--json").json["test"][real.metric] >= real.least
    lines = source.read_text(encoding="utf-8-sig").splitlines()
    assert len(done("predict", str(run), "--input", str(source)).out.splitlines()) == len(lines)
    delimiter = str(dialect_of(str(source)).get("delimiter", ","))
    header = next(csv.reader(lines, delimiter=delimiter))
    new = write("new.csv", lines[0] + "\n" + delimiter.join(f'"{real.new.get(name, "")}"' for name in header) + "\n")
    assert len(done("predict", str(run), "--input", new).out.splitlines()) == 2


def test_diabetes_of_scikit_learn_is_foretold_as_well_as_by_a_straight_line() -> None:
    """Ridge regression reaches an r2 of 0.48 in five folds."""
    found = pytest.importorskip("sklearn.datasets").load_diabetes(scaled=False)
    with open("diabetes.csv", "w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([*found.feature_names, "progression"])
        lines.writerows([*x, y] for x, y in zip(found.data.tolist(), found.target.tolist(), strict=True))
    done("init", "--data", "diabetes.csv", "--target", "progression", "--out", "x.yaml")
    folds = done("train", "x.yaml", "--folds", "5", "--json", "-q").json
    assert folds["test"]["r2"]["mean"] > 0.42
