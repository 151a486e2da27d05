"""Every optimizer against the baseline: the numbers of each pair, and the verdict in a word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from zen_cli.compare import rivals
from zen_cli.compare.aggregates import finals
from zen_cli.compare.material import Material, seedless
from zen_cli.compare.measures import view
from zen_cli.compare.statistics.paired import holm

POWER_SEED = 0  # of the sign-flip's draws, where all signs are too many


def compare_with(
    baseline: str, optimizers: Sequence[dict[str, Any]], material: Material, success: dict[str, list[bool]],
    headline: str,
) -> None:  # fmt: skip
    """Fills in `vs_baseline`, of every metric that gives verdicts; p-values are adjusted over rivals and metrics."""
    rivals_of_it = [optimizer for optimizer in optimizers if optimizer["label"] != baseline]
    judged: list[tuple[Material, dict[str, Any], dict[str, Any]]] = []
    for place, it, by in _headlines(material, headline):
        for optimizer in rivals_of_it:
            found = compare_pair(it, optimizer["label"], baseline, success, by)
            (optimizer if place is None else optimizer["also"][place])["vs_baseline"] = found
            judged.append((it, optimizer, found))
    adjusted = holm([found["p"] for _, _, found in judged])
    for (it, optimizer, found), p in zip(judged, adjusted, strict=True):
        solved = sum(success[optimizer["label"]]), sum(success[baseline])
        found |= {"p_holm": p, "verdict": judge(it, optimizer, found, p, solved)}


def _headlines(material: Material, headline: str) -> Iterator[tuple[str | None, Material, str]]:
    """The first metric, then those that give verdicts too: by their numbers, whatever the headline of the first is."""
    yield None, material, headline
    for name in material.card.get("also", ()):
        yield name, view(material, name), "loss"


def compare_pair(
    material: Material, label: str, other: str, success: dict[str, list[bool]], headline: str
) -> dict[str, Any]:
    """The numbers of one optimizer against another; with the headline `success`, where that differs, p is McNemar's."""
    goal = material.card["goal"]
    mine, theirs = (finals(material.of(each), goal) for each in (label, other))
    count = 1 if seedless(material) else min(len(mine), len(theirs))
    rng = np.random.default_rng(POWER_SEED)
    found = rivals.against(mine[:count], theirs[:count], goal, material.kind, rng, material.level)
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
