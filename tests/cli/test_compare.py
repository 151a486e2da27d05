"""zen compare: its forms, exit codes and signals, and that what is done is kept."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.cli.helpers import Result, done, write, zen
from tests.faults.cases import case
from tests.faults.processes import begin, wait
from zen_cli.compare import runner
from zen_cli.jobs.nets import Net
from zen_cli.jobs.stack import Stack

SINE = """\
name: sine
data: {source: {type: sine, samples: 60}, split: {validation: 0.2, test: 0.2}}
model: [linear: 4, tanh, output]
trainer: {epochs: 2, batch_size: 8}
compare:
  optimizers: [adam, momentum, sgd]
  seeds: {eval: 6, tune: 2}
  tune: {trials: 3, extend: 0}
"""
HUGE = "compare.optimizers=[adam, {type: sgd, tune: {lr: [1e3, 1e6]}}]"
QUIET = ("--no-time", "-q")
Compare = Callable[..., Result]


@pytest.fixture(scope="module")
def compare(tmp_path_factory: pytest.TempPathFactory) -> Compare:
    """The command on the sine; what it trains is kept for all tests."""
    kept = ("--cache", str(tmp_path_factory.mktemp("kept")))
    return lambda *arguments: zen("compare", write("sine.yaml", SINE), *QUIET, *kept, *arguments)


def test_every_format_parses(compare: Compare) -> None:
    assert compare("--format", "json").json["schema"] == "zen.compare/1"
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        header, *rows = csv.reader(io.StringIO(compare("--format", form).out), delimiter=delimiter)
        assert len(rows) == 3 and all(len(each) == len(header) for each in rows)
    assert compare("--format", "md").out.count("\n|") >= 4
    assert "adam" in compare().out
    assert compare("--format", "xml").code == 2


def test_order_and_jobs_and_cache_change_no_byte(compare: Compare) -> None:
    def told(*arguments: str) -> str:
        summary = compare("--json", *arguments).json
        return json.dumps({**summary, "env": None})

    first = told("-o", "adam,sgd", "--jobs", "1")
    assert first == told("-o", "adam,sgd") == told("-o", "sgd,adam", "--jobs", "2", "--fresh")


def test_standard_output_holds_the_result_alone() -> None:
    result = done("compare", write("sine.yaml", SINE), "--no-time", "--json")
    assert result.json["name"] == "sine"
    assert "about" in result.err and "judge: done" in result.err and "\x1b" not in result.err
    again = done("compare", "sine.yaml", "--no-time", "--winner")
    assert "about" not in again.err and len(again.out.splitlines()) == 1


def test_winner_in_one_line(compare: Compare) -> None:
    assert compare("--winner").out.rstrip("\n") == "tie:" + ",".join(compare("--json").json["winner"]["names"])


def test_dry_run_runs_nothing() -> None:
    result = done("compare", write("sine.yaml", SINE), "--dry-run")
    assert result.json["runs"] == {"tune": 18, "evaluate": 18, "defaults": 18, "steps_each": 10}
    assert len(result.json["protocol_hash"]) == 64 and "54 runs of 10 steps: about" in result.err
    assert not Path("runs").exists()


def test_tracks(compare: Compare) -> None:
    both, tuned, defaults = (compare("--json", "--track", track).json for track in ("both", "tuned", "defaults"))
    assert [each["label"] for each in both["defaults"]] and tuned["defaults"] == defaults["defaults"] == []
    assert [it["hp"]["lr"] for it in defaults["optimisers"]] == [1e-3] * 3
    assert compare("--track", "all").code == 2


def test_who_always_diverges_is_told_by_exit_5(compare: Compare) -> None:
    result = compare("--set", HUGE)
    assert result.code == 5 and "0/6" in result.out and "G6 sgd" in result.out


@pytest.mark.parametrize(("condition", "code"), [("adam<=sgd*1e-9", 6), ("adam>sgd*1e-9", 0)])
def test_assert(compare: Compare, condition: str, code: int) -> None:
    result = compare("--assert", condition)
    assert result.code == code and ("does not hold" in result.err) == (code == 6) and "adam" in result.out


@pytest.mark.parametrize("condition", ["adam", "adam<=nobody", "adam<=sgd*x", "adam<=", "<sgd", ""])
def test_conditions_that_cannot_be_read_are_refused_before_anything_runs(compare: Compare, condition: str) -> None:
    if condition:
        assert compare("--assert", condition).code == 2 and not Path("runs").exists()


def test_require_decision(compare: Compare) -> None:
    result = compare("--require-decision", "--seeds", "3")
    assert result.code == 6 and "no optimizer wins alone" in result.err and result.out


@pytest.mark.parametrize(("name", "given", "read"), [("rope", "2%", 0.02), ("rope", "0", 0.0), ("alpha", "1%", 0.01)])
def test_shares_are_read_as_in_a_config(compare: Compare, name: str, given: str, read: float) -> None:
    assert compare("--dry-run", f"--{name}", given).json[name] == read


@pytest.mark.parametrize(("flag", "given"), [("--rope", "2"), ("--rope", "much"), ("--alpha", "0"), ("--alpha", "1")])
def test_shares_that_are_none_are_refused(compare: Compare, flag: str, given: str) -> None:
    assert compare(flag, given).code == 2 and not Path("runs").exists()


def test_intervals_have_the_level_that_they_claim(compare: Compare) -> None:
    found = (compare("--json", "--alpha", alpha).json["optimisers"][0] for alpha in ("0.01", "0.05"))
    wide, usual = (each["loss"]["ci"] for each in found)
    assert wide[0] < usual[0] < usual[1] < wide[1]
    assert "[99% CI]" in compare("--alpha", "0.01").out


def test_looks_are_counted(compare: Compare) -> None:
    own = ("--json", "--track", "tuned", "--cache", "own")
    assert [compare(*own, "--seeds", seeds).json["looks"] for seeds in ("6", "6", "8")] == [1, 1, 2]


def test_mistakes_are_told_before_anything_runs(compare: Compare) -> None:
    for arguments in (
        ("-o", "adam"), ("-o", "adam,adan2"), ("--baseline", "nobody"), ("--metric", "f1"), ("--budget", "9"),
        ("--set", "compare.optimizers=[adam, {type: sgd, tune: {lr: [1, 0.1]}}]"),
        ("--set", "compare.optimizers=[adam, {type: sgd, tune: {rate: [1, 2]}}]"),
        ("--set", "compare.optimizers=[adam, {type: sgd, tune: 3}]"), ("--set", "compare.optimizers=[adam, adam]"),
    ):  # fmt: skip
        result = compare(*arguments)
        assert result.code == 2 and not result.out and not Path("runs").exists(), arguments


LONG = SINE.replace("epochs: 2", "epochs: 600").replace("trials: 3", "trials: 40")


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
@case("S18")
def test_a_signal_ends_it_at_once_and_what_is_done_is_kept(number: signal.Signals) -> None:
    write("long.yaml", LONG)
    child = begin(sys.executable, "-m", "zen_cli", "compare", "long.yaml", "--no-time", "--jobs", "2")
    wait(lambda: bool(list(Path("runs/.compare").glob("??/*.json"))))
    first = set(workers(child.pid))
    wait(lambda: bool(set(workers(child.pid)) - first))
    time.sleep(0.05)  # it has begun
    child.send_signal(number)
    out, err = child.communicate(timeout=30)
    assert (child.returncode, out) == (-number, b"")
    said = [line for line in err.decode().splitlines() if "stopped" in line]
    kept = "what is done is kept in runs/.compare, the same command goes on from there"
    assert said == [f"zen: {number.name}: stopped; {kept}"]
    assert not workers(child.pid) and list(Path("runs/.compare/partial").glob("*.safetensors"))
    kept = len(list(Path("runs/.compare").glob("??/*.json")))
    assert f", {kept} known: about" in done("compare", "long.yaml", "--dry-run").err


@case("E15")
def test_a_killed_worker_is_told_by_exit_5(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(self: runner.Runner, label: str, nets: Sequence[Net], phase: str) -> Stack:
        if label == "momentum":
            os.kill(os.getpid(), signal.SIGKILL)
        return stack(self, label, nets, phase)

    stack = runner.Runner._stack
    monkeypatch.setattr(runner.Runner, "_stack", killed)
    monkeypatch.setattr(runner, "WORTH", 0.0)  # processes train, however short it is
    result = zen("compare", write("sine.yaml", SINE), "--no-time", "--track", "tuned", "--seeds", "2")
    assert result.code == 5 and "ended by signal 9" in result.err
    assert "lost runs: 1 (ended by signal 9" in " ".join(result.out.split())


def workers(parent: int) -> list[int]:
    """The processes that it started."""
    path = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(each) for each in path.read_text().split()] if path.exists() else []


def test_optimizers_from_a_file(compare: Compare) -> None:
    write("who.yaml", "- adam\n- {type: sgd, label: plain, weight_decay: 0.1}\n")
    found = compare("-o", "who.yaml", "--json").json
    assert {each["label"] for each in found["optimisers"]} == {"adam", "plain"}
    for text, said in (("adam: 1\n", "expected a list"), ("", "found nothing"), ("- adm\n- sgd\n", "mean 'adam'")):
        write("wrong.yaml", text)
        result = compare("-o", "wrong.yaml")
        assert result.code == 2 and said in result.err and "wrong.yaml" in result.err
    assert compare("-o", "nowhere.yaml").code == 2


def test_the_report_alone(compare: Compare) -> None:
    compare("--html", "report.html")
    assert Path("report.html").read_text("utf-8").startswith("<!doctype html>")
    write("other.yaml", SINE.replace("name: sine", "name: other"))
    assert zen("compare", "sine.yaml", "other.yaml", *QUIET, "--html", "both.html").code == 2
