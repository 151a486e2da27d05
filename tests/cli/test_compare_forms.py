"""`zen compare` of several configs, of values of an option, of finished runs, and of what a report follows from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.helpers import CONFIGS, IRIS, XOR, done, train, write, zen

OTHER = str(next(path for path in CONFIGS if path.stem == "xor_cross_entropy"))
SMALL = ("-q", "--no-time", "--seeds", "4", "--trials", "2", "--tune-seeds", "1", "--budget", "20st")
TWO = ("-o", "sgd,adam", *SMALL)


def test_several_configs_as_json():
    found = done("compare", XOR, OTHER, *TWO, "--json").json
    assert [each["name"] for each in found["configs"]] == ["xor", "xor_cross_entropy"]
    assert found["tasks"]["names"] == ["xor", "xor_cross_entropy"]
    assert set(found["tasks"]["mean_rank"]) == {"sgd", "adam"} and found["tasks"]["seconds"] is None


def test_several_configs_as_text_and_rows():
    text = done("compare", XOR, OTHER, *TWO).out
    assert "2 configs" in text and "mean rank" in text and "ranks are not tested" in text
    header, *rows = done("compare", XOR, OTHER, *TWO, "--format", "csv").out.splitlines()
    assert header.startswith("label,mean_rank") and len(rows) == 2
    assert done("compare", XOR, OTHER, *TWO, "--format", "md").out.startswith("| label")
    lines = done("compare", XOR, OTHER, *TWO, "--winner").out.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["xor", "xor_cross_entropy"]


def test_several_configs_leave_a_report_each_that_can_be_verified():
    done("compare", XOR, OTHER, *TWO, "--out", "out")
    assert {path.name for path in Path("out").iterdir()} == {"xor", "xor_cross_entropy", "tasks.json"}
    assert "Ranks" in Path("out/xor/report.html").read_text("utf-8")
    assert "follows" in done("compare", "--verify", "out/xor").out


def test_values_of_an_option():
    found = done("compare", XOR, "--over", "model[0].units=2,8", *SMALL, "--json").json
    assert {each["label"] for each in found["optimisers"]} == {"2", "8"}
    assert {each["type"] for each in found["optimisers"]} == {"rmsprop"}


def test_values_of_an_option_can_be_compared_again_from_the_protocol():
    again = ("--over", "model[0].units=2,8", *SMALL)
    done("compare", XOR, *again, "--out", "out")
    text = Path("out/protocol.yaml").read_text("utf-8")
    command = text.partition("; `")[2].partition("`")[0]
    assert command == "zen compare protocol.yaml --over 'model.layers[0].units=2,8'"
    first = done("compare", XOR, *again, "--json").json
    over = ("--over", "model.layers[0].units=2,8")
    second = done("compare", "out/protocol.yaml", *over, "-q", "--no-time", "--json").json
    assert [each["loss"] for each in first["optimisers"]] == [each["loss"] for each in second["optimisers"]]


def test_a_rate_is_compared_untuned():
    found = done("compare", XOR, "--over", "optimizer.lr=0.01,0.1", "-q", "--no-time", "--seeds", "4", "--json").json
    assert {each["label"]: each["hp"]["lr"] for each in found["optimisers"]} == {"0.01": 0.01, "0.1": 0.1}
    assert zen("compare", XOR, "--over", "optimizer.lr=0.01,0.1", "--tune", "lr").code == 2


def test_losses_against_each_other_are_judged_by_accuracy():
    found = done("compare", XOR, "--over", "loss=mse,cross_entropy", *SMALL, "--json").json
    assert found["metric"]["name"] == "train.accuracy" and found["targets"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("-o", "sgd,adam"), (XOR, XOR, "-o", "sgd,adam"), (XOR, "--over", "loss=mse"), (XOR, "--tune", "some"),
        (XOR, "--tuner", "best"), (XOR, "--tune", "all", "--tuner", "grid"),
        (XOR, "--over", "model[0].units=2,8", "-o", "sgd"), ("--check", "cifar"), (".",), (".", XOR),
        (XOR, "--over", "loss=mse,cross_entropy", "--metric", "loss"), (XOR, "--verify", "."),
        ("--verify", ".", "--check", "deepobs"), (XOR, OTHER, "--over", "loss=mse,cross_entropy"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_ends_with_2(arguments):
    result = zen("compare", *arguments)
    assert result.code == 2 and not result.out and result.err.count("error:") == 1


def test_runs_from_one_seed_side_by_side():
    runs = [str(train(XOR, "--set", f"trainer.epochs={epochs}")) for epochs in (3, 5)]
    text = done("compare", *runs).out
    assert "trainer.epochs  3  5" in text and "says nothing about chance" in text
    assert done("compare", *runs, "--json").json["paired"] is None


def test_runs_with_seeds_are_paired():
    runs = []
    for rate, seed in (("0.01", "0"), ("0.1", "2")):
        sets = ("--set", f"optimizer.lr={rate}", "--set", "trainer.epochs=3", "--seed", seed)
        runs.append(done("train", IRIS, *sets, "--seeds", "6", "-q", "--json").json["run"])
    found = done("compare", *runs, "--json").json["paired"]
    assert found["metric"] == "validation.loss" and found["rivals"][0]["seeds"] == 4
    assert "paired seeds" in done("compare", *runs).out


def test_a_run_that_is_none_ends_with_3():
    Path("empty").mkdir()
    run = str(train(XOR, "--set", "trainer.epochs=1"))
    assert zen("compare", run, "empty").code == 3


def test_a_changed_report_ends_with_3_and_says_where():
    done("compare", XOR, *TWO, "--out", "out")
    write("out/report.md", "changed\n")
    result = zen("compare", "--verify", "out")
    assert result.code == 3 and result.out.startswith("report.md: line 1 differs")
    assert zen("compare", "--verify", "nowhere").code == 3
