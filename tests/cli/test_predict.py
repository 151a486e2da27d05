"""zen predict: rows in, rows out, in the same order."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.cli.helpers import IRIS, IRIS_CSV, MPG, MPG_CSV, XOR, Result, done, environ, shell, table, train, write, zen

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


def test_pictures_are_named_and_measured_as_in_training(monkeypatch: pytest.MonkeyPatch) -> None:
    image = pytest.importorskip("PIL.Image")
    for name, gray in (("dark", 20), ("light", 230)):
        Path("new", name).mkdir(parents=True)
        for number in range(3):
            image.new("L", (4 + number, 4), gray + number).save(f"new/{name}/{number}.png")
    config = write(
        "c.yaml", "data: {source: new, image_size: [4, 4], split: {validation: 0, test: 0}}\n"
        "model: [flatten, output]\noptimizer: {type: adam, lr: 0.1}\ntrainer: {epochs: 30}\n",
    )  # fmt: skip
    run = str(train(config))
    own, given = (done("evaluate", run, "--json", *data).json for data in ((), ("--data", "new")))
    assert given["data"] == own["train"] and given["data"]["accuracy"] == 1
    expected = [[f"new/{name}/{number}.png", name] for name in ("dark", "light") for number in range(3)]
    assert rows(done("predict", run, "-i", "new")) == [["file", "label"], *expected]
    assert done("predict", run, "-i", "new/dark/1.png", "--jsonl").out == '{"file":"new/dark/1.png","label":"dark"}\n'
    Path("new/light/1.png").write_bytes(Path("new/light/1.png").read_bytes()[:50])
    monkeypatch.setattr("zen_cli.data.picture_rows.MOST", 2)
    broken = zen("predict", run, "-i", "new")
    assert (broken.code, rows(broken)[1:]) == (3, expected[:4])
    assert broken.err.startswith("zen: error: new/light/1.png: no picture, or damaged") and broken.err.count("\n") == 1


def test_columns_are_passed_through_as_they_stand(iris: str) -> None:
    two = write("two.csv", TWO)
    header, *found = rows(done("predict", iris, "-i", two, "--keep", "note", "--keep", "petal_width_cm"))
    assert header == ["note", "petal_width_cm", "species"]
    assert found == [["a, b", "0.2", "setosa"], ["é", "2.3", "virginica"]]
    header, *found = rows(done("predict", iris, "-i", IRIS_CSV, "--keep", "all", "--keep", "species"))
    assert header == [*table(IRIS_CSV)[0], "predicted_species"]
    assert [row[:-1] for row in found] == table(IRIS_CSV)[1:]
    line = done("predict", iris, "-i", two, "--keep", "note", "--keep", "petal_width_cm", "--jsonl").lines[0]
    assert line == {"note": "a, b", "petal_width_cm": "0.2", "species": "setosa"}
    wrong = zen("predict", iris, "-i", two, "--keep", "notes")
    assert (wrong.code, wrong.out) == (2, "") and "no column 'notes'; did you mean 'note'?" in wrong.err


def test_answers_to_several_questions() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 2)).round(2)
    x += np.sign(x)  # so that there is room between yes and no
    lines = [f"{a},{b},{int(a > 0)},{'yes' if b > 0 else 'no'}" for a, b in x.tolist()]
    write("two.csv", "\n".join(["a,b,up,right", *lines]) + "\n")
    config = write(
        "c.yaml", "data: {source: two.csv, target: [up, right], columns: {right: boolean}}\nmodel: [output]\n"
        "loss: bce\noptimizer: {type: adam, lr: 0.3}\ntrainer: {epochs: 50}\nmetrics: [accuracy, f1]\n",
    )
    run = str(train(config))
    found = rows(done("predict", run, "-i", "two.csv"))
    assert found[0] == ["up", "right"] and found[1:] == [line.split(",")[2:] for line in lines]
    header, first, *_ = rows(done("predict", run, "-i", "two.csv", "--proba"))
    assert header == ["up", "right", "proba_up", "proba_right"]
    assert [first[0] == "1", first[1] == "yes"] == [float(share) > 0.5 for share in first[2:]]
    assert list(done("evaluate", run, "--json").json["train"]["per_class"]) == ["up", "right"]
    worst = done("evaluate", run, "--worst", "1", "--json").json[0]
    assert set(worst["target"]) == {"up", "right"} and worst["prediction"]["right"] in ("yes", "no")


def test_no_number_is_no_class() -> None:
    run = str(train(XOR))
    text = b"x0,x1\n0,1\n1e308,-1e308\n"
    assert done("predict", run, "--proba", stdin=text).out.splitlines()[2] == ",nan,nan"
    line = done("predict", run, "--proba", "--jsonl", stdin=text).lines[1]
    assert line == {"y": None, "proba_0": None, "proba_1": None}


def test_predictions_come_row_by_row(iris: str) -> None:
    """As from `tail -f`: each row is answered before the next one is there, each as in one go."""
    header, *lines = (line.encode() + b"\n" for line in Path(IRIS_CSV).read_text(encoding="utf-8").splitlines())
    command = [sys.executable, "-m", "zen_cli", "predict", iris]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ()) as child:
        assert child.stdin and child.stdout
        child.stdin.write(header)
        answers = []
        for line in lines[::30]:
            child.stdin.write(line)
            child.stdin.flush()
            answers += [child.stdout.readline()] if answers else [child.stdout.readline(), child.stdout.readline()]
        child.stdin.close()
        assert child.wait(timeout=30) == 0
    whole = done("predict", iris, stdin=b"".join([header, *lines[::30]])).out
    assert b"".join(answers).decode() == whole


def test_closed_pipe_ends_silently(iris: str) -> None:
    endless = f"(head -1 {IRIS_CSV}; while tail -n +2 {IRIS_CSV}; do :; done)"
    result = shell(f"set -o pipefail; {endless} | zen predict {iris} | head -2")
    assert (result.out, result.err, result.code) == ("species\nsetosa\n", "", 141)


@pytest.mark.slow
def test_a_pipe_of_any_length_takes_the_same_memory(iris: str) -> None:
    measured = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); "
    measured += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)"
    zen_ = f"{sys.executable} -c '{measured}' {sys.executable} -m zen_cli"
    found = []
    for times in (10, 2000):
        source = f"(head -1 {IRIS_CSV}; for i in $(seq {times}); do tail -n +2 {IRIS_CSV}; done)"
        found.append(int(shell(f"{source} | {zen_} predict {iris} --proba --keep all > out.csv").err))
        assert Path("out.csv").read_bytes().count(b"\n") == 150 * times + 1
    assert found[1] < found[0] + 8 * 1024  # KiB
