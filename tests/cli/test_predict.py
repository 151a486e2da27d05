"""zen predict: rows in, rows out, in the same order."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from tests.cli.helpers import IRIS, IRIS_CSV, MPG, MPG_CSV, XOR, Result, done, table, train, write, zen

CORNERS = "x0,x1\n0,0\n0,1\n1,1\n1,0\n"
TWO = """\
petal_width_cm,note,sepal_length_cm,petal_length_cm,sepal_width_cm
0.2,"a, b",5.1,1.4,3.5
2.3,é,6.7,5.2,3.0
"""


@pytest.fixture
def iris() -> str:
    return str(train(IRIS))


def rows(result: Result) -> list[list[str]]:
    return list(csv.reader(io.StringIO(result.out)))


def test_columns_are_found_by_name(iris: str) -> None:
    result = done("predict", iris, "--input", write("two.csv", TWO))
    assert (result.out, result.err) == ("species\nsetosa\nvirginica\n", "")
    assert done("predict", iris, stdin=TWO.encode()).out == result.out
    assert done("predict", iris, "-i", "-", "-o", "-", stdin=TWO.encode()).out == result.out


def test_missing_column_is_named_and_nothing_printed(iris: str) -> None:
    result = zen("predict", iris, "-i", write("two.csv", TWO.replace("sepal_length_cm", "length")), "-o", "out.csv")
    assert (result.code, result.out) == (3, "")
    assert "two.csv:1: column 'sepal_length_cm' missing" in result.err
    assert not Path("out.csv").exists()


@pytest.mark.parametrize(
    "text, told",
    [
        ("", "no rows"), (TWO.splitlines()[0] + "\n", "header but no rows"),
        (TWO + "1,2\n", "two.csv:4: expected 5 cells"),
        (TWO.replace("5.2", "five"), "two.csv:3:4"), (TWO.replace("5.2", ""), "two.csv:3:4"),
    ],
)  # fmt: skip
def test_bad_rows(iris: str, text: str, told: str) -> None:
    result = zen("predict", iris, "-i", write("two.csv", text))
    assert (result.code, result.out) == (3, "")
    assert told in result.err


def test_probabilities(iris: str) -> None:
    header, *found = rows(done("predict", iris, "--proba", "-i", IRIS_CSV))
    assert header == ["species", "proba_setosa", "proba_versicolor", "proba_virginica"]
    assert len(found) == 150
    for label, *shares in found:
        numbers = [float(share) for share in shares]
        assert sum(numbers) == pytest.approx(1, abs=1e-6)
        assert header[1 + int(np.argmax(numbers))] == f"proba_{label}"


def test_lines_of_json(iris: str) -> None:
    found = done("predict", iris, "--jsonl", "--proba", "-i", write("two.csv", TWO)).lines
    assert [each["species"] for each in found] == ["setosa", "virginica"]
    assert all(isinstance(each["proba_setosa"], float) for each in found)


def test_same_rows_as_evaluate_counts(iris: str) -> None:
    truth = [row[-1] for row in table(IRIS_CSV)[1:]]
    labels = [row[0] for row in rows(done("predict", iris, "-i", IRIS_CSV))[1:]]
    right = sum(one == other for one, other in zip(labels, truth, strict=True)) / 150
    assert done("evaluate", iris, "--data", IRIS_CSV, "--json").json["data"]["accuracy"] == pytest.approx(right)


def test_numbers_keep_all_their_digits() -> None:
    run = str(train(MPG))
    header, *found = rows(done("predict", run, "-i", MPG_CSV))
    assert header == ["mpg"] and len(found) == 392
    names, *truths = table(MPG_CSV)
    truth = [float(row[names.index("mpg")]) for row in truths]
    error = np.mean(np.abs(np.array([float(row[0]) for row in found]) - truth))
    assert done("evaluate", run, "--data", MPG_CSV, "--json").json["data"]["mae"] == pytest.approx(error, rel=1e-6)
    assert all(str(np.float32(row[0])) == row[0] for row in found)
    refused = zen("predict", run, "--proba", "-i", MPG_CSV)
    assert refused.code == 2 and refused.err.startswith("zen: error: --proba: ")


def test_two_targets() -> None:
    run = str(train(MPG, "--set", "data.target=[mpg, weight]"))
    header, *found = rows(done("predict", run, "-i", MPG_CSV))
    assert header == ["mpg", "weight"] and {len(row) for row in found} == {2}


ONE_OUTPUT = {
    "two outputs, mse": (),
    "one output, mse": ("--set", "model[3].units=1", "--set", "model[4]=sigmoid"),
    "one output, bce": ("--set", "loss=bce", "--set", "model[4]=output"),
    "scores, bce": ("--set", "loss=bce", "--set", "model=[linear: 8, tanh, linear: 1]"),
    "no loss": ("--unset", "loss"),
}


@pytest.mark.parametrize("sets", ONE_OUTPUT.values(), ids=ONE_OUTPUT)
def test_two_classes(sets: tuple[str, ...]) -> None:
    run = str(train(XOR, *sets))
    assert done("evaluate", run, "--json").json["train"]["accuracy"] == 1.0
    header, *found = rows(done("predict", run, "--proba", stdin=CORNERS.encode()))
    assert header == ["y", "proba_0", "proba_1"]
    assert [row[0] for row in found] == ["0", "1", "0", "1"]
    assert all(float(row[1]) + float(row[2]) == pytest.approx(1, abs=1e-6) for row in found)


def test_scores_are_not_sold_as_probabilities() -> None:
    run = str(train(IRIS, "--set", "loss=mse"))
    result = zen("predict", run, "--proba", "-i", IRIS_CSV)
    assert (result.code, result.out) == (2, "") and "gives scores" in result.err
    assert len(rows(done("predict", run, "-i", IRIS_CSV))) == 151


def test_output_file_is_replaced_as_a_whole(iris: str) -> None:
    write("two.csv", TWO)
    done("predict", iris, "-i", "two.csv", "-o", "two.csv")  # even onto its own input
    assert Path("two.csv").read_text(encoding="utf-8") == "species\nsetosa\nvirginica\n"
    for place in ("missing/out.csv", "."):
        result = zen("predict", iris, "-i", write("again.csv", TWO), "-o", place)
        assert (result.code, result.out) == (7, "") and result.err.startswith("zen: error: ")
    assert sorted(path.name for path in Path().iterdir()) == ["again.csv", "runs", "two.csv"]


def test_images_from_an_array() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 256, (40, 4, 4), np.uint8), np.arange(40) % 2
    np.savez("data.npz", x=x, y=y)
    np.save("new.npy", x[:3])
    config = write("c.yaml", "data: {source: data.npz}\nmodel: [flatten, linear: 8, relu, output]\n")
    assert len(rows(done("predict", str(train(config)), "-i", "new.npy"))) == 4
