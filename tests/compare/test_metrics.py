"""Several metrics that give verdicts: one family of p-values; what was only looked at has none."""

from __future__ import annotations

import functools
import math
from pathlib import Path
from typing import Any

import pytest

from tests.compare.race_helpers import SINE, protocol, run
from tests.compare.report_helpers import CONFIGS
from zen_cli.compare.flags import Flags
from zen_cli.compare.protocol import Protocol
from zen_cli.compare.report.protocol_yaml import config_of
from zen_cli.compare.report.tables import flat, legible
from zen_cli.compare.rows import curve_rows, run_rows, tuning_rows
from zen_cli.compare.settings import protocol_of
from zen_cli.compare.statistics.paired import holm
from zen_cli.compare.summary import Material, summarize
from zen_cli.errors import ZenError
from zen_cli.experiment import from_file

IRIS = str(CONFIGS / "iris.yaml")
SHORT = {"budget": "3ep", "tune": "none", "seeds": 6, "optimizers": "sgd,adam,rmsprop"}


@functools.cache
def summary(metric: str | None) -> dict[str, Any]:
    it = protocol_of(from_file(IRIS), Flags(metric=metric, baseline="adam", **SHORT))  # type: ignore[arg-type]
    judged, _ = run(it)
    rows = run_rows(it, judged), curve_rows(it, judged), tuning_rows(it, judged)
    return summarize(Material(it.card(), *rows), {}, {}, "iris", it.hash())


def pairs(found: dict[str, Any]) -> list[dict[str, Any]]:
    rivals = [it for it in found["optimisers"] if it["vs_baseline"]]
    return [it["vs_baseline"] for it in rivals] + [it["also"]["accuracy"]["vs_baseline"] for it in rivals]


def test_all_verdicts_are_one_family() -> None:
    both = pairs(summary("loss,accuracy"))
    assert len(both) == 4 and [each["p_holm"] for each in both] == holm([each["p"] for each in both])
    alone = {it["label"]: it["vs_baseline"] for it in summary("loss")["optimisers"] if it["vs_baseline"]}
    for it in summary("loss,accuracy")["optimisers"]:
        if it["vs_baseline"]:
            assert it["vs_baseline"]["p"] == alone[it["label"]]["p"]
            assert it["vs_baseline"]["p_holm"] >= alone[it["label"]]["p_holm"]


def test_another_metric_is_judged_as_it_is_alone() -> None:
    own = {it["label"]: it for it in summary("accuracy")["optimisers"]}
    for it in summary("loss,accuracy")["optimisers"]:
        also, alone = it["also"]["accuracy"], own[it["label"]]
        assert also["loss"] == alone["loss"] and also["kind"] == "share"
        if it["vs_baseline"]:
            adjusted = {"p_holm": 0, "verdict": ""}
            assert {**also["vs_baseline"], **adjusted} == {**alone["vs_baseline"], **adjusted}


def test_what_is_exploratory_has_no_p() -> None:
    found = summary("loss")["optimisers"][0]
    assert set(found["exploratory"]) == {"accuracy"} and "p" not in str(found["exploratory"]["accuracy"].keys())
    assert not summary("loss,accuracy")["optimisers"][0]["exploratory"]
    assert set(summary("accuracy")["optimisers"][0]["exploratory"]) == {"loss"}
    assert "exploratory" not in legible(summary("loss")) and "validation.accuracy" in legible(summary("loss"))


def test_other_metrics_stand_in_every_row() -> None:
    row = flat(summary("loss,accuracy"))[-1]
    assert {"accuracy_mean", "accuracy_p_holm", "accuracy_verdict"} <= set(row)
    assert "accuracy_mean" in flat(summary("loss"))[0] and "accuracy_p_holm" not in flat(summary("loss"))[0]
    assert all(math.isfinite(each["accuracy_mean"]) for each in flat(summary("loss")))


def stated(tmp_path: Path, section: str) -> Protocol:
    (tmp_path / "sine.yaml").write_text(SINE.replace("compare: {", f"compare: {{metric: {section}, "))
    return protocol_of(from_file(str(tmp_path / "sine.yaml")), Flags())


def test_forms_of_a_metric(tmp_path: Path) -> None:
    for section, names in (("validation.mae", ["mae"]), ("[loss, mae]", ["loss", "mae"]),
                           ("{name: validation.loss, goal: min, at: final, eval_every: auto}", ["loss"]),
                           ("{name: [mae, loss]}", ["mae", "loss"])):  # fmt: skip
        it = stated(tmp_path, section)
        assert [it.metric, *it.also] == names
        again = config_of("sine", it.card())["compare"]["metric"]
        assert again == ([f"validation.{name}" for name in names] if len(names) > 1 else f"validation.{names[0]}")
    every = stated(tmp_path, "{name: loss, eval_every: 3}")
    assert every.card()["budget"] == {"steps": 10, "every": 3} and every.card()["eval_every"] == 3
    assert config_of("sine", every.card())["compare"]["metric"] == {"name": "validation.loss", "eval_every": 3}


@pytest.mark.parametrize(
    ("section", "said"),
    [("[loss, loss]", "stands twice"), ("{goal: max}", "the goal of loss is min"), ("{at: best}", "final"),
     ("[loss, f1]", "does not judge here")],
)  # fmt: skip
def test_a_metric_that_is_none_is_refused(tmp_path: Path, section: str, said: str) -> None:
    with pytest.raises(ZenError, match=said):
        stated(tmp_path, section)


def test_the_split_may_be_the_same_for_every_seed(tmp_path: Path) -> None:
    seeded = protocol(tmp_path)
    section = "compare: {pairing: {split: fixed, shuffle: once}, "
    (tmp_path / "sine.yaml").write_text((tmp_path / "sine.yaml").read_text().replace("compare: {", section))
    fixed = protocol_of(from_file(str(tmp_path / "sine.yaml")), Flags())
    assert fixed.split_of == 0 and fixed.experiment.trainer.shuffle == "once" and seeded.split_of is None
    assert config_of("sine", fixed.card())["trainer"]["shuffle"] == "once"
    assert config_of("sine", fixed.card())["compare"]["pairing"] == {"split": "fixed"}
    few: dict[str, Any] = {"seeds": (0, 1), "entries": fixed.entries[:2], "track": "tuned"}
    same = run(fixed._replace(**few))[0].courses["adam"]
    own = run(seeded._replace(**few, experiment=fixed.experiment))[0].courses["adam"]
    assert same[0] == own[0] and same[1] != own[1], "the first seed's split is its own, the others have it too"
