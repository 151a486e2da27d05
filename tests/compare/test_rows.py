"""The columns of runs.csv: each against what it says it is."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.compare.race_helpers import HUGE, protocol, run
from tests.compare.report_helpers import plain, xor
from zen_cli.compare.arrivals import with_arrivals
from zen_cli.compare.rows import anytime, curve_rows, run_rows

NAMES = [  # what a comparison promises for every run
    "label", "type", "phase", "lr", "seed", "status", "loss_init", "loss_final", "loss_best", "step_best",
    "metric_final", "metric_best", "steps", "epochs", "samples", "grad_evals", "auc_logloss", "grad_norm_max",
    "update_norm_ratio_median", "frac_clipped", "sec_per_step_calibrated",
]  # fmt: skip


def test_every_run_has_every_column() -> None:
    summary, runs, _, _ = xor()
    aims = [target["name"] for target in summary["targets"]]
    wanted = [*NAMES, *(f"{kind}_to_{aim}" for aim in aims for kind in ("steps", "evals", "sec"))]
    assert aims and all(name in row for row in runs for name in wanted)


def test_samples_and_epochs_are_those_of_the_batches(tmp_path: Path) -> None:
    """36 rows in batches of 8: the fifth batch of an epoch has 4."""
    it = protocol(tmp_path, budget="8st")
    judged, _ = run(it)
    (row, *_) = run_rows(it, judged)
    assert (row["steps"], row["samples"], row["grad_evals"], row["epochs"]) == (8, 36 + 3 * 8, 8, 1.6)
    assert [it.samples(it.entries[0], steps) for steps in (0, 4, 5, 10)] == [0, 32, 36, 72]


def test_arrivals_are_the_first_points_of_the_curve_at_the_target() -> None:
    summary, runs, curves, _ = xor()
    (aim,) = summary["targets"]
    for row in runs:
        mine = [p for p in curves if (p["label"], p["seed"]) == (row["label"], row["seed"])]
        first = next((p["step"] for p in mine if p["loss"] < aim["value"]), None)
        cost = next(each for each in summary["optimisers"] if each["label"] == row["label"])["cost"]["us_per_step"]
        assert row[f"steps_to_{aim['name']}"] == row[f"evals_to_{aim['name']}"] == first
        seconds = row[f"sec_to_{aim['name']}"]
        assert seconds is None if first is None else seconds == pytest.approx(first * cost / 1e6)
        assert row["sec_per_step_calibrated"] == pytest.approx(cost / 1e6)


def test_withheld_times_are_no_seconds() -> None:
    summary, runs, curves, _ = xor()
    busy = plain(summary)
    for each in busy["optimisers"]:
        each["cost"] |= {"us_per_step": None, "withheld": "the machine was busy"}
    row = with_arrivals(runs, curves, busy)[0]
    assert row["sec_per_step_calibrated"] is None and all(row[n] is None for n in row if n.startswith("sec_to_"))


def test_the_course_of_the_log_loss_is_its_mean_over_steps() -> None:
    """A loss that falls as exp(-t) from t = 0 to 2 has the mean -1, however unevenly it is measured."""
    at = [0, 1, 5, 20]
    assert anytime([math.exp(-t / 10) for t in at], at) == pytest.approx(-1.0)
    assert math.isnan(anytime([1.0, math.nan], [0, 1])) and math.isnan(anytime([1.0, 0.0], [0, 1]))


def test_a_run_that_broke_has_no_final_number_and_says_when(tmp_path: Path) -> None:
    it = protocol(tmp_path, f"adam, {HUGE}")
    judged, _ = run(it)
    row = next(row for row in run_rows(it, judged) if row["label"] == "sgd")
    assert row["status"] == "diverged" and 1 <= row["broke"] <= row["steps"] and math.isnan(row["loss_final"])
    assert math.isnan(row["auc_logloss"]) and math.isfinite(row["grad_norm_max"])
    assert [p["step"] for p in curve_rows(it, judged) if p["label"] == "sgd" and p["seed"] == 0][-1] == row["broke"]
