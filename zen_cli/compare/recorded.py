"""Runs that are there already, side by side: what was recorded at their ends, and in what their configs differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from zen_cli.compare.rivals import against
from zen_cli.compare.statistics.paired import holm
from zen_cli.config.node import leaves
from zen_cli.config.text import parse
from zen_cli.errors import Exit, Place, ZenError
from zen_cli.metrics import larger_is_better
from zen_cli.runs import metrics_file
from zen_cli.runs.opening import open_run

SPLITS = ("train", "validation", "test")
UNTOLD = ("name",)  # of a config: says nothing about numbers
DRAW_SEED = 0  # of the sign-flip's draws, where all signs are too many


class Recorded(NamedTuple):
    """A finished run: its final numbers, one for each of its seeds, and its resolved config, by key path."""

    path: str
    status: str
    epochs: int
    seeds: tuple[int, ...]
    metrics: dict[str, tuple[float, ...]]
    config: dict[str, str]
    data_sha256: str

    @property
    def stacked(self) -> bool:
        return len(self.seeds) > 1


def recorded(path: str) -> Recorded:
    """The run that `path` stands for.

    Raises:
        ZenError: exit 3 if there is no such run, if it has not ended, or if its files are damaged.
    """
    directory = open_run(Path(path)).directory
    history = metrics_file.read(directory.metrics)
    end = next((event for event in reversed(history.events) if event["event"] == "end"), None)
    if end is None:
        raise ZenError("this run has not ended", Place(str(directory.path)), "train it to its end first", Exit.FILES)
    try:
        config = dict(leaves(parse(directory.resolved.read_text("utf-8"), str(directory.resolved))))
        parts = [(split, name, value) for split in SPLITS for name, value in (end.get(split) or {}).items()]
        values = {f"{split}.{name}": _tuple(value) for split, name, value in parts}
        count, first = max((len(value) for value in values.values()), default=1), int(config["seed"])
        sha256 = str(directory.read_receipt().get("data_sha256"))
        epochs = int(end["epochs"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ZenError(f"damaged: {error}", Place(str(directory.path)), code=Exit.FILES) from error
    seeds = tuple(range(first, first + count))
    return Recorded(str(directory.path), end["status"], epochs, seeds, values, config, sha256)


def differences(runs: Sequence[Recorded]) -> dict[str, list[str | None]]:
    """The keys in which the resolved configs differ, with the value of each run (None: it does not have it)."""
    keys = dict.fromkeys(key for run in runs for key in run.config)
    found = {key: [run.config.get(key) for run in runs] for key in keys if key not in UNTOLD}
    return {key: values for key, values in found.items() if len(set(values)) > 1}


def paired_statistics(runs: Sequence[Recorded]) -> dict[str, Any] | None:
    """Every stacked run against the first, over the seeds that they share; None where there is nothing to say."""
    judge = _judge(runs)
    if judge is None or not runs[0].stacked or len({run.data_sha256 for run in runs}) > 1:
        return None
    goal = "max" if larger_is_better(judge) else "min"
    rows = []
    for run in runs[1:]:
        seeds = [seed for seed in runs[0].seeds if seed in run.seeds] if run.stacked else []
        if len(seeds) > 1:
            mine, theirs = (_finals(each, judge, seeds, goal) for each in (run, runs[0]))
            pair = against(mine, theirs, goal, "loss" if goal == "min" else "share", np.random.default_rng(DRAW_SEED))
            rows.append({"run": run.path, "seeds": len(seeds), **pair})
    for row, p in zip(rows, holm([row["p"] for row in rows]), strict=True):
        row["p_holm"] = p
    return {"metric": judge, "baseline": runs[0].path, "rivals": rows} if rows else None


def side_by_side(paths: Sequence[str]) -> dict[str, Any]:
    """All of it as plain values."""
    runs = [recorded(path) for path in paths]
    return {
        "runs": [{"run": run.path, "status": run.status, "epochs": run.epochs, "seeds": list(run.seeds),
                  "metrics": {name: list(values) for name, values in run.metrics.items()}} for run in runs],
        "differences": differences(runs), "same_data": len({run.data_sha256 for run in runs}) == 1,
        "paired": paired_statistics(runs),
    }  # fmt: skip


def _judge(runs: Sequence[Recorded]) -> str | None:
    """Validation before training; the loss only where it is the same one, and the same rows are held back."""
    loss = {tuple(value for key, value in run.config.items() if key.split(".")[0] == "loss") for run in runs}
    split = {tuple(value for key, value in run.config.items() if key.startswith("data.split")) for run in runs}
    if len(split) > 1:
        return None
    wanted = "validation" if any("validation.loss" in run.metrics for run in runs) else "train"
    for name in runs[0].metrics:
        part, _, metric = name.rpartition(".")
        shared = all(name in run.metrics for run in runs)
        if part == wanted and shared and (metric != "loss" or len(loss) == 1):
            return name
    return None


def _finals(run: Recorded, name: str, seeds: Sequence[int], goal: str) -> list[float]:
    """The number of each seed; infinitely bad where it is none."""
    worst = math.inf if goal == "min" else -math.inf
    values = (run.metrics[name][run.seeds.index(seed)] for seed in seeds)
    return [value if math.isfinite(value) else worst for value in values]


def _tuple(value: Any) -> tuple[float, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(math.nan if each is None else float(each) for each in values)
