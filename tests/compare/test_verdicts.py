"""What is said of optimizers that do not differ, that do, and where runs broke."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from zen_cli.compare.summary import Material, summarize

LABELS = ("adam", "momentum", "rmsprop", "sgd")


def told(
    losses: dict[str, list[float]], success: str | None = None, rope: float = 0.02, alpha: float = 0.05
) -> dict[str, Any]:
    """The summary for these final losses; NaN is a run that broke."""
    seeds = list(range(len(next(iter(losses.values())))))
    card = {
        "optimizers": [{"label": it, "type": it, "default_lr": 0.1, "slots": 0} for it in losses], "seeds": seeds,
        "alpha": alpha, "rope": rope, "goal": "min", "metric": "validation.loss", "success": success,
        "baseline": "adam",
        "budget": {"steps": 100, "every": 100}, "problem": {"trainer": {"batch_size": 8}},
    }  # fmt: skip
    runs = [row(label, seed, loss) for label, each in losses.items() for seed, loss in enumerate(each)]
    return summarize(Material(card, runs, [], []), {}, {}, "simulated", "0" * 64)


def row(label: str, seed: int, loss: float) -> dict[str, Any]:
    return {
        "label": label, "seed": seed, "phase": "evaluate", "lr": 0.1, "loss_init": 2.0, "loss_final": loss,
        "metric_final": loss, "status": "ok" if math.isfinite(loss) else "diverged",
    }  # fmt: skip


def verdicts(summary: dict[str, Any]) -> dict[str, str]:
    return {it["label"]: it["vs_baseline"]["verdict"] for it in summary["optimisers"] if it["vs_baseline"]}


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.2, 1.0])
def test_one_optimizer_under_many_labels_differs_in_few_of_many_trials(spread: float) -> None:
    rng = np.random.default_rng(7)
    false = 0
    for _ in range(200):
        losses = {label: rng.lognormal(-2, spread, 10).tolist() for label in LABELS[:2]}
        false += any(said in ("better", "worse") for said in verdicts(told(losses)).values())
    assert false <= 0.05 * 200


@pytest.mark.slow
def test_the_family_of_rivals_is_wrong_as_rarely() -> None:
    rng = np.random.default_rng(8)
    trials = [verdicts(told({it: rng.lognormal(-2, 0.5, 10).tolist() for it in LABELS})) for _ in range(150)]
    assert sum(any(said in ("better", "worse") for said in each.values()) for each in trials) <= 0.05 * 150


def test_a_clear_difference_is_seen_on_paired_seeds() -> None:
    rng = np.random.default_rng(9)
    shared = rng.normal(-2, 1.0, 10)
    losses = {label: np.exp(shared + rng.normal(0, 0.1, 10) + shift).tolist()
              for label, shift in zip(LABELS, (0.0, 0.5, -0.5, 0.0), strict=True)}  # fmt: skip
    summary = told(losses)
    assert verdicts(summary) == {"momentum": "worse", "rmsprop": "better", "sgd": "undecided"}
    assert summary["winner"] == {"kind": "winner", "names": ["rmsprop"], "basis": "validation.loss at the end"}
    worse = next(it for it in summary["optimisers"] if it["label"] == "momentum")
    assert worse["vs_baseline"]["p"] == 2 / 1024 and worse["vs_baseline"]["p_holm"] == 6 / 1024


def test_what_does_not_matter_is_equivalent() -> None:
    rng = np.random.default_rng(10)
    first = rng.lognormal(-2, 0.5, 10)
    summary = told({"adam": first.tolist(), "sgd": (first * rng.uniform(0.999, 1.001, 10)).tolist()})
    assert verdicts(summary) == {"sgd": "equivalent"} and summary["winner"]["kind"] == "tie"


def test_broken_runs_count_and_wins_judge() -> None:
    losses = {"adam": [0.1 + i / 100 for i in range(10)], "sgd": [0.2 + i / 100 for i in range(8)] + [math.nan] * 2}
    summary = told(losses)
    sgd = summary["optimisers"][-1]
    assert (sgd["label"], sgd["finished"], sgd["vs_baseline"]["losses"]) == ("sgd", 8, 10)
    assert sgd["loss"]["worst"] == math.inf and summary["headline"] == "success"


def test_success_is_the_headline_where_it_is_a_matter_of_luck() -> None:
    losses = {"adam": [1e-4] * 19 + [0.3], "sgd": [1e-5] * 6 + [0.3] * 14}
    summary = told(losses, success="validation.loss<0.01")
    sgd = summary["optimisers"][-1]
    assert summary["headline"] == "success" and sgd["vs_baseline"]["verdict"] == "worse"
    assert sgd["vs_baseline"]["p"] == pytest.approx(2 / 2**13) and "6 of 20" in str(summary["warnings"])


@pytest.mark.parametrize(("high", "said"), [(0.3, "validation.loss<=0.2"), (0.05, "validation.loss<=0.000707")])
def test_success_is_the_headline_where_losses_form_two_groups(high: float, said: str) -> None:
    summary = told({"adam": [1e-5] * 19 + [high], "sgd": [1e-5] * 6 + [high] * 14})
    solved = {it["label"]: (it["success"]["count"], it["success"]["target"]) for it in summary["optimisers"]}
    assert summary["headline"] == "success" and solved == {"adam": (19, said), "sgd": (6, said)}


def test_nobody_finished() -> None:
    summary = told({"adam": [math.nan] * 6, "sgd": [math.nan] * 6})
    assert summary["winner"]["kind"] == "none" and summary["sentence"] == "No run of any optimizer finished."
