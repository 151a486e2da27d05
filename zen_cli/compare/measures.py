"""Other metrics than the first: those that give verdicts of their own, and those that are only looked at."""

from __future__ import annotations

from typing import Any

from zen_cli.compare.aggregates import describe, finals
from zen_cli.compare.material import Material
from zen_cli.compare.protocol import goal_of, rope_of

FINAL = "_final"


def view(material: Material, metric: str) -> Material:
    """The same runs as if this metric judged, by what usually matters of its kind."""
    split = material.card["metric"].rpartition(".")[0]
    card = {**material.card, "metric": f"{split}.{metric}", "goal": goal_of(metric), "rope": rope_of(metric)}
    runs = [{**row, "metric_final": row[f"{metric}{FINAL}"]} for row in material.runs]
    return material._replace(card=card, runs=runs)


def others(material: Material) -> list[str]:
    """What was measured and gives no verdict; losses of different kinds say nothing beside each other."""
    known = [name.removesuffix(FINAL) for name in (material.runs or [{}])[0] if name.endswith(FINAL)]
    judging = [material.card["metric"].rpartition(".")[2], *material.card.get("also", ()), "metric"]
    same_loss = material.card.get("over", {}).get("one_loss", True)
    return [name for name in known if name not in judging and (name != "loss" or same_loss)]


def described(material: Material, metric: str, label: str) -> dict[str, Any]:
    """The final numbers of one optimizer by a metric."""
    it = view(material, metric)
    rows, goal = it.of(label), it.card["goal"]
    loss = describe(finals(rows, goal), goal, it.kind, it.level) if rows else {}
    return {"goal": goal, "kind": it.kind, "loss": loss}
