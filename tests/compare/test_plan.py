"""Two looks that were declared: the second is taken only where it is needed, and alpha is shared."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.compare.race_helpers import SINE, new, protocol
from tests.compare.test_verdicts import LABELS, told, verdicts
from zen_cli.compare.flags import Flags
from zen_cli.compare.phases import Comparison, Judged, Phase
from zen_cli.compare.plan import undecided
from zen_cli.compare.protocol import Protocol, hash_of
from zen_cli.compare.report.protocol_yaml import config_of
from zen_cli.compare.settings import protocol_of
from zen_cli.compare.store import Store
from zen_cli.errors import ZenError
from zen_cli.experiment import from_file
from zen_cli.jobs.nets import Course


def looked(it: Protocol, cache: Path, again: bool) -> tuple[Judged, list[Phase]]:
    happenings = list(Comparison(it, Store(cache, it), 1, lambda judged: again).happenings())
    assert isinstance(happenings[-1], Judged)
    return happenings[-1], [each for each in happenings if isinstance(each, Phase)]


def test_a_second_look_is_taken_only_if_something_is_undecided(tmp_path: Path) -> None:
    it = protocol(tmp_path, max_seeds=9, track="tuned")
    first, phases = looked(it, tmp_path / "a", again=False)
    assert new(phases) == [18, 18] and len(first.protocol.seeds) == 6
    both, phases = looked(it, tmp_path / "a", again=True)
    assert new(phases) == [0, 0, 9] and len(both.protocol.seeds) == 9 and not both.protocol.more
    assert [course.net.seed for course in both.courses["adam"]] == list(range(9))
    assert both.courses["sgd"][:6] == first.courses["sgd"]


def test_the_plan_is_frozen_before_and_alpha_is_shared(tmp_path: Path) -> None:
    it = protocol(tmp_path, max_seeds=9)
    card, later = it.card(), it._replace(seeds=tuple(range(9)), more=()).card()
    assert card["plan"] == {"looks": (6, 9), "alpha": 0.05} and card["alpha"] == later["alpha"] == 0.025
    assert hash_of(card) == hash_of(later) == it.hash() != protocol(tmp_path).hash()
    section = config_of("sine", card)["compare"]
    assert section["seeds"] == {"eval": 6, "max": 9, "tune": 2, "base": 0} and section["stats"]["alpha"] == 0.05


def test_whether_something_is_undecided_is_asked_of_the_verdicts(tmp_path: Path) -> None:
    judged, _ = looked(protocol(tmp_path, "adam, sgd", max_seeds=9, baseline="adam"), tmp_path / "a", again=False)
    adam = judged.courses["adam"]

    def times(factors: list[float]) -> tuple[Course, ...]:
        return tuple(course._replace(measured=tuple({k: factor * v for k, v in m.items()} for m in course.measured))
                     for course, factor in zip(adam, factors, strict=True))  # fmt: skip

    assert undecided(judged._replace(courses={"adam": adam, "sgd": times([0.5, 2.0, 0.6, 1.7, 0.4, 2.0])}))
    assert not undecided(judged._replace(courses={"adam": adam, "sgd": times([1.0] * 6)}))


@pytest.mark.parametrize(("flags", "said"), [({"max_seeds": 6}, "more than the 6 seeds"), ({"max_seeds": 2000}, "G12")])
def test_a_plan_that_is_none_is_refused(tmp_path: Path, flags: dict[str, int], said: str) -> None:
    with pytest.raises(ZenError, match=said):
        protocol(tmp_path, **flags)


def test_a_config_states_a_plan(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(SINE.replace("eval: 6", "eval: 6, max: 12"))
    it = protocol_of(from_file(str(tmp_path / "plan.yaml")), Flags())
    assert it.looks == (6, 12) and it.more == tuple(range(6, 12))


@pytest.mark.slow
def test_two_looks_are_wrong_as_rarely_as_one() -> None:
    """Four optimizers that do not differ, ten seeds and then twenty: a false verdict at either, in at most 5 %."""
    rng, wrong = np.random.default_rng(12), 0
    for _ in range(150):
        losses = {label: rng.lognormal(-2, 0.5, 20).tolist() for label in LABELS}
        first = verdicts(told({label: each[:10] for label, each in losses.items()}, alpha=0.025)).values()
        both = [*first, *(verdicts(told(losses, alpha=0.025)).values() if "undecided" in first else ())]
        wrong += any(said in ("better", "worse") for said in both)
    assert wrong <= 0.05 * 150
