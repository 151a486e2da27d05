"""The protocol as a config that compares the same way again."""

from __future__ import annotations

from typing import Any

from zen_cli.compare.report.series import Summary
from zen_cli.config.dump import dump

HEAD = """\
# A comparison of optimizers as `zen compare` ran it; `zen compare protocol.yaml` runs it again.
# The protocol's hash is {hash}, that of the data {data}.
"""
DERIVED = ("lr", "default_lr", "slots")  # of the card: the rates follow from the number of trials


def protocol_yaml(summary: Summary) -> str:
    """A config with everything resolved: the problem, and a `compare` section made from the protocol's card."""
    card = summary["protocol"]
    head = HEAD.format(hash=summary["protocol_hash"], data=card["data_sha256"])
    return head + dump(config_of(summary["name"], card))


def config_of(name: str, card: dict[str, Any]) -> dict[str, Any]:
    """Plain values in the order of a config."""
    problem = dict(card["problem"])
    trainer = dict(problem.pop("trainer"))
    if card.get("success"):
        trainer["target"] = card["success"]
    return {"name": name, **problem, "trainer": trainer, "compare": _compare(card)}


def _compare(card: dict[str, Any]) -> dict[str, Any]:
    seeds, tune = card["seeds"], card["tune"]
    stated = {"baseline": card["baseline"]} if card.get("baseline") else {}
    return {
        "optimizers": [_optimizer(entry) for entry in card["optimizers"]],
        "budget": {"steps": card["budget"]["steps"]},
        "seeds": {"eval": len(seeds), "tune": len(tune["seeds"]), "base": seeds[0]},
        "metric": card["metric"],
        **stated,
        "tune": {"trials": tune["trials"], "extend": tune["extend"]},
        "stats": {"alpha": card["alpha"], "rope": card["rope"]},
    }


def _optimizer(entry: dict[str, Any]) -> dict[str, Any]:
    """Its options, without what follows from them."""
    kept = {name: value for name, value in entry.items() if name not in DERIVED and value is not None}
    return {"type": kept.pop("type"), "label": kept.pop("label"), **kept}
