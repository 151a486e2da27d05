"""Several configs as one: what is gathered from each, and in which order."""

import math

import pytest

from tests.compare.report_helpers import compared
from zen_cli.compare.material import Material
from zen_cli.compare.report.several import flat, several_of
from zen_cli.compare.tasks import Task, same_labels, tasks_of
from zen_cli.errors import ZenError
from zen_cli.runs.strict_json import strict_json

SMALL = {"optimizers": "sgd,rmsprop,adam", "seeds": 8, "trials": 3, "tune_seeds": 1, "budget": "60ep"}
LABELS = {"sgd", "rmsprop", "adam"}


def task(config, name=None):
    summary, runs, curves, tuning = compared(config, **SMALL)
    summary = {**summary, "name": name or config.removesuffix(".yaml")}
    return Task(summary, Material(summary["protocol"], runs, curves, tuning))


@pytest.fixture(scope="module")
def found():
    return tasks_of([task("xor.yaml"), task("xor_cross_entropy.yaml"), task("xor_uniform_0_1.yaml")])


def test_every_part_names_every_optimizer(found):
    assert set(found["labels"]) == LABELS and found["baseline"] in LABELS
    for part in (found["ranks"], found["mean_rank"], found["p_improvement"], found["gap_left"],
                 found["steps"]["score"], found["steps"]["speedup"], found["steps"]["without"]):  # fmt: skip
        assert set(part) == LABELS
    assert found["names"] == ["xor", "xor_cross_entropy", "xor_uniform_0_1"]
    assert found["friedman"] is None


def test_ranks_sum_up_on_every_task(found):
    assert [sum(ranks) for ranks in zip(*found["ranks"].values(), strict=True)] == [6.0, 6.0, 6.0]
    assert [found["mean_rank"][label] for label in found["labels"]] == sorted(found["mean_rank"].values())


def test_the_baseline_is_level_with_itself(found):
    base = found["baseline"]
    assert found["steps"]["speedup"][base] == 1.0 and found["p_improvement"][base] == 0.5
    assert found["gap_left"][base]["difference_ci"] == [0.0, 0.0]
    assert tasks_of([task("xor.yaml")], "sgd")["baseline"] == "sgd"


def test_the_first_in_time_has_ratio_one(found):
    for ratios in zip(*found["steps"]["ratios"].values(), strict=True):
        assert min(ratios) == 1.0 or all(map(math.isinf, ratios))


def test_five_tasks_are_tested_by_ranks():
    names = ["a", "b", "c", "d", "e"]
    found = tasks_of([task("xor.yaml", name) for name in names])
    others = LABELS - {found["baseline"]}
    assert 0 < found["friedman"]["p"] <= 0.05 and set(found["friedman"]["p_holm"]) == others


def test_it_is_the_same_every_time_and_json(found):
    again = tasks_of([task("xor.yaml"), task("xor_cross_entropy.yaml"), task("xor_uniform_0_1.yaml")])
    assert strict_json(found) == strict_json(again)
    assert set(several_of(found)) == {"tasks", "ratios", "ranks", "mean_rank"}
    assert [row["label"] for row in flat(found)] == found["labels"]


def test_other_optimizers_or_the_same_name_are_refused():
    with pytest.raises(ZenError, match="two configs are called 'a'"):
        same_labels(["a", "a"], [["sgd"], ["sgd"]])
    with pytest.raises(ZenError, match="b compares adam, a compares sgd"):
        same_labels(["a", "b"], [["sgd"], ["adam"]])
