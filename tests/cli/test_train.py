"""zen train: what is printed, what is kept, and that the same config gives the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from safetensors.numpy import load_file

from tests.cli.helpers import DIGITS, IRIS, MPG, XOR, done, train, zen

SHORT = ("--set", "trainer.epochs=5")
ONCE = ("--set", "trainer.epochs=1")
FILES = {"config.yaml", "resolved.yaml", "run.json", "metrics.jsonl", "last.safetensors", "best.safetensors"}


def test_prints_the_run_directory_and_nothing_else() -> None:
    result = done("train", XOR, "-q")
    assert result.err == ""
    run = Path(result.out.removesuffix("\n"))
    assert run.parent == Path("runs/xor")
    assert {path.name for path in run.iterdir()} >= FILES
    assert run.samefile(Path("runs/xor/latest"))


def test_progress_goes_to_standard_error() -> None:
    result = done("train", XOR)
    assert result.out.startswith("runs/xor/")
    assert "epoch 200/200" in result.err and "\x1b" not in result.err
    assert done("train", XOR, "--progress", "none").err == ""


def test_config_comes_from_standard_input() -> None:
    text = Path(XOR).read_bytes().replace(b"lr: 0.02", b"lr: 0.3")
    run = train("-", *SHORT, stdin=text)
    assert run.parent.name == "stdin"
    assert "lr: 0.3" in (run / "resolved.yaml").read_text()
    assert (run / "config.yaml").read_bytes() == text


def test_data_comes_from_standard_input() -> None:
    data = Path(IRIS).parents[1] / "datasets" / "iris.csv"
    piped = train(IRIS, "--set", "data.source=-", *SHORT, stdin=data.read_bytes())
    assert (piped / "last.safetensors").stat().st_size
    result = zen("evaluate", str(piped))
    assert result.code == 3 and "came from standard input" in result.err and "--data" in result.err
    both = zen("train", "-", "--set", "data.source=-", stdin=Path(IRIS).read_bytes())
    assert both.code == 2 and "cannot be the data too" in both.err


def test_events_are_strict_json_lines() -> None:
    start, *epochs, end = done("train", IRIS, "--jsonl", "-q", *SHORT).lines
    assert start["event"] == "start" and start["rows"] == {"train": 105, "validation": 30, "test": 15}
    assert [(each["epoch"], each["step"]) for each in epochs] == [(i, 7 * i) for i in range(1, 6)]
    for each in epochs:
        assert each["event"] == "epoch"
        assert set(each) == {"event", "epoch", "step", "lr", "seconds", "train", "validation"}
        assert set(each["train"]) == {"loss"} and set(each["validation"]) == {"loss", "accuracy"}
        assert each["lr"] == 0.01
    assert (end["event"], end["status"], end["epochs"], end["steps"]) == ("end", "completed", 5, 35)
    assert set(end["test"]) == {"loss", "accuracy"} and end["best"]["epoch"] in range(1, 6)
    assert Path(end["run"], "metrics.jsonl").read_text().count("\n") == 7


def test_json_is_the_end_event() -> None:
    end = done("train", IRIS, "--json", "-q", *SHORT).json
    assert "event" not in end
    assert set(end) == {"status", "run", "epochs", "steps", "seconds", "train", "validation", "test", "best"}
    best = end["best"]
    assert best["monitor"] == "validation.loss" and best["value"] >= end["validation"]["loss"] or best["epoch"] < 5


def test_seeds_print_how_all_of_them_fared() -> None:
    result = done("train", XOR, "--seeds", "5", "-q")
    assert result.out.startswith("5 of 5 seeds (100 %) have train.loss<0.01\n")
    assert "train.accuracy" in result.out
    found = done("train", XOR, "--seeds", "5", "--json", "-q").json
    assert found["success"] == {"rate": 1.0, "count": 5, "of": 5, "target": "train.loss<0.01"}
    assert len(found["train"]["loss"]) == 5
    assert "5 of 5 have train.loss<0.01" in done("train", XOR, "--seeds", "5").err


@pytest.mark.parametrize("bound, code", [("0.01", 0), ("1e-9", 6)])
def test_until(bound: str, code: int) -> None:
    result = zen("train", XOR, "--until", f"train.loss<{bound}", "--json", "-q")
    assert result.code == code
    assert result.json["status"] == ("completed" if code else "stopped_early")
    assert (result.json["epochs"] == 200) == bool(code)
    assert ("did not hold in 200 epochs" in result.err) == bool(code)


def test_later_settings_win() -> None:
    text = (train(XOR, "--set", "seed=1", "--set", "seed=2", *SHORT) / "resolved.yaml").read_text()
    assert "seed: 2\n" in text
    text = (train(XOR, "--set", "seed=1", "--seed", "3", *SHORT) / "resolved.yaml").read_text()
    assert "seed: 3\n" in text
    changed = train(XOR, "--set", "model[0].units=16", "--set", "name=wide", "--unset", "trainer.target", *SHORT)
    assert changed.parent.name == "wide"
    assert load_file(changed / "last.safetensors")["model.0.weight"].shape == (2, 16)
    assert "target" not in (changed / "resolved.yaml").read_text()


def test_runs_lie_where_out_says() -> None:
    assert train(XOR, "--out", "elsewhere", *SHORT).parts[:2] == ("elsewhere", "xor")


@pytest.mark.parametrize("config", [XOR, DIGITS])
def test_the_same_config_gives_the_same_bytes(config: str) -> None:
    one, two = (train(config, *ONCE) for _ in range(2))
    assert one != two
    for name in ("last.safetensors", "best.safetensors", "resolved.yaml"):
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_another_seed_gives_other_weights() -> None:
    one, two = (load_file(train(XOR, "--seed", seed, *SHORT) / "last.safetensors") for seed in "12")
    assert (one["model.0.weight"] != two["model.0.weight"]).all()


def test_resolved_config_trains_to_the_same_bytes() -> None:
    run = train(DIGITS, *ONCE)
    again = train(str(run / "resolved.yaml"))
    assert (again / "last.safetensors").read_bytes() == (run / "last.safetensors").read_bytes()


STACKED = {
    "one batch": (XOR,),
    "batches, split and dropout": (DIGITS,),
    "numbers": (MPG, "--set", "trainer.clip={norm: 1.0}"),
    "float64 in one order": (IRIS, "--set", "trainer.dtype=float64", "--set", "trainer.shuffle=once"),
    "weights of classes": (IRIS, "--set", "loss={type: cross_entropy, class_weights: balanced}"),
    "early stopping": (IRIS, "--set", "trainer.early_stopping={patience: 1}"),
}


@pytest.mark.parametrize("arguments", STACKED.values(), ids=STACKED)
def test_each_of_several_seeds_is_as_if_alone(arguments: tuple[str, ...]) -> None:
    epochs = "40" if "early_stopping" in arguments[-1] else "2"
    given = (*arguments, "--set", f"trainer.epochs={epochs}")
    together = done("train", *given, "--seeds", "3", "--json", "-q").json
    stacked = load_file(Path(together["run"], "last.safetensors"))
    for seed in (0, 2):
        alone = done("train", *given, "--set", f"seed={seed}", "--json", "-q").json
        for name, array in load_file(Path(alone["run"], "last.safetensors")).items():
            assert stacked[name][seed].tobytes() == array.tobytes(), name
        for split in ("validation", "test"):
            for name, value in alone.get(split, {}).items():
                assert together[split][name][seed] == value


def test_early_stopping_ends_with_the_best_weights() -> None:
    run = train(IRIS, "--set", "trainer.early_stopping={patience: 3}", "--set", "optimizer.lr=0.1")
    last, best = (load_file(run / f"{name}.safetensors") for name in ("last", "best"))
    assert all((last[name] == best[name]).all() for name in best if not name.startswith("training."))
    assert '"status":"stopped_early"' in (run / "metrics.jsonl").read_text()


def test_checkpoint_has_the_names_that_others_read() -> None:
    found = load_file(train(XOR, *SHORT) / "last.safetensors")
    shapes = {name: array.shape for name, array in found.items() if not name.startswith("data.")}
    assert shapes == {
        "model.0.weight": (2, 8), "model.0.bias": (8,), "model.1.weight": (8, 4), "model.1.bias": (4,),
        "model.3.weight": (4, 2), "model.3.bias": (2,), "optimizer.square": (70,),
    }  # fmt: skip
    stacked = Path(done("train", XOR, "--seeds", "3", "--json", "-q", *SHORT).json["run"])
    assert load_file(stacked / "last.safetensors")["model.0.weight"].shape == (3, 2, 8)


@pytest.mark.parametrize("more", [(), ("--seeds", "2")])
def test_divergence_is_told_in_a_line(more: tuple[str, ...]) -> None:
    result = zen("train", MPG, "--set", "optimizer={type: sgd, lr: 1e6}", "--json", "-q", *more)
    assert result.code == 4
    assert result.json["status"] == "diverged"
    first, hint = result.err.splitlines()
    assert first.startswith("zen: error: training diverged: the loss is not finite in epoch 1, step ")
    assert hint.startswith("hint: ") and "optimizer.lr" in hint


def test_divergence_keeps_the_best_that_was() -> None:
    # Weights grow by a factor a step until they overflow; the first epochs are still fine.
    sets = ("--set", "optimizer={type: sgd, lr: 1.01}", "--set", "model=[output]", "--set", "trainer.batch_size=full")
    result = zen("train", MPG, *sets, "--set", "trainer.epochs=500", "--json", "-q")
    assert result.code == 4, result.err
    best = Path(result.json["run"], "best.safetensors")
    assert f"of epoch {result.json['best']['epoch']}, is {best}" in result.err
    assert all(abs(array).max() < float("inf") for array in load_file(best).values())
    assert zen("evaluate", str(best.parent), "-q").code == 0


def test_many_epochs_of_small_batches_and_one_row_left_over() -> None:
    end = done("train", IRIS, "--set", "trainer.batch_size=52", "--json", "-q", *SHORT).json
    assert end["steps"] == 5 * 3
    result = done("train", XOR, "--set", "trainer.batch_size=5", *SHORT)
    assert "batch_size 5 is more than the 4 training rows" in result.err
