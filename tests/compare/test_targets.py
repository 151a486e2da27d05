"""What it means to have got there: stated for any metric that is measured, else by the way to the best median."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compare.race_helpers import protocol, run
from tests.compare.report_helpers import CONFIGS
from zen_cli.compare.flags import Flags
from zen_cli.compare.rows import curve_rows, run_rows, tuning_rows
from zen_cli.compare.settings import protocol_of
from zen_cli.compare.summary import Material, summarize
from zen_cli.compare.targets import reached, stated_target, steps_to
from zen_cli.errors import ZenError
from zen_cli.experiment import from_file

IRIS = str(CONFIGS / "iris.yaml")


def points(metric: str, values: list[float]) -> list[dict[str, float]]:
    return [{"step": 10 * i, metric: value} for i, value in enumerate(values)]


def test_a_loss_has_to_fall_and_a_share_to_rise() -> None:
    assert steps_to(stated_target("validation.loss<=0.5"), points("loss", [2.0, 0.7, 0.5, 0.6])) == 20
    assert steps_to(stated_target("validation.loss<0.5"), points("loss", [2.0, 0.7, 0.5, 0.6])) is None
    assert steps_to(stated_target("train.accuracy>=0.9"), points("accuracy", [0.1, 0.95])) == 10


def test_never_is_later_than_all() -> None:
    """2 of 3 get there: the median is the later of the two; the mean would be of those that did alone."""
    aim = stated_target("train.loss<=1")
    curves = {0: points("loss", [2.0, 1.0]), 1: points("loss", [2.0, 2.0, 2.0, 1.0]), 2: points("loss", [2.0, 2.0])}
    assert reached(aim, curves, 100.0) == {"reached": 2, "steps_median": 30.0, "seconds_median": 0.003}
    assert reached(aim, {0: curves[0], 2: curves[2]}, None)["steps_median"] is None


def test_stated_targets_of_any_metric() -> None:
    flags = Flags(targets=("accuracy=0.9", "validation.loss=0.5"), seeds=3, budget="1ep")
    it = protocol_of(from_file(IRIS), flags)
    assert it.card()["targets"] == ["validation.accuracy>=0.9", "validation.loss<=0.5"]
    assert str(it.success) == "validation.loss<=0.5"


def test_success_by_a_stated_share() -> None:
    it = protocol_of(from_file(IRIS), Flags(targets=("accuracy=0.5",), seeds=3, budget="20ep", tune="none"))
    judged, _ = run(it)
    rows = run_rows(it, judged), curve_rows(it, judged), tuning_rows(it, judged)
    summary = summarize(Material(it.card(), *rows), {}, {}, "iris", it.hash())
    for each in summary["optimisers"]:
        finals = [row["accuracy_final"] for row in rows[0] if row["label"] == each["label"]]
        assert each["success"]["count"] == sum(final >= 0.5 for final in finals) and each["success"]["of"] == 3
        assert each["to_target"]["validation.accuracy>=0.5"]["reached"] >= each["success"]["count"]


@pytest.mark.parametrize(
    ("target", "said"),
    [("loss=x", "no number"), ("los=1", "did you mean 'loss'"), ("train.loss=1", "does not judge here"),
     ("test.loss=1", "G12"), ("loss", "NAME=NUMBER")],
)  # fmt: skip
def test_targets_that_are_none_are_refused(tmp_path: Path, target: str, said: str) -> None:
    with pytest.raises(ZenError, match=said):
        protocol(tmp_path, targets=(target,))


def test_targets_of_a_config(tmp_path: Path) -> None:
    section = "compare: {targets: [{validation.loss: 0.3}, {validation.mae: 0.2}], "
    it = protocol(tmp_path)
    text = (tmp_path / "sine.yaml").read_text().replace("compare: {", section)
    (tmp_path / "sine.yaml").write_text(text)
    stated = protocol_of(from_file(str(tmp_path / "sine.yaml")), Flags())
    assert stated.card()["targets"] == ["validation.loss<=0.3", "validation.mae<=0.2"] and it.card()["targets"] == []
    assert protocol_of(from_file(str(tmp_path / "sine.yaml")), Flags(targets=("auto",))).card()["targets"] == []
