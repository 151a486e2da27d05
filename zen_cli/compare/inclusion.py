"""An optimizer that others are special cases of: tuned well enough, it loses to none of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zen_cli.compare.judging import compare_pair, judge
from zen_cli.compare.material import Material, successes
from zen_cli.compare.modes import aim_of
from zen_cli.compare.rivals import BETTER, UNDER_TUNED, WORSE

SPECIAL_CASES = (  # Source: Choi et al. 2019, On Empirical Comparisons of Optimizers for Deep Learning
    ("momentum", "sgd"), ("nesterov", "sgd"), ("adam", "momentum"), ("adam", "rmsprop"), ("adamw", "adam"),
    ("nadam", "nesterov"),
)  # fmt: skip


def inclusion(summary: dict[str, Any], material: Material) -> Iterator[tuple[str | None, str]]:
    for general in summary["optimisers"]:
        for special in summary["optimisers"]:
            if (general["type"], special["type"]) in SPECIAL_CASES and _loses(summary, material, general, special):
                yield general["label"], f"worse than its special case {special['label']}: it is under-tuned"


def _loses(summary: dict[str, Any], material: Material, general: dict[str, Any], special: dict[str, Any]) -> bool:
    """By the verdict of the table if one of them is the baseline, else by that of the two alone."""
    if summary["baseline"] == special["label"]:
        return (general["vs_baseline"] or {}).get("verdict") in (WORSE, UNDER_TUNED)
    if summary["baseline"] == general["label"]:
        return (special["vs_baseline"] or {}).get("verdict") == BETTER
    return _verdict(summary, material, general, special) in (WORSE, UNDER_TUNED)


def _verdict(summary: dict[str, Any], material: Material, general: dict[str, Any], special: dict[str, Any]) -> str:
    """As strict as if all rivals were looked at, by Bonferroni."""
    pair, aim = (general["label"], special["label"]), aim_of(material)
    success = {label: successes(material, label, aim) for label in pair}
    found = compare_pair(material, *pair, success, summary["headline"])
    p = min(1.0, found["p"] * (len(material.labels) - 1))
    mine, theirs = (sum(success[label]) for label in pair)
    return judge(material, general, found, p, (mine, theirs))
