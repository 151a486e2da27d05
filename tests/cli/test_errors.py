"""Whatever is wrong is said in a line, with its place, before anything is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.helpers import IRIS, IRIS_CSV, MPG, XOR, write, zen
from tests.faults.cases import case

FIVE = f"""\
data: {{source: {IRIS_CSV}, target: species}}
model:
  - liner: 16
  - linear: {{units: 0}}
  - output
loss: cross_entropi
optimizer: {{type: adam, lerning_rate: 0.1}}
trainer: {{epochs: ten}}
"""

REFUSED = {
    "no such file": (("train", XOR.replace("xor", "xr")), 2, ("xr.yaml: no such file", "xor.yaml")),
    "no such command": (("trian",), 2, ("'train'",)),
    "no such option": (("train", XOR, "--sede", "3"), 2, ("--sede", "--seed")),
    "no abbreviations": (("train", XOR, "--see", "3"), 2, ("--see",)),
    "no config": (("train",), 2, ("CONFIG", "zen train --help")),
    "directory": (("train", "."), 2, ("directory",)),
    "data file": (("train", IRIS, "--set", "data.source=no.csv"), 3, ("no.csv", "data.source")),
    "no data on stdin": (("train", IRIS, "--set", "data.source=-"), 3, ("<stdin>: no rows",)),
    "no config on stdin": (("train", "-"), 2, ("empty",)),
    "target column": (("train", IRIS, "--set", "data.target=specie"), 2, ("data.target", "species")),
    "set without value": (("train", XOR, "--set", "optimizer.lr"), 2, ("--set optimizer.lr",)),
    "set of a wrong type": (("train", XOR, "--set", "optimizer.lr=fast"), 2, ("--set optimizer.lr=fast", "number")),
    "set of a new key": (("train", XOR, "--set", "trainer.epoch=3"), 2, ("did you mean 'epochs'",)),
    "unset of nothing": (("train", XOR, "--unset", "scheduler"), 2, ("nothing to unset",)),
    "progress": (("train", XOR, "--progress", "loud"), 2, ("--progress", "auto, rich, plain or none")),
    "no condition": (("train", XOR, "--until", "train.loss"), 2, ("--until", "is no condition")),
    "condition without number": (("train", XOR, "--until", "train.loss<low"), 2, ("--until", "no number")),
    "condition on nan": (("train", XOR, "--until", "train.loss<nan"), 2, ("--until", "no number")),
    "until what is not measured": (
        ("train", XOR, "--until", "validation.loss<1"), 2, ("--until: 'validation.loss' is not measured", "train.loss"),
    ),
    "monitor": (
        ("train", IRIS, "--set", "trainer.monitor=validation.acc"), 2,
        ("trainer.monitor: 'validation.acc' is not measured", "did you mean 'validation.accuracy'", "train.loss"),
    ),
    "early stopping": (
        ("train", XOR, "--set", "trainer.early_stopping={monitor: validation.loss}"), 2,
        ("trainer.early_stopping.monitor: 'validation.loss' is not measured",),
    ),
    "success": (
        ("train", XOR, "--set", "trainer.target=test.loss<1"), 2, ("trainer.target: 'test.loss' is not measured",),
    ),
    "metric of numbers": (
        ("train", MPG, "--set", "metrics=[mae, accuracy]"), 2, ("metrics[1]: accuracy compares classes",),
    ),
    "weights": (
        ("train", IRIS, "--set", "loss={type: cross_entropy, class_weights: [1, 2]}"), 2,
        ("loss.class_weights: ", "2 numbers for 3 classes"),
    ),
    "weights misspelt": (
        ("train", IRIS, "--set", "loss={type: cross_entropy, class_weights: equal}"), 2, ("loss.class_weights: ",),
    ),
    "C43 width": (
        ("train", IRIS, "--set", "model=[linear: 5]"), 2,
        ("model[0]", "gives 5 numbers", "3 classes", "iris.csv", "needs 3"),
    ),
    "numbers as classes": (("train", MPG, "--set", "loss=cross_entropy"), 3, ("auto_mpg.csv:", "mse")),
    "no target": (("train", IRIS, "--unset", "data.target"), 2, ("iris.yaml:4:3", "needs a target", "species")),
    "C77 memory": (
        ("train", XOR, "--set", "model[0].units=1000000000"), 2, ("model[", "of memory", "are available"),
    ),
    "C77 memory of a comparison": (
        ("compare", IRIS, "-o", "adam,sgd", "--set", "model[0]={linear: 1000000000}"), 2, ("model[", "of memory"),
    ),
    "C77 memory of folds": (
        ("train", IRIS, "--folds", "3", "--set", "model[0]={linear: 1000000000}"), 2, ("model[", "of memory"),
    ),
    "seeds for memory": (("train", XOR, "--seeds", "900000000"), 2, ("of memory", "fewer seeds")),
    "no text": (("train", "\udcff.yaml"), 2, ("is not UTF-8",)),
    "no run": (("evaluate", "runs/none"), 3, ("runs/none: no such run",)),
    "no run to predict": (("predict", "runs/none"), 3, ("runs/none: no such run",)),
    "damaged run": (("evaluate", "not.safetensors"), 3, ("not.safetensors: ",)),
    "kind": (("list", "layer"), 2, ("did you mean 'layers'",)),
    "name": (("describe", "reul"), 2, ("did you mean 'relu'",)),
}  # fmt: skip


@pytest.mark.parametrize("arguments, code, told", REFUSED.values(), ids=REFUSED)
def test_refused(arguments: tuple[str, ...], code: int, told: tuple[str, ...]) -> None:
    write("not.safetensors", "not one")
    result = zen(*arguments)
    assert result.code == code, result.err
    assert result.out == ""
    assert result.err.startswith("zen: error: ")
    assert result.err.count("\n") <= 2
    for part in told:
        assert part in result.err
    assert not Path("runs").exists()


@case("C80")
def test_all_mistakes_of_a_file_at_once() -> None:
    result = zen("train", write("bad.yaml", FIVE))
    assert (result.code, result.out) == (2, "")
    errors = [line for line in result.err.splitlines() if not line.startswith("hint: ")]
    places = ("3:5: model[0]", "4:21: model[1].units", "6:7: loss", "7:25: optimizer.lerning_rate", "8:19: trainer")
    assert len(errors) == len(places)
    for line, place in zip(errors, places, strict=True):
        assert line.startswith(f"zen: error: bad.yaml:{place}")
    assert not Path("runs").exists()


def test_check_gives_an_object_for_each_mistake() -> None:
    result = zen("check", write("bad.yaml", FIVE), XOR, "--json")
    assert (result.code, result.err) == (2, "")
    *mistakes, good = result.lines
    assert [each["line"] for each in mistakes] == [3, 4, 6, 7, 8]
    assert all(each["ok"] is False and each["file"] == "bad.yaml" and each["message"] for each in mistakes)
    assert mistakes[1]["key"] == "model[1].units" and mistakes[1]["column"] == 21
    assert good["ok"] is True


def test_check_without_json() -> None:
    result = zen("check", write("bad.yaml", FIVE), XOR)
    assert result.code == 2
    assert result.err.count("zen: error: ") == 5
    assert result.out.startswith(f"{XOR}: ok\n")


@case("C71")
def test_names_cannot_leave_the_folder() -> None:
    for name in ("../x", "a/b", "..", "-rf", "x" * 300):
        result = zen("train", XOR, "--set", f"name={name}")
        assert result.code == 2 and "cannot name a run" in result.err
    assert not list(Path().iterdir())


def test_markup_and_escapes_are_shown_literally() -> None:
    result = zen("train", write("m.yaml", 'data: {source: "[red]\\e[31m"}\nmodel: [output]\n'))
    assert "[red]" in result.err and "\x1b" not in result.err


def test_unwritable_output_is_the_environments_fault() -> None:
    write("file", "")
    result = zen("train", XOR, "--out", "file/runs")
    assert (result.code, result.out) == (7, "")
    assert result.err.startswith("zen: error: file/runs")


def test_a_bug_is_one_line_and_a_report(monkeypatch: pytest.MonkeyPatch, own_directory: Path) -> None:
    import contextlib
    import io

    from zen_cli.cli import main

    monkeypatch.setattr("tempfile.tempdir", str(own_directory))
    monkeypatch.setattr(main, "_command", lambda arguments: 1 / 0)
    said = io.StringIO()
    with contextlib.redirect_stderr(said), pytest.raises(SystemExit) as end:
        main.main(["list"])
    assert end.value.code == 1
    assert said.getvalue().startswith("zen: bug: ZeroDivisionError: ") and said.getvalue().count("\n") == 1
    (report,) = own_directory.glob("zen-report-*.txt")
    assert "Traceback" in report.read_text() and str(report) in said.getvalue()


def test_several_files_are_one_config_to_train_and_several_to_check() -> None:
    write("base.yaml", f"data: {{source: {IRIS_CSV}, target: species}}\nmodel: [output]\ntrainer: {{epochs: 2}}\n")
    write("exp.yaml", "trainer: {batch_size: 8}\n")
    assert zen("train", "base.yaml", "exp.yaml", "-q").out.startswith("runs/exp/")
    assert zen("explain", "base.yaml", "exp.yaml").code == 0
    alone = zen("check", "base.yaml", "exp.yaml", "--json")
    assert (alone.code, [each["ok"] for each in alone.lines]) == (2, [True, False, False])
    together = zen("check", "base.yaml", "exp.yaml", "--merge", "--json")
    assert (together.code, together.json["file"], together.json["ok"]) == (0, "exp.yaml", True)


def test_untrusted_configs_name_files_below_them() -> None:
    Path("far").mkdir()
    write("far/rows.csv", "a,b\n1,2\n")
    write("a.yaml", "data: {source: far/rows.csv, target: b}\nmodel: [output]\n")
    for command in ("train", "check", "explain"):
        assert zen(command, "a.yaml", "--untrusted").code == 0
        result = zen(command, IRIS, "--untrusted")
        assert (result.code, result.out) == (2, "") and "--untrusted" in result.err
        assert "iris.yaml:4:11: data.source: " in result.err


@case("C42")
def test_layers_that_do_not_chain_are_told_with_the_one_before() -> None:
    text = "data: {source: xor}\nmodel:\n  - linear: 4\n  - reshape: [3, 3]\n  - output\n"
    result = zen("check", write("a.yaml", text))
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "zen: error: a.yaml:4:5: model[1]: cannot reshape rows of 4 numbers, shape [4], to [3, 3]\n"
        "hint: a.yaml:3:5: model[0]: linear gives rows of shape [4]\n"
    )
