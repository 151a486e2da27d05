"""The pipelines that people write, by a real shell with the real jq. Each command is a process of its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.helpers import DIGITS, IRIS, XOR, Result, done, shell, strict, train, write, zen

needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="no jq here")
BRIEF = "--set trainer.epochs=3"
MLR = shutil.which("mlr") or "python3 -c 'import csv, sys; print(*map(tuple, csv.reader(sys.stdin)), sep=chr(10))' #"


def silent(script: str, **environment: str) -> Result:
    """A script that ends well and says nothing on standard error."""
    result = shell(f"set -o pipefail; {script}", **environment)
    assert (result.code, result.err) == (0, ""), result
    return result


@needs_jq
def test_a_run_is_measured_and_judged() -> None:
    script = f'RUN=$(zen train {XOR} -q) && zen evaluate "$RUN" --json | jq -e ".train.accuracy >= 0.99"'
    assert silent(script).out == "true\n"


@needs_jq
def test_epochs_as_rows() -> None:
    program = 'select(.event=="epoch")|[.epoch,.train.loss,.validation.loss]|@tsv'
    result = silent(f"zen train {DIGITS} {BRIEF} --jsonl 2>log | jq -rc '{program}'")
    rows = [line.split("\t") for line in result.out.splitlines()]
    assert [row[0] for row in rows] == ["1", "2", "3"] and all(float(cell) > 0 for row in rows for cell in row)
    assert "loss" in Path("log").read_text("utf-8")


@pytest.mark.slow
def test_the_best_of_a_loop_over_rates() -> None:
    write("c.yaml", Path(XOR).read_text("utf-8"))
    loop = f"for lr in 1e-3 1e-2 1e-1; do zen train c.yaml {BRIEF} --set optimizer.lr=$lr --set name=lr$lr -q; done"
    *runs, best = silent(f"{loop}; zen runs best --metric train.loss --json").out.splitlines()
    assert [Path(run).parent.name for run in runs] == ["lr1e-3", "lr1e-2", "lr1e-1"]
    losses = {each["run"]: each["train"]["loss"] for each in done("runs", "--json").json}
    assert strict(best)["run"] == min(losses, key=lambda run: losses[run])


def test_rows_in_probabilities_out() -> None:
    train(IRIS, *BRIEF.split(), "--set", "name=penguins")
    write("new.csv", "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm\n5.1,3.5,1.4,0.2\n6,3,5,1.8\n")
    assert silent("cat new.csv | zen predict runs/penguins --proba > out.csv").out == ""
    header, *rows = Path("out.csv").read_text("utf-8").splitlines()
    assert header.count(",") == 3 and len(rows) == 2


def test_an_edited_config_and_its_exit_code() -> None:
    result = shell(f"sed 's/lr: .*/lr: fast}}/' {XOR} | zen train - || echo \"exit $?\"")
    assert result.out == "exit 2\n"
    assert "<stdin>:" in result.err and ": optimizer.lr: expected a number > 0, found text 'fast'\n" in result.err


@pytest.mark.slow
def test_a_comparison_as_rows() -> None:
    few = "--trials 2 --seeds 3 --no-time -q --set trainer.epochs=1"
    result = silent(f"zen compare {IRIS} -o sgd,momentum,rmsprop,adam {few} --format csv | {MLR} --icsv --opprint cat")
    assert all(name in result.out for name in ("sgd", "momentum", "rmsprop", "adam"))


@needs_jq
def test_mistakes_of_many_configs() -> None:
    Path("configs").mkdir()
    write("configs/good.yaml", "data: {source: xor}\nmodel: [output]\n")
    write("configs/bad.yaml", "data: {source: xor}\nmodel: [outptu]\nseed: -1\n")
    program = r'select(.ok|not)|"\(.file):\(.line): \(.message)"'
    result = shell(f"zen check configs/*.yaml --json | jq -r '{program}'; echo ${{PIPESTATUS[0]}}")
    first, second, code = result.out.splitlines()
    assert first.startswith("configs/bad.yaml:2: ") and "did you mean 'output'" in first
    assert second.startswith("configs/bad.yaml:3: ") and (code, result.err) == ("2", "")


@pytest.mark.slow
def test_a_training_stopped_by_the_clock_is_resumed() -> None:
    write("big.yaml", Path(XOR).read_text("utf-8").replace("epochs: 200", "epochs: 10000000"))
    result = shell("timeout -s INT 5 zen train big.yaml -q; echo $?; zen resume runs/big --until 'train.loss<9' -q")
    run = f"runs/big/{Path('runs/big/latest').resolve().name}"
    assert result.out.splitlines() == [run, "124", run], result
    assert result.code == 0 and "SIGINT" in result.err


def test_s09_the_first_lines_are_enough() -> None:
    result = shell(f'zen train {IRIS} --set trainer.epochs=1000000 --jsonl -q | head -2; echo "${{PIPESTATUS[0]}}"')
    start, epoch, status = result.out.splitlines()
    assert json.loads(start)["event"] == "start" and json.loads(epoch)["epoch"] == 1
    assert (status, result.err) == ("141", "")
    run = Path(json.loads(start)["run"])
    assert json.loads((run / "run.json").read_text())["status"] == "interrupted"
    assert zen("evaluate", str(run)).code == 0
    assert done("runs").out.count("interrupted") == 1
