"""What is tuned, over which ranges, and where trials lie: the same number for all, as stated or as is usual."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.compare.race_helpers import SINE, new, protocol, run
from zen_cli.compare.flags import Flags
from zen_cli.compare.hyperparameters import hyperparameters, tuned, usual_dimensions
from zen_cli.compare.protocol import Protocol
from zen_cli.compare.settings import protocol_of
from zen_cli.compare.space import LINEAR, LOG, REST, Dimension
from zen_cli.compare.tuners import TUNERS, drawn, grid_sides, halton, settings
from zen_cli.errors import ZenError
from zen_cli.experiment import from_file
from zen_cli.nn.optimizers import optimizers

SPACE = SINE.replace("tune: {trials: 3, extend: 0}", "optimizers: [sgd, adam], tune: {trials: 3, extend: 0, SPACE}")
BETA = "{type: adam, tune: {beta2: [0.9, 0.999]}}"


def protocol_at(path: Path) -> Protocol:
    return protocol_of(from_file(str(path)), Flags())


@pytest.mark.parametrize("name", sorted(optimizers))
def test_every_number_of_every_optimizer_can_be_set(name: str) -> None:
    optimizer = optimizers[name]()
    for each, known in hyperparameters(type(optimizer)).items():
        before = known.of(optimizer)
        value = 0.9 * before or 0.5
        assert known.of(tuned(optimizer, [(each, value)])) == value and known.of(optimizer) == before


@pytest.mark.parametrize("name", sorted(optimizers))
def test_what_is_usually_tuned_lies_around_what_is_usual_and_is_allowed(name: str) -> None:
    optimizer = optimizers[name]()
    for each in usual_dimensions(optimizer):
        known = hyperparameters(type(optimizer))[each.name]
        low, middle, high = each.spread(3)
        assert low < known.of(optimizer) < high and middle == pytest.approx(known.of(optimizer), rel=0.01)
        assert known.option.limits.refuse(low) is None and known.option.limits.refuse(high) is None


def test_scales() -> None:
    assert Dimension("decay", 0.0, 1.0, LINEAR).spread(3) == (0.0, 0.5, 1.0)
    assert Dimension("lr", 1e-4, 1.0, LOG).spread(3) == (1e-4, 1e-2, 1.0)
    assert Dimension("beta", 0.9, 0.999, REST).spread(3) == (0.9, 0.99, 0.999)
    assert Dimension("lr", 1e-4, 1.0).spread(1) == (1e-2,)


@pytest.mark.parametrize("method", TUNERS)
@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_tuner_gives_as_many_trials_within_the_ranges(method: str, count: int) -> None:
    names = ("lr", "beta1", "beta2")[:count]
    found = settings([Dimension(name, 0.1, 0.9, REST) for name in names], 8, method)
    assert len(set(found)) == 8 and list(found) == sorted(found)
    assert all(0.1 <= value <= 0.9 for lr, others in found for value in (lr, *dict(others).values()))
    assert all(tuple(dict(others)) == names[1:] for _, others in found)


def test_a_grid_of_several_is_a_product_or_refused() -> None:
    assert [grid_sides(*each) for each in ((9, 1), (7, 1), (9, 2), (12, 2), (27, 3))] == [
        (9,), (7,), (3, 3), (4, 3), (3, 3, 3)]  # fmt: skip
    for each in ((7, 2), (9, 3), (1, 2)):
        with pytest.raises(ZenError, match="make no grid"):
            grid_sides(*each)


def test_the_rates_that_are_drawn_do_not_depend_on_what_else_is_tuned() -> None:
    """So that luck is the same for all."""
    for draw in (drawn, halton):
        assert [row[0] for row in draw(9, 1)] == [row[0] for row in draw(9, 3)]


def test_halton_fills_the_square_more_evenly_than_chance() -> None:
    """Van der Corput in base 2 against the definition, and the largest hole of 64 points."""
    assert [row[0] for row in halton(7, 1)] == [1 / 2, 1 / 4, 3 / 4, 1 / 8, 5 / 8, 3 / 8, 7 / 8]
    assert [row[1] for row in halton(4, 2)] == pytest.approx([1 / 3, 2 / 3, 1 / 9, 4 / 9])

    def hole(points: list[list[float]]) -> float:
        grid = np.stack(np.meshgrid(*[np.linspace(0, 1, 41)] * 2), -1).reshape(-1, 1, 2)
        return float(np.linalg.norm(grid - np.array(points), axis=-1).min(1).max())

    assert hole(halton(64, 2)) < hole(drawn(64, 2))


def test_more_than_the_rate_is_tuned(tmp_path: Path) -> None:
    it = protocol(tmp_path, f"{BETA}, sgd", trials=6, allow_unequal=True, track="tuned")
    judged, phases = run(it)
    assert it.method == "halton" and new(phases) == [2 * 6 * 2, 2 * 6]
    assert len({dict(trial.setting.others)["beta2"] for trial in judged.tried["adam"]}) == 6
    best = judged.chosen["adam"]
    assert it.of(it.entries[0], best).optimizer.betas == (0.9, dict(best.others)["beta2"])
    assert all(course.net.setting == best for course in judged.courses["adam"])
    stated = f"{{type: adam, betas: [0.9, {dict(best.others)['beta2']}], lr: {best.lr}}}"
    again, _ = run(protocol(tmp_path, f"{stated}, sgd", tune="none"))
    losses = [[course.measured[-1]["loss"] for course in each.courses["adam"]] for each in (judged, again)]
    assert losses[0] == losses[1] and all(map(math.isfinite, losses[0])), "as with that option stated"


def test_all_tunes_what_each_has(tmp_path: Path) -> None:
    it = protocol(tmp_path, "adamw, momentum, sgd", tune="all", trials=4)
    names = {entry.label: [each.name for each in entry.dimensions] for entry in it.entries}
    assert names == {"adamw": ["lr", "beta1", "beta2", "weight_decay"], "momentum": ["lr", "momentum"], "sgd": ["lr"]}
    assert {len(entry.settings) for entry in it.entries} == {4}


@pytest.mark.parametrize(
    ("optimizers", "said"),
    [
        ("{type: sgd, tune: {beta2: [0.9, 0.99]}}", "'sgd' has no number 'beta2'"),
        ("{type: adam, tune: {beta3: [0.9, 0.99]}}", "did you mean 'beta2'"),
        ("{type: adam, tune: {beta1: [0.9, 1.5]}}", "'beta1' must be >= 0 and < 1, found 1.5"),
        ("{type: adam, tune: {lr: [0, 1]}}", "'lr' must be > 0, found 0"),
        ("{type: adam, tune: {beta2: {scale: rest}}}", "the range of 'beta2' is not stated"),
        ("{type: adam, tune: {lr: [1, 0.1]}}", "'lr': expected a low and a higher end"),
        ("{type: adam, tune: {eps: {low: 0, high: 1, scale: log}}}", "has no scale 'log'"),
        ("{type: adam, tune: {lr: {low: 1e-3}}}", "expected both ends"),
        ("{type: adam, tune: some}", "expected a mapping"),
    ],
)  # fmt: skip
def test_ranges_that_are_none_are_refused_where_they_stand(tmp_path: Path, optimizers: str, said: str) -> None:
    with pytest.raises(ZenError, match="sine.yaml:5:") as found:
        protocol(tmp_path, f"{optimizers}, rmsprop")
    assert said in str(found.value)


def test_a_range_for_all(tmp_path: Path) -> None:
    space = "space: {lr: [1e-3, 1e-1], weight_decay: {low: 0, high: 0.1, scale: linear}}"
    (tmp_path / "space.yaml").write_text(SPACE.replace("SPACE", space))
    it = protocol_at(tmp_path / "space.yaml")
    assert all([each.name for each in entry.dimensions] == ["lr", "weight_decay"] for entry in it.entries)
    assert all(1e-3 <= lr <= 1e-1 for entry in it.entries for lr, _ in entry.settings)
    for wrong, said in (("{nu: [0, 1]}", "has a number 'nu'"), ("{lr: [1, 0]}", "low and a higher")):
        (tmp_path / "space.yaml").write_text(SPACE.replace("SPACE", f"space: {wrong}"))
        with pytest.raises(ZenError, match=said):
            protocol_at(tmp_path / "space.yaml")


def test_points_a_decade(tmp_path: Path) -> None:
    (tmp_path / "space.yaml").write_text(SPACE.replace("SPACE", "space: {lr: {points_per_decade: 4}}"))
    it = protocol_at(tmp_path / "space.yaml")
    assert [lr for lr, _ in it.entries[0].settings] == [0.0562, 0.1, 0.178]
