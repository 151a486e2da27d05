"""How long each net is trained, in any unit; what follows from a clock is measured once."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from tests.compare.race_helpers import protocol, run
from tests.compare.report_helpers import CONFIGS
from zen_cli.compare import pace
from zen_cli.compare.budgets import budget_of, length_of, said, steps_on
from zen_cli.compare.flags import Flags
from zen_cli.compare.over import entries_over
from zen_cli.compare.pace import paced
from zen_cli.compare.protocol import Protocol
from zen_cli.compare.report.protocol_yaml import config_of
from zen_cli.compare.settings import protocol_of
from zen_cli.compare.timing import Cost
from zen_cli.errors import ZenError
from zen_cli.experiment import from_file
from zen_cli.nn.optimizers import optimizers

COSTS = {"adam": Cost(100.0, 5.0, 0.1), "momentum": Cost(50.0, 5.0, 0.1), "sgd": Cost(25.0, 5.0, 0.1)}


def measured(it: Protocol, folder: Path, cpu: str = "one", **options: bool) -> tuple[Protocol, list[str]]:
    """The protocol with its steps, and whose steps were timed."""
    timed: list[str] = []

    def calibrate(of: Protocol, clock: object) -> dict[str, Cost]:
        timed.extend(entry.label for entry in of.entries)
        return {entry.label: COSTS[entry.label] for entry in of.entries}

    with mock.patch.object(pace, "calibrate", calibrate):
        return paced(it, folder, {"cpu": cpu, "blas_threads": 1}, lambda: 0.0, **options), timed


def test_epochs_steps_and_gradients(tmp_path: Path) -> None:
    """36 rows train in batches of 8: 5 steps an epoch."""
    assert protocol(tmp_path).card()["budget"] == {"steps": 10, "every": 1}
    assert protocol(tmp_path, budget="7ep").card()["budget"] == {"steps": 35, "every": 1}
    assert protocol(tmp_path, budget="500st").card()["budget"] == {"steps": 500, "every": 5}
    assert protocol(tmp_path, budget="300ge").card()["budget"] == {"steps": 300, "every": 3, "grad_evals": 300}


def test_who_takes_two_gradients_a_step_takes_half_the_steps(tmp_path: Path) -> None:
    with mock.patch.object(optimizers["adam"], "evaluations", 2):
        card = protocol(tmp_path, budget="300ge").card()
    assert [steps_on(card, label) for label in ("adam", "sgd")] == [150, 300] and said(card) == "300 gradients each"


def test_seconds_are_turned_into_steps_of_each_and_trained(tmp_path: Path) -> None:
    it, timed = measured(protocol(tmp_path, budget="0.002s", track="tuned"), tmp_path)
    card = it.card()
    assert timed == ["adam", "momentum", "sgd"] and [steps_on(card, label) for label in timed] == [20, 40, 80]
    assert steps_on(card) == 80 and said(card) == "0.002 s each" and budget_of(card) == {"seconds": 0.002}
    judged, _ = run(it)
    assert {label: courses[0].at[-1] for label, courses in judged.courses.items()} == {
        "adam": 20, "momentum": 40, "sgd": 80}  # fmt: skip


def test_a_pace_is_measured_once_on_a_machine(tmp_path: Path) -> None:
    it = protocol(tmp_path, budget="60s")
    first, timed = measured(it, tmp_path)
    again, not_timed = measured(protocol(tmp_path, budget="10s", seeds=9), tmp_path)
    assert len(timed) == 3 and not not_timed
    assert [entry.pace for entry in again.entries] == [entry.pace for entry in first.entries]
    other = protocol(tmp_path, "adam, momentum, {type: sgd, weight_decay: 0.1}", budget="9s")
    assert measured(other, tmp_path)[1] == ["sgd"]
    assert len(measured(it, tmp_path, cpu="another")[1]) == len(measured(it, tmp_path, fresh=True)[1]) == 3
    for path in (tmp_path / "pace").iterdir():
        path.write_text("no number")
    assert len(measured(it, tmp_path)[1]) == 3


def test_other_budgets_are_not_timed(tmp_path: Path) -> None:
    it = protocol(tmp_path, budget="5ep")
    assert measured(it, tmp_path) == (it, [])


def test_epochs_of_other_batches_are_other_steps() -> None:
    base = from_file(str(CONFIGS / "iris.yaml"), sets=["trainer.epochs=3"])
    it = protocol_of(base, Flags(), entries_over(str(CONFIGS / "iris.yaml"), base, ["trainer.batch_size=10,30"]))
    card = it.card()
    assert [steps_on(card, label) for label in ("10", "30")] == [3 * it.epoch_of(entry) for entry in it.entries]
    assert steps_on(card, "10") > steps_on(card, "30")


@pytest.mark.parametrize("text", ["0s", "5x", "1.5ep", "-3st", "s", "1e3st", "infs", "nans", ""])
def test_a_budget_that_is_none_is_refused(text: str) -> None:
    if text:
        with pytest.raises(ZenError, match="expected epochs, steps, seconds or gradients"):
            length_of(text, None, from_file(str(CONFIGS / "iris.yaml")))


def test_a_config_states_one_of_them(tmp_path: Path) -> None:
    it = protocol(tmp_path, budget="300ge")
    assert config_of("sine", it.card())["compare"]["budget"] == {"grad_evals": 300}
    for section, said_ in (("{seconds: 5, steps: 3}", "expected one of"), ("{}", "expected one of"),
                           ("{seconds: 0}", "must be > 0")):  # fmt: skip
        text = (tmp_path / "sine.yaml").read_text().replace("compare: {", f"compare: {{budget: {section}, ")
        (tmp_path / "wrong.yaml").write_text(text)
        with pytest.raises(ZenError, match=said_):
            from_file(str(tmp_path / "wrong.yaml"))
