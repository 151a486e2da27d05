"""The result of a comparison as one plain dict: a function of the protocol's card and the rows of what ran."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from zen_cli.compare import rivals
from zen_cli.compare.aggregates import Row, describe, finals
from zen_cli.compare.guards import warnings_of
from zen_cli.compare.paired import holm
from zen_cli.compare.quantiles import clopper_pearson
from zen_cli.compare.sensitivity import budget_curve, scores_by_rate, sensitivity
from zen_cli.compare.targets import Target, reached, targets
from zen_cli.compare.timing import Cost
from zen_cli.compare.verdicts import sentence, winner

SCHEMA = "zen.compare/1"
APART = ("label", "type", "lr", "default_lr", "slots", "over")  # what a card holds besides options
BROKE = ("diverged", "error")
POWER_SEED = 0  # of the sign-flip's draws, where all signs are too many


class Material(NamedTuple):
    """What ran, as rows.py gives it, and the card of the protocol."""

    card: dict[str, Any]
    runs: list[Row]
    curves: list[Row]
    tuning: list[Row]

    def of(self, label: str) -> list[Row]:
        return [row for row in self.runs if row["label"] == label]

    @property
    def labels(self) -> list[str]:
        return [optimizer["label"] for optimizer in self.card["optimizers"]]

    @property
    def kind(self) -> str:
        """Losses are compared by ratios, shares by differences."""
        return "loss" if self.card["goal"] == "min" else "share"


def summarize(material: Material, costs: dict[str, Cost], env: dict[str, Any], name: str, hash: str) -> dict[str, Any]:
    """The summary; `costs` may be empty. The best optimizer stands first."""
    card, goal = material.card, material.card["goal"]
    aims = targets(card, material.runs)
    success = {label: _successes(material, label, aims) for label in material.labels}
    headline = _headline(material, success)
    baseline = card["baseline"] or _best_tuned(material)
    optimizers = [_optimizer(material, label, aims, costs.get(label)) for label in material.labels]
    for optimizer in optimizers:
        optimizer["success"] = _success(success[optimizer["label"]], aims)
    _compare_with(baseline, optimizers, material, success, headline)
    optimizers.sort(key=lambda optimizer: _order(optimizer, headline, goal))
    summary: dict[str, Any] = {
        "schema": SCHEMA, "name": name, "protocol_hash": hash, "looks": 1, "env": env, "protocol": card,
        "metric": {"name": card["metric"], "goal": goal, "kind": material.kind}, "headline": headline,
        "baseline": baseline, "targets": [target._asdict() for target in aims], "optimisers": optimizers,
        "pairing": _pairing(material),
    }  # fmt: skip
    summary["winner"] = winner(summary, material, success)
    summary["warnings"] = warnings_of(summary, material)
    for optimizer in optimizers:
        mine = {warning["id"] for warning in summary["warnings"] if warning["optimiser"] == optimizer["label"]}
        optimizer["warnings"] = sorted(mine)
    summary["sentence"] = sentence(summary)
    return summary


def _optimizer(material: Material, label: str, aims: Sequence[Target], cost: Cost | None) -> dict[str, Any]:
    rows, goal = material.of(label), material.card["goal"]
    card = next(each for each in material.card["optimizers"] if each["label"] == label)
    tuned = scores_by_rate([row for row in material.tuning if row["label"] == label], goal)
    statuses = [row["status"] for row in rows]
    chosen = rows[0]["lr"] if rows else math.nan
    first = rows[0]["loss_init"] if rows else math.nan
    curves = _curves(material, label)
    return {
        "label": label, "type": card["type"], "hp": {**_options(card), "lr": chosen}, "n": len(rows),
        "finished": sum(status not in BROKE for status in statuses),
        "statuses": {status: statuses.count(status) for status in dict.fromkeys(statuses)},
        "loss": describe(finals(rows, goal), goal, material.kind) if rows else {}, "test": _test(rows),
        "to_target": {aim.name: reached(aim, curves, cost.step if cost else None) for aim in aims},
        "cost": _cost(cost),
        "lr": sensitivity(tuned, chosen, card["default_lr"], first, goal) if chosen in tuned else {},
        "budget_curve": budget_curve(tuned, goal), "vs_baseline": None,
        "state_floats_per_param": card["slots"],
    }  # fmt: skip


def _options(card: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in card.items() if name not in APART}


def _curves(material: Material, label: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {row["seed"]: [] for row in material.of(label)}
    for point in material.curves:
        if point["label"] == label:
            found.setdefault(point["seed"], []).append(point)
    return found


def _test(rows: Sequence[Row]) -> dict[str, float]:
    names = [name for name in (rows[0] if rows else ()) if name.startswith("test_")]
    return {name.removeprefix("test_"): sum(row[name] for row in rows) / len(rows) for name in names}


def _cost(cost: Cost | None) -> dict[str, Any] | None:
    if cost is None:
        return None
    return {"us_per_step": cost.step, "us_update": cost.update, "spread": cost.spread, "grad_evals_per_step": 1}


def _successes(material: Material, label: str, aims: Sequence[Target]) -> list[bool]:
    """For each seed, whether its final loss is below the target (of three shares of the gap: the middle one)."""
    if not aims:
        return [row["status"] not in BROKE for row in material.of(label)]
    bound = aims[len(aims) // 2].value
    return [row["status"] not in BROKE and row["loss_final"] <= bound for row in material.of(label)]


def _success(solved: Sequence[bool], aims: Sequence[Target]) -> dict[str, Any]:
    count, of = sum(solved), len(solved)
    target = aims[len(aims) // 2].name if aims else "finished"
    rate = count / of if of else None
    return {"count": count, "of": of, "rate": rate, "ci": list(clopper_pearson(count, of)), "target": target}


def _headline(material: Material, success: dict[str, list[bool]]) -> str:
    """Success, not a mean, where some seeds solve it and others do not, or where some runs of an optimizer broke."""
    rows = [material.of(label) for label in material.labels]
    broke = any(0 < sum(row["status"] in BROKE for row in each) < len(each) for each in rows)
    stated = material.card["success"] is not None
    mixed = any(0.05 < sum(solved) / len(solved) < 0.95 for solved in success.values() if solved)
    return "success" if broke or (stated and mixed) else "loss"


def _best_tuned(material: Material) -> str:
    """Never by what judges: that would select and judge by the same numbers."""
    sign = 1.0 if material.card["goal"] == "min" else -1.0
    best: dict[str, float] = {}
    for label in material.labels:
        scores = scores_by_rate([row for row in material.tuning if row["label"] == label], material.card["goal"])
        best[label] = min((sign * score for score in scores.values()), default=math.inf)
    return min(best, key=lambda label: best[label])


def _compare_with(
    baseline: str, optimizers: Sequence[dict[str, Any]], material: Material, success: dict[str, list[bool]],
    headline: str,
) -> None:  # fmt: skip
    """Fills in `vs_baseline`; p-values are adjusted over all rivals."""
    others = [optimizer for optimizer in optimizers if optimizer["label"] != baseline]
    for optimizer in others:
        optimizer["vs_baseline"] = compare_pair(material, optimizer["label"], baseline, success, headline)
    adjusted = holm([optimizer["vs_baseline"]["p"] for optimizer in others])
    for optimizer, p in zip(others, adjusted, strict=True):
        found = optimizer["vs_baseline"]
        solved = sum(success[optimizer["label"]]), sum(success[baseline])
        found |= {"p_holm": p, "verdict": judge(material, optimizer, found, p, solved)}


def compare_pair(
    material: Material, label: str, other: str, success: dict[str, list[bool]], headline: str
) -> dict[str, Any]:
    """The numbers of one optimizer against another; with the headline `success`, where that differs, p is McNemar's."""
    goal = material.card["goal"]
    mine, theirs = (finals(material.of(each), goal) for each in (label, other))
    count = min(len(mine), len(theirs))
    rng = np.random.default_rng(POWER_SEED)
    found = rivals.against(mine[:count], theirs[:count], goal, material.kind, rng)
    if headline == "success":
        return rivals.by_success(found, success[label][:count], success[other][:count])
    return found


def judge(
    material: Material, optimizer: dict[str, Any], found: dict[str, Any], p: float, solved: tuple[int, int]
) -> str:
    """The verdict in a word; `p` is adjusted, `solved` counts the seeds that each of the two solves."""
    card = material.card
    if optimizer["finished"] == 0:
        return rivals.FAILED
    if found["basis"] == rivals.MEAN:
        rules = {"alpha": card["alpha"], "rope": card["rope"], "goal": card["goal"], "kind": material.kind}
        said = rivals.verdict(p, found["bounds"], **rules)
    else:
        mine, theirs = solved if found["basis"] == rivals.SUCCESS else (found["wins"], found["losses"])
        said = rivals.count_verdict(mine, theirs, p, card["alpha"])
    return rivals.UNDER_TUNED if said == rivals.WORSE and optimizer["lr"].get("edge") else said


def _order(optimizer: dict[str, Any], headline: str, goal: str) -> tuple[float, float]:
    loss = optimizer["loss"]
    middle = loss.get("gmean") if goal == "min" and headline == "loss" else loss.get("median")
    value = math.inf if middle is None else middle if goal == "min" else -middle
    solved = -(optimizer["success"]["rate"] or 0.0) if headline == "success" else 0.0
    return solved, value


def _pairing(material: Material) -> dict[str, Any]:
    """The median correlation of two optimizers over the seeds: 0.75 saves four times the seeds."""
    goal = material.card["goal"]
    series = [np.array(finals(material.of(label), goal)) for label in material.labels]
    found = []
    for i, a in enumerate(series):
        for b in series[i + 1 :]:
            if len(a) == len(b) > 2 and np.isfinite(a).all() and np.isfinite(b).all() and a.std() and b.std():
                found.append(float(np.corrcoef(a, b)[0, 1]))
    middle = sorted(found)[len(found) // 2] if found else None
    return {"median_corr": middle, "factor": 1 / (1 - middle) if middle is not None and middle < 1 else None}
