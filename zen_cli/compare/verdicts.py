"""Who wins, and the one sentence that says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zen_cli.compare.judging import compare_pair, judge
from zen_cli.compare.material import Material
from zen_cli.compare.rivals import UNDER_TUNED, WORSE
from zen_cli.compare.statistics.paired import holm


def winner(summary: dict[str, Any], material: Material, success: dict[str, list[bool]]) -> dict[str, Any]:
    """The leader alone if every rival is worse than it, else all that cannot be told from it; none if all broke.

    The leader was chosen by the same runs, so each p counts twice: among nine identical optimizers some rival is then
    called worse in 5 % of comparisons, without it in 9 to 11 %.
    """
    headline = summary["headline"]
    finished = [optimizer for optimizer in summary["optimisers"] if optimizer["finished"]]
    if not finished:
        return {"kind": "none", "names": [], "basis": _basis(summary)}
    leader, *others = finished
    pairs = [compare_pair(material, each["label"], leader["label"], success, headline) for each in others]
    tied = [leader["label"]]
    for each, pair, p in zip(others, pairs, holm([min(1.0, 2.0 * pair["p"]) for pair in pairs]), strict=True):
        solved = sum(success[each["label"]]), sum(success[leader["label"]])
        said = judge(material, each, pair, p, solved)
        each["letters"] = "b" if said in (WORSE, UNDER_TUNED) else "a"
        tied += [each["label"]] if each["letters"] == "a" else []
    leader["letters"] = "a"
    return {"kind": "winner" if len(tied) == 1 else "tie", "names": tied, "basis": _basis(summary)}


def _basis(summary: dict[str, Any]) -> str:
    if summary["headline"] == "success":
        return "success rate"
    return f"{summary['metric']['name']} at the end"


def sentence(summary: dict[str, Any]) -> str:
    """The verdict for a reader."""
    found, seeds = summary["winner"], len(summary["protocol"]["seeds"])
    if found["kind"] == "none":
        return "No run of any optimizer finished."
    by_label = {optimizer["label"]: optimizer for optimizer in summary["optimisers"]}
    leader = by_label[found["names"][0]]
    others = [optimizer for optimizer in summary["optimisers"] if optimizer["label"] not in found["names"]]
    rest = [optimizer["label"] for optimizer in others if optimizer["finished"]]
    failed = [optimizer["label"] for optimizer in others if not optimizer["finished"]]
    than = f" than {leader['label']}" if found["kind"] == "tie" else ""
    behind = f"; {_listed(rest)} {'is' if len(rest) == 1 else 'are'} worse{than}" if rest else ""
    behind += f"; {_listed(failed)} never finished" if failed else ""
    what = _what(summary, leader)
    if found["kind"] == "winner":
        return f"{leader['label']} is best: {what} over {seeds} seeds{behind}."
    tied = _listed(found["names"])
    return f"{tied} cannot be told apart on {seeds} seeds ({leader['label']} leads: {what}){behind}."


def _what(summary: dict[str, Any], leader: dict[str, Any]) -> str:
    if summary["headline"] == "success":
        solved = leader["success"]
        return f"{solved['count']} of {solved['of']} seeds reach {solved['target']}"
    loss = leader["loss"]
    value = loss["gmean"] if loss["gmean"] is not None else loss["mean"]
    return f"{summary['metric']['name']} {value:.4g}"


def _listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
