"""The phases: equal budgets, pairs, what is kept, what is lost, what is looked at twice."""

from __future__ import annotations

import dataclasses
import os
import signal
from pathlib import Path
from unittest import mock

import pytest

from tests.compare.conftest import Usual
from tests.compare.race_helpers import HUGE, new, protocol, run
from zen_cli.compare import runner
from zen_cli.compare.looks import look
from zen_cli.compare.phases import Comparison, Judged, Lost, check_pairing, difference
from zen_cli.compare.rows import curve_rows, run_rows, tuning_rows
from zen_cli.compare.store import Store
from zen_cli.compare.summary import Material, summarize
from zen_cli.errors import ZenError


def test_first_losses_are_the_same_bits_for_all(usual: Usual) -> None:
    for courses in zip(*usual.judged.courses.values(), strict=True):
        assert len({course.first_loss for course in courses}) == 1 and len({c.net.seed for c in courses}) == 1


def test_what_is_not_paired_is_refused(usual: Usual) -> None:
    it, judged = usual.protocol, usual.judged
    adam, *rest = judged.courses["adam"]
    moved = {**judged.courses, "adam": (adam._replace(first_loss=adam.first_loss * (1 + 1e-15)), *rest)}
    check_pairing(it, judged.courses)
    with pytest.raises(ZenError, match="seed 0 begins with different losses"):
        check_pairing(it, moved)


def same(judged: Judged) -> str:
    """What was trained, without what was asked."""
    return repr((judged.tried, judged.chosen, judged.courses, judged.defaults))


def test_asking_again_runs_nothing_and_more_runs_only_what_is_new(
    usual: Usual, cache: Path, tmp_path: Path
) -> None:  # fmt: skip
    assert new(usual.phases) == [18, 18, 18]
    again, phases = run(protocol(tmp_path), cache)
    assert new(phases) == [0, 0, 0] and same(again) == same(usual.judged)
    assert new(run(protocol(tmp_path, seeds=8), cache)[1]) == [0, 6, 6]
    assert new(run(protocol(tmp_path, "adam, momentum, sgd, rmsprop"), cache)[1]) == [6, 6, 6]
    assert new(run(protocol(tmp_path), cache, fresh=True)[1]) == [18, 18, 18]
    assert new(run(protocol(tmp_path, budget="3ep"), cache)[1]) == [18, 18, 18]


def test_damaged_files_are_run_again(usual: Usual, cache: Path) -> None:
    damages = (b"", b"{", b"[]", b'{"first_loss": 1}', b"\xff\xfe")
    for path, damage in zip(sorted(cache.glob("??/*.json")), damages, strict=False):
        path.write_bytes(damage)
    assert sum(new(run(usual.protocol, cache)[1])) == len(damages)
    assert sum(new(run(usual.protocol, cache)[1])) == 0


def test_jobs_and_order_change_nothing(tmp_path: Path) -> None:
    def told(optimizers: str, jobs: int) -> str:
        it = protocol(tmp_path, optimizers, track="tuned")
        judged, _ = run(it, jobs=jobs)
        rows = run_rows(it, judged), curve_rows(it, judged), tuning_rows(it, judged)
        return repr((rows, summarize(Material(it.card(), *rows), {}, {}, "sine", it.hash())))

    alone = told(f"adam, {HUGE}", 0)
    assert alone == told(f"adam, {HUGE}", 1) == told(f"{HUGE}, adam", 3)


def test_the_same_number_of_trials_for_all_when_one_is_at_the_edge(tmp_path: Path) -> None:
    it = protocol(tmp_path, "adam, {type: momentum, lr: 0.1}, sgd")._replace(extend=4)
    judged, phases = run(it)
    counts = {label: len({trial.setting.lr for trial in trials}) for label, trials in judged.tried.items()}
    assert len(set(counts.values())) == 1 and counts["adam"] in (3, 5, 7)
    tuning = [phase for phase in phases if phase.name == "tune"]
    assert len(tuning) > 1 and all(phase.runs == 2 * 2 * 3 for phase in tuning[1:])


def test_a_stated_range_is_never_left(tmp_path: Path) -> None:
    it = protocol(tmp_path, "adam, {type: sgd, tune: {lr: [1e-6, 1e-5]}}")._replace(extend=4)
    judged, _ = run(it)
    assert all(1e-6 <= trial.setting.lr <= 1e-5 for trial in judged.tried["sgd"])
    assert len({trial.setting.lr for trial in judged.tried["sgd"]}) == len(judged.tried["adam"])


def test_who_always_diverges_stays(tmp_path: Path) -> None:
    it = protocol(tmp_path, f"adam, {HUGE}")
    judged, _ = run(it)
    rows = run_rows(it, judged), curve_rows(it, judged), tuning_rows(it, judged)
    summary = summarize(Material(it.card(), *rows), {}, {}, "sine", it.hash())
    last = summary["optimisers"][-1]
    assert (last["label"], last["finished"], last["n"], last["statuses"]) == ("sgd", 0, 6, {"diverged": 6})
    assert summary["winner"]["names"] == ["adam"] and summary["headline"] == "loss"
    assert "sgd never finished" in summary["sentence"]


def test_a_lost_worker_counts_as_failed(tmp_path: Path) -> None:
    it = protocol(tmp_path)

    def killed(self, label, nets, phase):
        if label == "momentum":
            os.kill(os.getpid(), signal.SIGKILL)
        return stack(self, label, nets, phase)

    stack = runner.Runner._stack
    with mock.patch.object(runner.Runner, "_stack", killed):
        happenings = list(Comparison(it, Store(tmp_path / "cache", it), 2).happenings())
    judged = happenings[-1]
    assert {lost.label for lost in happenings if isinstance(lost, Lost)} == {"momentum"}
    rows = run_rows(it, judged), curve_rows(it, judged), tuning_rows(it, judged)
    facts = {"lost": [(lost.label, len(lost.nets), lost.why) for lost in judged.lost]}
    summary = summarize(Material(it.card(), *rows, facts), {}, {}, "sine", it.hash())
    (momentum,) = (each for each in summary["optimisers"] if each["label"] == "momentum")
    assert momentum["finished"] == 0 and momentum["statuses"] == {"error": 6}
    assert any("(ended by signal 9" in warning["text"] for warning in summary["warnings"])
    assert sum(new(run(it, tmp_path / "cache")[1])) == 18, "only what was lost is run again"


def test_one_net_is_trained_twice(usual: Usual) -> None:
    judged = usual.judged
    assert judged.repeat is not None and judged.repeat.difference == 0.0
    first, other, *_ = judged.courses["adam"]
    assert difference(first, first) == 0.0 < difference(first, other)


def test_looks_are_counted(tmp_path: Path) -> None:
    ten, twenty = protocol(tmp_path), protocol(tmp_path, seeds=20)
    assert [look(tmp_path, it) for it in (ten, ten, twenty, ten)] == [1, 1, 2, 2]
    assert look(tmp_path, protocol(tmp_path, budget="3ep")) == 1 == look(None, twenty)


def test_estimate_and_mistakes_come_first(cache: Path, tmp_path: Path) -> None:
    it = protocol(tmp_path)
    ticks = iter(range(10**6))
    estimate = Comparison(it, Store(tmp_path / "c", it), 2).prepare(lambda: next(ticks) * 1e-3)
    assert estimate.runs == 3 * (6 + 6 + 6) and estimate.known == 0 and estimate.seconds
    assert Comparison(it, Store(cache, it), 2).prepare(lambda: 0.0).seconds is None
    dataset = it.experiment.dataset
    assert dataset.targets is not None
    huge = dataclasses.replace(dataset, targets=dataset.targets * 1e30)
    with pytest.raises(ZenError, match="the gradient is"):
        broken = it._replace(experiment=it.experiment._replace(dataset=huge))
        Comparison(broken, Store(None, broken), 1).prepare(lambda: 0.0)
