"""The protocol as a config that compares the same way again."""

from __future__ import annotations

from typing import Any

from zen_cli.compare.budgets import budget_of
from zen_cli.compare.refusals import unequal
from zen_cli.compare.report.series import Summary
from zen_cli.compare.targets import stated_target
from zen_cli.config.dump import dump

HEAD = """\
# A comparison as `zen compare` ran it; `{command}` runs it again.
# The protocol's hash is {hash}, that of the data {data}.
"""
DERIVED = ("settings", "beyond", "steps", "default_lr", "slots", "over", "idle")  # of the card
TUNE = ("what", "method", "trials", "extend", "space")


def protocol_yaml(summary: Summary) -> str:
    """A config with everything resolved: the problem, and a `compare` section made from the protocol's card."""
    card = summary["protocol"]
    head = HEAD.format(command=command(card), hash=summary["protocol_hash"], data=card["data_sha256"])
    return head + dump(config_of(summary["name"], card))


def config_of(name: str, card: dict[str, Any]) -> dict[str, Any]:
    """Plain values in the order of a config."""
    problem = dict(card["problem"])
    trainer = dict(problem.pop("trainer"))
    if card.get("success"):
        trainer["target"] = card["success"]
    own = {"optimizer": card["over"]["optimizer"]} if card.get("over") else {}
    return {"name": name, **problem, **own, "trainer": trainer, "compare": _compare(card)}


def command(card: dict[str, Any]) -> str:
    """What is typed to compare again, given the file."""
    keys = card["over"]["keys"] if card.get("over") else []
    return " ".join(["zen compare protocol.yaml", *(_over(card, key) for key in keys)])


def _over(card: dict[str, Any], key: str) -> str:
    """The flag for an option and its values; the file lists layers where the config may have had the list itself."""
    values = dict.fromkeys(entry["over"][key] for entry in card["optimizers"])
    spelled = key.replace("model[", "model.layers[", 1) if key.startswith("model[") else key
    text = f"{spelled}={','.join(values)}".replace("'", "'\\''")
    return f"--over '{text}'"


def _compare(card: dict[str, Any]) -> dict[str, Any]:
    seeds, tune = card["seeds"], card["tune"]
    stated = {"baseline": card["baseline"]} if card.get("baseline") else {}
    tuned = tune["what"] != "none"
    named = {} if card.get("over") else {"optimizers": [_optimizer(entry) for entry in card["optimizers"]]}
    return {
        **named,
        "budget": budget_of(card),
        "seeds": {**_judging(card), "tune": len(tune["seeds"]), "base": seeds[0]},
        "metric": _metric(card),
        **({"pairing": card["pairing"]} if card["pairing"]["split"] == "fixed" else {}),
        **({"targets": [_aim(text) for text in card["targets"]]} if card.get("targets") else {}),
        **stated,
        **({"allow_unequal": True} if any(unequal(card)) else {}),
        "tune": {name: tune[name] for name in TUNE if tune[name] != {}} if tuned else {"what": "none"},
        "timing": card["timing"],
        "stats": {"alpha": card.get("plan", card)["alpha"], "rope": card["rope"]},
    }


def _metric(card: dict[str, Any]) -> Any:
    """One name, or several and how often they are measured."""
    split = card["metric"].rpartition(".")[0]
    names = [card["metric"], *(f"{split}.{name}" for name in card["also"])]
    name = names if card["also"] else names[0]
    return {"name": name, "eval_every": card["eval_every"]} if card["eval_every"] else name


def _judging(card: dict[str, Any]) -> dict[str, int]:
    """How many seeds judge; of a plan at first, and at most."""
    if "plan" in card:
        first, most = card["plan"]["looks"]
        return {"eval": first, "max": most}
    return {"eval": len(card["seeds"])}


def _aim(text: str) -> dict[str, float]:
    """`{validation.loss: 0.3}`"""
    aim = stated_target(text)
    return {f"{text.partition(aim.sign)[0]}": aim.value}


def _optimizer(entry: dict[str, Any]) -> dict[str, Any]:
    """Its options as they were stated, without what follows from them."""
    kept = {name: value for name, value in entry.items() if name not in DERIVED and value is not None}
    return {"type": kept.pop("type"), "label": kept.pop("label"), "lr": entry["default_lr"], **kept}
