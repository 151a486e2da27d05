"""What a summary is made from: the protocol's card and the rows of what ran; and which seeds were solved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from zen_cli.compare.aggregates import BROKE, Row, describe, finals
from zen_cli.compare.statistics.quantiles import clopper_pearson
from zen_cli.compare.targets import Target


class Material(NamedTuple):
    """What ran, as rows.py gives it, and the card of the protocol."""

    card: dict[str, Any]
    runs: list[Row]
    curves: list[Row]
    tuning: list[Row]
    facts: dict[str, Any] = {}  # looks, what was lost, how the repeated net differed

    def of(self, label: str, phase: str = "evaluate") -> list[Row]:
        return [row for row in self.runs if row["label"] == label and row["phase"] == phase]

    @property
    def judging(self) -> list[Row]:
        return [row for row in self.runs if row["phase"] == "evaluate"]

    @property
    def labels(self) -> list[str]:
        return [optimizer["label"] for optimizer in self.card["optimizers"]]

    @property
    def kind(self) -> str:
        """Losses are compared by ratios, shares by differences."""
        return "loss" if self.card["goal"] == "min" else "share"

    @property
    def level(self) -> float:
        """Of every interval."""
        return 1.0 - float(self.card["alpha"])


def seedless(material: Material) -> bool:
    """Whether nothing was drawn: each optimizer begins and ends with the same numbers whatever the seed."""
    each = [material.of(label) for label in material.labels]
    same = all(len({(row["loss_init"], row["loss_final"]) for row in rows}) == 1 for rows in each)
    return same and any(len(rows) > 1 for rows in each)


def twins(material: Material, baseline: str) -> dict[str, str]:
    """Whose runs end bit for bit like those of another, and whose: the baseline's before others."""
    seen: dict[tuple[float, ...], str] = {}
    found: dict[str, str] = {}
    for label in sorted(material.labels, key=lambda label: label != baseline):
        numbers = tuple(row["loss_final"] for row in material.of(label))
        if any(map(math.isfinite, numbers)) and seen.setdefault(numbers, label) != label:
            found[label] = seen[numbers]
    return found


def successes(material: Material, label: str, aim: Target | None, phase: str = "evaluate") -> list[bool]:
    """For each seed, whether its final number is at the target."""
    rows = material.of(label, phase)
    return [row["status"] not in BROKE and (aim is None or aim.holds(row[f"{aim.metric}_final"])) for row in rows]


def success_rate(solved: Sequence[bool], aim: Target | None, level: float = 0.95) -> dict[str, Any]:
    count, of = sum(solved), len(solved)
    rate, target = count / of if of else None, aim.name if aim else "finished"
    return {"count": count, "of": of, "rate": rate, "ci": list(clopper_pearson(count, of, level)), "target": target}


def at_defaults(material: Material, aim: Target | None) -> list[dict[str, Any]]:
    """Each optimizer at its own rate with the seeds that judge, the best median first; empty if that was not run."""
    goal = material.card["goal"]
    found: list[dict[str, Any]] = []
    for label in material.labels:
        rows = material.of(label, "defaults")
        if rows:
            finished = sum(row["status"] not in BROKE for row in rows)
            counts = {"label": label, "lr": rows[0]["lr"], "n": len(rows), "finished": finished}
            success = success_rate(successes(material, label, aim, "defaults"), aim, material.level)
            loss = describe(finals(rows, goal), goal, material.kind, material.level)
            found.append({**counts, "loss": loss, "success": success})
    return sorted(found, key=lambda each: each["loss"]["median"], reverse=goal == "max")
