"""The result of a comparison as one plain dict: a function of the protocol's card and the rows of what ran."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from zen_cli.compare.aggregates import BROKE, Row, describe, finals, middle
from zen_cli.compare.guards import warnings_of
from zen_cli.compare.hyperparameters import changed
from zen_cli.compare.judging import compare_with
from zen_cli.compare.material import Material, at_defaults, success_rate, successes, twins
from zen_cli.compare.measures import described, others
from zen_cli.compare.modes import aim_of, gap_of
from zen_cli.compare.sensitivity import budget_curve, scores_of, sensitivity, setting_of
from zen_cli.compare.targets import Target, reached, targets
from zen_cli.compare.timing import Cost, doubtful
from zen_cli.compare.variant import NAMES as VARIED
from zen_cli.compare.verdicts import sentence, winner
from zen_cli.jobs.nets import Setting
from zen_cli.nn.optimizers import optimizers

__all__ = ["Material", "summarize"]
SCHEMA = "zen.compare/1"
APART = ("label", "type", "settings", "tune", "beyond", "steps", "default_lr", "slots", "over", "idle", *VARIED)


def summarize(material: Material, costs: dict[str, Cost], env: dict[str, Any], name: str, hash: str) -> dict[str, Any]:
    """The summary; `costs` may be empty. The best optimizer stands first."""
    card, goal = material.card, material.card["goal"]
    aims = targets(card, material.judging)
    aim = aim_of(material)
    success = {label: successes(material, label, aim) for label in material.labels}
    headline = _headline(material, success)
    baseline = card["baseline"] or _best_tuned(material)
    threads = card.get("timing", {}).get("threads", 1)
    paid = {label: _cost(costs.get(label), env, threads, material.of(label)) for label in material.labels}
    optimizers = [_optimizer(material, label, aims, paid[label]) for label in material.labels]
    for optimizer in optimizers:
        optimizer["success"] = success_rate(success[optimizer["label"]], aim, material.level)
    compare_with(baseline, optimizers, material, success, headline)
    same = twins(material, baseline)
    for optimizer in optimizers:
        optimizer["same_as"] = same.get(optimizer["label"])
    optimizers.sort(key=lambda optimizer: _order(optimizer, headline, goal))
    summary: dict[str, Any] = {
        "schema": SCHEMA, "name": name, "protocol_hash": hash, "looks": material.facts.get("looks", 1), "env": env,
        "protocol": card,
        "metric": {"name": card["metric"], "goal": goal, "kind": material.kind}, "headline": headline,
        "baseline": baseline, "targets": [target._asdict() for target in aims], "optimisers": optimizers,
        "pairing": _pairing(material), "defaults": at_defaults(material, aim), "facts": material.facts,
    }  # fmt: skip
    summary["winner"] = winner(summary, material, success)
    summary["warnings"] = warnings_of(summary, material)
    for optimizer in optimizers:
        mine = {warning["id"] for warning in summary["warnings"] if warning["optimiser"] == optimizer["label"]}
        optimizer["warnings"] = sorted(mine)
    summary["sentence"] = sentence(summary)
    return summary


def _optimizer(material: Material, label: str, aims: Sequence[Target], cost: Row | None) -> dict[str, Any]:
    rows, goal, card_also = material.of(label), material.card["goal"], material.card.get("also", ())
    card = next(each for each in material.card["optimizers"] if each["label"] == label)
    tried = scores_of([row for row in material.tuning if row["label"] == label], goal)
    statuses = [row["status"] for row in rows]
    chosen = setting_of(rows[0]) if rows else Setting(math.nan)
    first = next((row["loss_init"] for row in rows if row["status"] != "error"), math.nan)
    curves = _curves(material, label)
    return {
        "label": label, "type": card["type"], "hp": _hyperparameters(card, chosen), "n": len(rows),
        "finished": sum(status not in BROKE for status in statuses),
        "statuses": {status: statuses.count(status) for status in dict.fromkeys(statuses)},
        "loss": describe(finals(rows, goal), goal, material.kind, material.level) if rows else {}, "test": _test(rows),
        "also": {name: described(material, name, label) | {"vs_baseline": None} for name in card_also},
        "exploratory": {name: described(material, name, label) for name in others(material)},
        "to_target": {aim.name: reached(aim, curves, cost["us_per_step"] if cost else None) for aim in aims},
        "cost": cost,
        "tuned": {"lr": chosen.lr, **dict(chosen.others)},
        "lr": sensitivity(tried, chosen.lr, _default_gap(material, label), first, goal) if chosen in tried else {},
        "budget_curve": budget_curve(tried, goal), "vs_baseline": None,
        "state_floats_per_param": card["slots"],
    }  # fmt: skip


def _hyperparameters(card: dict[str, Any], chosen: Setting) -> dict[str, Any]:
    """Every option of the optimizer as it was judged."""
    stated = {name: value for name, value in card.items() if name not in APART}
    return {**changed(optimizers[card["type"]], stated, chosen.others), "lr": chosen.lr}


def _default_gap(material: Material, label: str) -> float | None:
    """The median loss at the optimizer's own rate over that at the tuned one, on the same seeds; None if not run."""
    rows, untuned = material.of(label), material.of(label, "defaults")
    if material.kind != "loss" or not rows or not untuned:
        return None
    best, own = (middle(finals(each, material.card["goal"])) for each in (rows, untuned))
    return own / best if 0 < best < math.inf else None


def _curves(material: Material, label: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {row["seed"]: [] for row in material.of(label)}
    for point in material.curves:
        if point["label"] == label:
            found.setdefault(point["seed"], []).append(point)
    return found


def _test(rows: Sequence[Row]) -> dict[str, float]:
    """The means over the runs that finished."""
    kept = [row for row in rows if row["status"] not in BROKE]
    names = [name for name in (kept[0] if kept else ()) if name.startswith("test_")]
    return {name.removeprefix("test_"): sum(row[name] for row in kept) / len(kept) for name in names}


def _cost(cost: Cost | None, env: dict[str, Any], threads: int, rows: Sequence[Row]) -> dict[str, Any] | None:
    """What a step costs; where that says nothing the reason in its place, and what was measured apart."""
    if cost is None:
        return None
    why, steps = doubtful(cost, env, threads), sum(row["steps"] for row in rows)
    evaluations = sum(row["grad_evals"] for row in rows) / steps if steps else 1.0
    return {
        "us_per_step": None if why else cost.step, "us_update": None if why else cost.update, "spread": cost.spread,
        "grad_evals_per_step": evaluations, "withheld": why, "measured": [cost.step, cost.update],
    }  # fmt: skip


def _headline(material: Material, success: dict[str, list[bool]]) -> str:
    """Success, not a mean, where some seeds solve it and others do not, some runs broke or losses form two groups."""
    rows = [material.of(label) for label in material.labels]
    broke = any(0 < sum(row["status"] in BROKE for row in each) < len(each) for each in rows)
    stated = material.card["success"] is not None
    mixed = any(0.05 < sum(solved) / len(solved) < 0.95 for solved in success.values() if solved)
    apart = any(gap_of(material, label) for label in material.labels)
    return "success" if broke or (stated and mixed) or apart else "loss"


def _best_tuned(material: Material) -> str:
    """Never by what judges: that would select and judge by the same numbers."""
    sign = 1.0 if material.card["goal"] == "min" else -1.0
    best: dict[str, float] = {}
    for label in material.labels:
        scores = scores_of([row for row in material.tuning if row["label"] == label], material.card["goal"])
        best[label] = min((sign * score for score in scores.values()), default=math.inf)
    return min(best, key=lambda label: best[label])


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
