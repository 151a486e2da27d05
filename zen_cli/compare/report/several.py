"""Several configs at once, for the report of each and as rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def several_of(found: Mapping[str, Any]) -> dict[str, Any]:
    """What the report of each config draws of all of them."""
    ratios = found["steps"]["ratios"]
    return {"tasks": found["names"], "ratios": {label: ratios[label] for label in found["labels"]},
            "ranks": found["ranks"], "mean_rank": found["mean_rank"]}  # fmt: skip


def flat(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row for each label, best mean rank first, with plain columns."""
    speed = found["steps"]
    return [
        {
            "label": label, "mean_rank": found["mean_rank"][label], "score_b": speed["score"][label],
            "speedup": speed["speedup"][label], "p_improvement": found["p_improvement"][label],
            "gap_left": (found["gap_left"] or {}).get(label, {}).get("iqm"), "baseline": found["baseline"],
            **{f"rank_{name}": rank for name, rank in zip(found["names"], found["ranks"][label], strict=True)},
        }
        for label in found["labels"]
    ]  # fmt: skip
