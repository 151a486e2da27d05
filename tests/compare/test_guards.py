"""Each guard speaks where it must and is silent where it may; a new one needs its pair here."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import pytest

from zen_cli.compare.entries import options_but_rate
from zen_cli.compare.guards import GUARDS, warnings_of
from zen_cli.compare.material import Material
from zen_cli.nn.optimizers import optimizers

Change = Callable[[dict[str, Any], Material], Any]
LR = {"best": 0.1, "edge": False, "cliff": 2.0, "resolution": 0.5, "width_2x_decades": 1.0}


def sound() -> tuple[dict[str, Any], Material]:
    """Two optimizers, ten seeds, nothing to be wary of."""
    card = {
        "optimizers": [{"label": it, "settings": [{}] * 9} for it in ("adam", "sgd")], "seeds": list(range(10)),
        "alpha": 0.05, "goal": "min", "metric": "validation.loss", "success": None,
        "budget": {"steps": 100, "every": 10},
        "problem": {"trainer": {"batch_size": 32}},
    }  # fmt: skip
    runs = [row(label, seed, 0.1 + i + seed / 10) for i, label in enumerate(("adam", "sgd")) for seed in range(10)]
    curves = [{**run, "step": step, "loss": run["loss_final"] * 100 / step} for run in runs for step in (50, 100)]
    summary = {
        "env": {"cores": 2, "load": 0.1}, "baseline": "adam",
        "optimisers": [optimizer("adam", None), optimizer("sgd", {"verdict": "worse"})],
    }  # fmt: skip
    return summary, Material(card, runs, curves, [])


def row(label: str, seed: int, loss: float) -> dict[str, Any]:
    losses = {"loss_init": 2.0 + seed / 100, "loss_final": loss, "metric_final": loss}
    return {"label": label, "seed": seed, "phase": "evaluate", "status": "ok", **losses}


def optimizer(label: str, versus: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "label": label, "type": label, "lr": dict(LR), "n": 10, "finished": 10, "vs_baseline": versus,
        "success": {"count": 10, "of": 10, "rate": 1.0},
        "cost": {"us_per_step": 20.0, "withheld": None, "grad_evals_per_step": 1},
    }  # fmt: skip


def of_sgd(path: str, value: Any) -> Change:
    def change(summary: dict[str, Any], material: Material) -> None:
        *parents, last = path.split(".")
        found = summary["optimisers"][1]
        for parent in parents:
            found = found[parent]
        found[last] = value

    return change


def card(name: str, value: Any) -> Change:
    return lambda summary, material: material.card.__setitem__(name, value)


def fact(name: str, value: Any) -> Change:
    return lambda summary, material: material.facts.__setitem__(name, value)


def entry(**options: Any) -> Change:
    """Of sgd, in the card."""
    return lambda summary, material: material.card["optimizers"][1].update(options)


def options_of_adam(preset: str) -> dict[str, Any]:
    return {"type": "adam", **options_but_rate(optimizers["adam"](preset=preset))}


def all_of(*changes: Change) -> Change:
    return lambda summary, material: [change(summary, material) for change in changes]


def losses(label: str, value: Callable[[int], float]) -> Change:
    def change(summary: dict[str, Any], material: Material) -> None:
        for run in material.of(label):
            run["loss_final"] = run["metric_final"] = value(run["seed"])

    return change


def all_at(value: float) -> Change:
    return all_of(*(losses(label, lambda seed: value) for label in ("adam", "sgd")))


def crosses(summary: dict[str, Any], material: Material) -> None:
    for point in material.curves:
        if point["label"] == "sgd" and point["step"] == 50:
            point["loss"] = 1e-3


def begins_alike(summary: dict[str, Any], material: Material) -> None:
    for run in material.runs:
        run["loss_init"] = 2.0


def two_groups(low: float) -> Change:
    """Four of ten seeds end there, the others at 1 or a little below."""
    return losses("sgd", lambda seed: low if seed < 4 else 1.0 - seed / 100)


same = losses("sgd", lambda seed: 0.1 + seed / 10)
perfect = all_of(card("goal", "max"), all_at(1.0))
CASES: dict[str, list[tuple[Change, Change]]] = {  # what fires it; what is close and does not
    "G1": [(of_sgd("lr.edge", True), of_sgd("lr.edge", False))],
    "G2": [(of_sgd("lr.cliff", 5.0), of_sgd("lr.cliff", 4.9)),
           (of_sgd("lr.cliff", math.inf), of_sgd("lr.cliff", None))],
    "G3": [(of_sgd("lr.resolution", 0.75), of_sgd("lr.resolution", None)),
           (of_sgd("lr.width_2x_decades", 0.0), of_sgd("lr.width_2x_decades", 0.25))],
    "G4": [(entry(beyond=["beta2"]), entry(beyond=[])), (entry(settings=[{}] * 8), entry(settings=[{}] * 9)),
           (entry(scheduler={}), all_of(entry(scheduler={}), card("over", {"keys": ["scheduler"]}))),
           (entry(clip={"norm": 1}), entry())],
    "G5": [(all_of(entry(tune="none"), card("baseline", "sgd")), all_of(entry(tune="none"), card("baseline", "adam"))),
           (all_of(entry(tune="none"), card("baseline", "sgd")), all_of(entry(tune={}), card("baseline", "sgd")))],
    "G6": [(of_sgd("finished", 9), of_sgd("finished", 10)), (fact("lost", [("sgd", 3, "signal 9")]), fact("lost", []))],
    "G7": [(card("seeds", [0, 1, 2, 3, 4]), card("seeds", [0, 1, 2, 3, 4, 5])),
           (all_of(card("seeds", [0, 1, 2, 3, 4, 5]), card("also", ["accuracy"])), card("seeds", [0, 1, 2, 3, 4, 5]))],
    "G8": [(of_sgd("vs_baseline", {"verdict": "equivalent"}), of_sgd("vs_baseline", {"verdict": "undecided"}))],
    "G10": [(of_sgd("cost.withheld", "the machine was busy"), of_sgd("cost.withheld", None))],
    "G11": [(of_sgd("cost.us_per_step", 23.0), of_sgd("cost.us_per_step", 21.0)),
            (of_sgd("cost.grad_evals_per_step", 2.0), of_sgd("cost.grad_evals_per_step", 1.05))],
    "G12": [(card("metric", "test.loss"), card("metric", "train.loss")), (card("success", "test.loss<1"), entry()),
            (card("targets", ["test.loss<=1"]), card("targets", ["validation.loss<=1"])),
            (card("tune", {"seeds": [9, 10]}), card("tune", {"seeds": [10, 11]}))],
    "G13": [(card("metric", "train.loss"), card("metric", "validation.loss"))],
    "G14": [(all_of(card("success", "x<1"), of_sgd("success.rate", 0.5)), of_sgd("success.rate", 0.5)),
            (all_of(card("success", "x<1"), of_sgd("success.rate", 0.9)), card("success", "x<1")),
            (two_groups(1e-4), two_groups(1e-3)), (two_groups(0.0), losses("sgd", lambda seed: 0.0))],
    "G15": [(crosses, card("goal", "min"))],
    "G16": [(perfect, card("goal", "max")), (all_at(0.0), all_of(all_at(0.0), losses("sgd", lambda seed: 0.1))),
            (all_at(1.0), all_of(all_at(1.0), losses("sgd", lambda seed: 1.0 + seed / 10))),  # perplexity
            (all_of(card("goal", "max"), all_at(0.1)), all_at(math.nan))],
    "G17": [(same, losses("sgd", lambda seed: math.nan))],
    "G18": [(of_sgd("type", "rprop"), all_of(of_sgd("type", "rprop"),
                                             card("problem", {"trainer": {"batch_size": "full"}}))),
            (entry(idle=True), entry())],
    "G19": [(fact("repeat", {"label": "adam", "seed": 0, "difference": 1e-9}),
             fact("repeat", {"label": "adam", "seed": 0, "difference": 0.0}))],
    "G20": [(of_sgd("type", "adabelief"), of_sgd("type", "rmsprop")),
            (entry(**options_of_adam("keras")), entry(**options_of_adam("torch"))),
            (entry(**options_of_adam("optax")), entry(**options_of_adam("optax") | {"corrected_max": False}))],
    "G21": [(all_of(begins_alike, perfect), perfect)],
}  # fmt: skip


def types(adam: str, sgd: str, verdict: str = "worse") -> Change:
    """Other types under the labels, adam the baseline, and the verdict on sgd."""

    def change(summary: dict[str, Any], material: Material) -> None:
        summary["optimisers"][0]["type"], summary["optimisers"][1]["type"] = adam, sgd
        summary["optimisers"][1]["vs_baseline"] = {"verdict": verdict}

    return change


def beside_the_baseline(special: Callable[[int], float]) -> Change:
    """A third optimizer is the baseline; adam ends at 0.1 and above, its special case sgd where it is said."""

    def change(summary: dict[str, Any], material: Material) -> None:
        summary |= {"baseline": "lion", "headline": "loss"}
        summary["optimisers"].append(optimizer("lion", None))
        material.card["optimizers"].append({"label": "lion", "settings": [{}] * 9})
        material.card["rope"] = 0.02
        material.runs.extend(row("lion", seed, 3.0 + seed) for seed in range(10))

    return all_of(types("momentum", "sgd"), change, losses("sgd", special))


CASES["G9"] = [
    (types("sgd", "momentum"), types("sgd", "momentum", "undecided")),
    (types("sgd", "momentum", "under-tuned"), types("momentum", "sgd", "under-tuned")),
    (types("momentum", "sgd", "better"), types("momentum", "sgd", "undecided")),
    (beside_the_baseline(lambda seed: 0.05 + seed / 25), beside_the_baseline(lambda seed: 0.1 + (seed ^ 1) / 10)),
]


def found(change: Change) -> set[str]:
    summary, material = copy.deepcopy(sound())
    material = material._replace(facts={})
    change(summary, material)
    return {warning["id"] for warning in warnings_of(summary, material)}


def test_every_guard_has_its_pair() -> None:
    assert set(CASES) == set(GUARDS)


def test_nothing_is_said_where_all_is_sound() -> None:
    assert found(lambda summary, material: None) == set()


@pytest.mark.parametrize(("name", "number"), [(name, i) for name, pairs in CASES.items() for i in range(len(pairs))])
def test_guard(name: str, number: int) -> None:
    fires, silent = CASES[name][number]
    assert name in found(fires)
    assert name not in found(silent)


def test_it_is_said_when_another_takes_the_lead() -> None:
    summary, material = copy.deepcopy(sound())
    ends = {50: 1e-3, 70: 2e-3, 80: 3.0, 90: 2.0, 100: 1.9}  # of sgd; adam stays at 0.1 to 1
    adam = [{**point, "step": step} for point in material.curves if point["label"] == "adam" for step in ends
            if point["step"] == 100]  # fmt: skip
    sgd = [{**point, "label": "sgd", "loss": ends[point["step"]]} for point in adam]
    found = [text for _, text in GUARDS["G15"](summary, material._replace(curves=adam + sgd))]
    assert found == ["sgd leads at half of the budget, adam at its end, from about 80 % of it on"]
