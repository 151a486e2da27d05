"""Each figure shows what the rows hold: no run is left out, failures are seen."""

import copy
import math
import re

import pytest

from tests.compare.report_helpers import broken, many, xor
from zen_cli.compare.report.csv_rows import csv_text, rows_of
from zen_cli.compare.report.figures.all_figures import figures
from zen_cli.compare.report.figures.budgets import budgets
from zen_cli.compare.report.figures.curves import MOST, learning_curves, thinned
from zen_cli.compare.report.figures.differences import differences, paired
from zen_cli.compare.report.figures.profile import profile, rank_table
from zen_cli.compare.report.figures.reach import arrivals, reaching
from zen_cli.compare.report.figures.sensitivity import default_rate, sensitivity
from zen_cli.compare.report.series import Band, bands, judged, main_target

SEVERAL = {
    "tasks": ["digits", "iris"], "ratios": {"adam": [1.0, None], "sgd": [2.0, 1.0]},
    "ranks": {"adam": [1, 2], "sgd": [2, 1]}, "mean_rank": {"adam": 1.5, "sgd": 1.5},
}  # fmt: skip


def read(parts):
    """As it comes from the files."""
    return copy.deepcopy(parts[0]), *(rows_of(csv_text(rows), "x.csv") for rows in parts[1:])


@pytest.fixture
def good():
    return read(xor())


@pytest.fixture
def lost():
    return read(broken(xor(), "sgd", "lost"))


def marks(drawing, name):
    return len(re.findall(rf'class="{name}"', drawing))


def test_all_figures_are_there(good):
    summary, runs, curves, tuning = good
    keys = [figure.key for figure in figures(summary, runs, curves, tuning)]
    assert keys == ["curves", "differences", "reach", "budgets", "sensitivity"]
    assert figures({**summary, "several": SEVERAL}, runs, curves, tuning)[-1].key == "profile"


def test_nothing_is_drawn_of_nothing(good):
    summary = {**good[0], "targets": [], "optimisers": [{**each, "vs_baseline": None, "budget_curve": {}}
               for each in good[0]["optimisers"]]}  # fmt: skip
    assert figures(summary, [], [], []) == []


def test_a_curve_is_the_median_of_its_seeds(good):
    summary, runs, curves, _ = good
    found = bands(summary, runs, curves, "adam")
    last = sorted(row["loss"] for row in curves if row["label"] == "adam" and row["step"] == 200)
    assert found[-1].step == 200 and found[-1].median == pytest.approx((last[3] + last[4]) / 2)
    assert [point.step for point in found] == sorted({row["step"] for row in curves})


def test_each_optimizer_has_a_line_a_band_and_a_name(good):
    figure = learning_curves(*good[:3])
    for drawing in (*figure.by_steps, *figure.by_seconds):
        assert marks(drawing, "band") == 3 and marks(drawing, "tie") == 3 and marks(drawing, "cross") == 0
        assert marks(drawing, "line") == 6  # with the legend's


def test_failed_seeds_are_crosses_and_infinitely_bad(lost):
    figure = learning_curves(*lost[:3])
    assert marks(figure.by_steps[0], "cross") == 8
    assert bands(*lost[:3], "lost")[-1].median == math.inf


def test_an_optimizer_whose_cost_is_not_known_is_drawn_by_steps_only(good):
    good[0]["optimisers"][0]["cost"] = None
    figure = learning_curves(*good[:3])
    assert marks(figure.by_steps[0], "band") == 3 and marks(figure.by_seconds[0], "band") == 2


def test_a_run_that_ends_early_counts_as_failed_from_there(good):
    summary, runs, curves, _ = good
    short = [row for row in curves if row["label"] != "adam" or row["seed"] > 4 or row["step"] < 100]
    assert bands(summary, runs, short, "adam")[-1].median == math.inf


def test_long_curves_are_thinned_to_what_can_be_seen():
    points = [Band(float(i), 0.0, 0.0, 0.0) for i in range(1001)]
    found = thinned(points)
    assert len(found) <= MOST and found[-1].step == 1000
    assert thinned(points[:50]) == points[:50]


def test_each_tuning_run_is_a_dot_or_a_cross(good, lost):
    for summary, runs, _, tuning in (good, lost):
        figure = sensitivity(summary, runs, tuning)
        assert len(figure.always) == 3
        drawn = "".join(figure.always)
        assert marks(drawn, "seed") + marks(drawn, "cross") == len(tuning)
        assert marks(drawn, "default") == 3
        failed = sum(math.isnan(row["final"]) for row in tuning)
        assert marks(drawn, "cross") >= failed and ("diverged" in drawn) == bool(failed)


def test_the_default_rate_is_the_cards(good):
    assert default_rate(good[0], "adam") == 1e-3 and default_rate(good[0], "gone") is None


def test_each_pair_of_runs_is_a_dot(good):
    (drawing,) = differences(*good[:2]).always
    assert marks(drawing, "seed") == 16 and marks(drawing, "bar") == 2
    assert marks(drawing, "zero") == 1 and marks(drawing, "rope") == 1


def test_ratios_are_those_of_the_same_seed(good):
    summary, runs, _, _ = good
    mine, other = (
        {row["seed"]: row["metric_final"] for row in judged(runs, label)} for label in ("sgd", summary["baseline"])
    )
    assert dict(paired(summary, runs, "sgd")) == {seed: mine[seed] / other[seed] for seed in mine}


def test_a_failure_against_the_baseline_stands_at_the_border(lost):
    summary, runs, _, _ = lost
    assert [value for _, value in paired(summary, runs, "lost")] == [math.inf] * 8
    (drawing,) = differences(summary, runs).always
    assert marks(drawing, "seed") == 8 and marks(drawing, "cross") == 8 and "failed" in drawing


def test_shares_are_subtracted(good):
    summary, runs, _, _ = good
    share = {**summary, "metric": {"name": "train.accuracy", "goal": "max", "kind": "share"}, "baseline": "adam"}
    rows = [{**row, "metric_final": 0.75 if row["label"] == "adam" else 0.5} for row in runs]
    assert {value for _, value in paired(share, rows, "sgd")} == {-0.25}
    each = {**summary["optimisers"][0], "label": "sgd",
            "vs_baseline": {"difference": -0.25, "ratio": None, "ci": [-0.3, -0.2], "verdict": "worse"}}  # fmt: skip
    (drawing,) = differences({**share, "optimisers": [each]}, rows).always
    assert "points above adam" in drawing and "better →" in drawing


def test_failures_keep_the_staircase_below_the_top(lost):
    summary, runs, curves, _ = lost
    target = main_target(summary)
    assert arrivals(summary, runs, curves, "lost", target) == [None] * 8
    (drawing,) = reaching(summary, runs, curves, target).by_steps
    flat = re.search(r"<title>lost</title>.*", drawing)
    assert flat and marks(drawing, "line") == 6
    lines = re.findall(r'class="line" d="(M58 [^"]*)"', drawing)
    assert len(lines) == 3 and any(set(re.findall(r" ([\d.]+)(?=L|$)", d)) == {"316"} for d in lines)


def test_a_target_is_reached_at_the_first_step_at_or_below_it(good):
    summary, runs, curves, _ = good
    target = summary["targets"][0]
    mine = [row for row in curves if row["label"] == "adam" and row["seed"] == 0]
    first = next((row["step"] for row in mine if row["loss"] <= target["value"]), None)
    assert arrivals(summary, runs, curves, "adam", target["name"])[0] == first
    assert sum(step is not None for step in arrivals(summary, runs, curves, "adam", target["name"])) == next(
        each["to_target"][target["name"]]["reached"] for each in summary["optimisers"] if each["label"] == "adam")


def test_best_of_k_has_a_mark_for_each_k(good, lost):
    counts = sum(len(each["budget_curve"]) for each in good[0]["optimisers"])
    assert marks(budgets(*good[:2]).always[0], "dot") == counts
    assert marks(budgets(*lost[:2]).always[0], "dot") == counts - 3  # of the lost one only one is a number


def test_the_profile_ends_at_the_share_of_problems_solved():
    (drawing,) = profile(SEVERAL).always
    assert marks(drawing, "line") == 4
    assert profile({**SEVERAL, "tasks": []}) is None


def test_ranks_are_a_table():
    table = rank_table(SEVERAL)
    assert table.count("<tr>") == 3 and "<td class=\"number\">1.5</td>" in table


def test_colours_and_dashes_tell_forty_apart():
    from zen_cli.compare.report.svg import color, dash

    assert len({(color(i), dash(i)) for i in range(40)}) == 40


def test_every_drawing_has_a_title(good):
    for figure in figures(*good):
        for drawing in (*figure.always, *figure.by_steps, *figure.by_seconds):
            assert re.match(r'<svg viewBox="[^"]+" role="img" aria-label="[^"]+"><title>[^<]+</title>', drawing)
            assert "nan" not in drawing and "inf" not in drawing


def test_many_optimizers_are_all_named():
    summary, runs, curves, _ = read(many(xor(), 12))
    drawing = learning_curves(summary, runs, curves).by_steps[0]
    assert marks(drawing, "tie") == 12
