"""What an entry may state beside its optimizer's options: a schedule and a bound on the gradient of its own."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from zen_cli.config import node as nodes
from zen_cli.config.component import build, component
from zen_cli.config.sections import Clip
from zen_cli.config.values import convert
from zen_cli.errors import Problems
from zen_cli.experiment import Experiment
from zen_cli.registry import Limits
from zen_cli.resolved import resolved

NAMES = ("scheduler", "clip")
NONE = "none"  # states that there is none, where all others have one


def read_variant(options: dict[str, nodes.Entry], problems: Problems) -> dict[str, Any]:
    """Takes what is stated out of the options; what cannot be read is noted."""
    return {name: _read(name, options.pop(name).value, problems) for name in NAMES if name in options}


def _read(name: str, node: nodes.Node, problems: Problems) -> Any:
    if isinstance(node, nodes.Scalar) and node.text == NONE:
        return None
    if name == "clip":
        return convert(node, Clip, Limits(), problems)
    from zen_cli.nn.schedulers import schedulers

    return build(component(node, problems), schedulers, problems)


def varied(experiment: Experiment, stated: Mapping[str, Any]) -> Experiment:
    """The experiment with what is stated."""
    if "scheduler" in stated:
        experiment = experiment._replace(scheduler=stated["scheduler"])
    if "clip" in stated:
        config = copy.copy(experiment.config)
        config.trainer = copy.copy(config.trainer)
        config.trainer.clip = stated["clip"]
        experiment = experiment._replace(config=config)
    return experiment


def plain(experiment: Experiment, stated: Mapping[str, Any]) -> dict[str, Any]:
    """What is stated, as a config writes it; `experiment` is the one with it."""
    whole = resolved(experiment)
    found = {"scheduler": whole.get("scheduler"), "clip": whole["trainer"].get("clip")}
    return {name: found[name] or NONE for name in stated}
