"""What is unfair is refused before anything runs; what was allowed is said below the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compare.race_helpers import protocol, run
from zen_cli.compare.refusals import REFUSALS
from zen_cli.compare.timing import Cost, doubtful
from zen_cli.errors import ZenError

ALL = "adam, momentum, sgd"
UNFAIR = {  # optimizers and flags, and what is close and fair
    "G4": [
        ("{type: adam, tune: {beta2: [0.9, 0.99]}}, sgd", {}, "{type: adam, tune: {lr: [1e-3, 0.1]}}, sgd", {}),
        ("{type: adam, tune: {beta2: [0.9, 0.99]}}, sgd", {}, "{type: adam, tune: {beta2: [0.9, 0.99]}}, sgd",
         {"tune": "all"}),
        ("adam, {type: sgd, scheduler: cosine}", {}, "adam, sgd", {}),
        ("adam, {type: sgd, clip: {norm: 1}}", {}, "adam, sgd", {}),
        ("adam, {type: sgd, tune: none}", {}, "{type: adam, tune: none}, {type: sgd, tune: none}", {}),
    ],
    "G5": [("adam, {type: sgd, tune: none}", {"baseline": "sgd", "allow_unequal": True},
            "adam, {type: sgd, tune: none}", {"baseline": "adam", "allow_unequal": True})],
    "G12": [
        (ALL, {"metric": "test.loss"}, ALL, {"metric": "validation.loss"}),
        (ALL, {"targets": ("test.loss=1",)}, ALL, {"targets": ("validation.loss=1",)}),
        (ALL, {"seeds": 1001}, ALL, {"seeds": 1000}),
    ],
}  # fmt: skip


def test_every_refusal_has_its_pair() -> None:
    assert set(UNFAIR) == set(REFUSALS)


@pytest.mark.parametrize(("name", "number"), [(name, i) for name, each in UNFAIR.items() for i in range(len(each))])
def test_refused(tmp_path: Path, name: str, number: int) -> None:
    unfair, flags, fair, others = UNFAIR[name][number]
    with pytest.raises(ZenError, match=f"{name}: ") as found:
        protocol(tmp_path, unfair, **flags)
    assert found.value.code == 2
    protocol(tmp_path, fair, **others)


def test_what_is_allowed_is_said(tmp_path: Path) -> None:
    it = protocol(tmp_path, "adam, {type: sgd, scheduler: {type: cosine, warmup: 5%}}", allow_unequal=True)
    card = it.card()
    assert list(REFUSALS["G4"](card)) == ["sgd has a schedule of its own"]
    assert card["optimizers"][1]["scheduler"]["type"] == "cosine"


def test_a_schedule_of_its_own_is_the_same_as_a_shared_one(tmp_path: Path) -> None:
    own = ", ".join(f"{{type: {name}, scheduler: cosine}}" for name in ("adam", "sgd"))
    shared = protocol(tmp_path, "adam, sgd", tune="none")
    with_one = shared._replace(experiment=protocol(tmp_path, own, allow_unequal=True, tune="none").of(
        protocol(tmp_path, own, allow_unequal=True, tune="none").entries[0]))  # fmt: skip
    losses = [
        [[course.measured[-1]["loss"] for course in courses] for courses in run(it)[0].courses.values()]
        for it in (protocol(tmp_path, own, allow_unequal=True, tune="none"), with_one, shared)
    ]  # fmt: skip
    assert losses[0] == losses[1] != losses[2]


def test_a_clip_of_its_own_changes_that_entry_alone(tmp_path: Path) -> None:
    it = protocol(tmp_path, "adam, {type: sgd, clip: {norm: 0.01}}", allow_unequal=True, tune="none")
    clips = [it.of(entry).trainer.clip for entry in it.entries]
    assert clips[0] is None and clips[1] is not None and clips[1].norm == 0.01
    assert it.experiment.trainer.clip is None


@pytest.mark.parametrize(
    ("cost", "env", "said"),
    [
        (Cost(20, 5, 0.1), {"cores": 2, "load": 1.4}, None), (Cost(20, 5, 0.1), {"cores": 2, "load": 1.6}, "busy"),
        (Cost(20, 5, 0.3), {"cores": 2, "load": 0.1}, "vary by 30%"), (Cost(20, 5, 0.1), {}, None),
        (Cost(20, 5, 0.1), {"cores": 2, "load": None}, None),
    ],
)  # fmt: skip
def test_times_that_say_nothing_are_withheld(cost: Cost, env: dict[str, float], said: str | None) -> None:
    found = doubtful(cost, env)
    assert (found is None) if said is None else (found is not None and said in found)
