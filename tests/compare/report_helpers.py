"""Real comparisons, small ones, and a summary of them in the form that a report is made from."""

from __future__ import annotations

import copy
import functools
import json
import math
from pathlib import Path
from typing import Any

from zen_cli.compare.arrivals import with_arrivals
from zen_cli.compare.flags import Flags
from zen_cli.compare.phases import Comparison, Judged
from zen_cli.compare.rows import curve_rows, run_rows, tuning_rows
from zen_cli.compare.settings import protocol_of
from zen_cli.compare.store import Store
from zen_cli.compare.summary import Material, summarize
from zen_cli.compare.timing import Cost
from zen_cli.experiment import from_file
from zen_cli.runs.strict_json import strict_json

Row = dict[str, Any]
Parts = tuple[dict[str, Any], list[Row], list[Row], list[Row]]
CONFIGS = Path(__file__).parents[2] / "configs"


@functools.cache
def compared(config: str, sets: tuple[str, ...] = (), **flags: Any) -> Parts:
    """Summary, runs, curves and tuning of a comparison that is run now; change copies of them only."""
    experiment = from_file(str(CONFIGS / config), sets=sets)
    protocol = protocol_of(experiment, Flags(track="tuned", **flags))
    *_, judged = Comparison(protocol, Store(None, protocol), 0).happenings()
    assert isinstance(judged, Judged)
    card = plain(protocol.card())
    return report_of(card, run_rows(protocol, judged), curve_rows(protocol, judged), tuning_rows(protocol, judged))


def report_of(card: dict[str, Any], runs: list[Row], curves: list[Row], tuning: list[Row], name: str = "xor") -> Parts:
    """What a report of these rows is made from."""
    env = {"cpu": "a processor", "cores": 2, "numpy": "2.4", "zen": "0.1.0", "blas_threads": 1, "load": 0.1}
    costs = {each["label"]: Cost(20.0 + 5 * i, 5.0 + i, 0.1) for i, each in enumerate(card["optimizers"])}
    summary = plain(summarize(Material(card, runs, curves, tuning), costs, env, name, "0123abcd"))
    return summary, with_arrivals(runs, curves, summary), curves, tuning


def plain(value: Any) -> Any:
    """As it is read back from JSON."""
    return json.loads(strict_json(value))


def xor() -> Parts:
    return compared("xor.yaml", optimizers="sgd,rmsprop,adam", seeds=8, trials=5, tune_seeds=2)


def broken(parts: Parts, old: str, label: str) -> Parts:
    """A copy in which an optimizer has another label and all its runs broke, half way."""
    summary, runs, curves, tuning = copy.deepcopy(parts)
    card, half = summary["protocol"], runs[0]["steps"] // 2
    for each in (*card["optimizers"], *runs, *curves, *tuning):
        each["label"] = label if each["label"] == old else each["label"]
    mine = [[row for row in rows if row["label"] == label] for rows in (runs, curves, tuning)]
    for row in mine[0]:
        row |= {"status": "diverged", "broke": half, "loss_final": math.nan, "metric_final": math.nan}
    for row in mine[1]:
        row |= {"loss": math.nan, "accuracy": math.nan} if row["step"] >= half else {}
    for row in mine[2]:
        row |= {"status": "diverged", "final": math.nan} if row["lr"] > 0.1 else {}
    return report_of(card, runs, curves, tuning)


def many(parts: Parts, count: int) -> Parts:
    """As many optimizers: copies of those there are, under other names."""
    card = copy.deepcopy(parts[0]["protocol"])
    entries = card["optimizers"]
    card["optimizers"] = [{**entries[i % 3], "label": f"{entries[i % 3]['label']}-{i}"} for i in range(count)]
    copied = [
        [{**row, "label": f"{row['label']}-{i}"} for i in range(count) for row in rows
         if row["label"] == entries[i % 3]["label"]] for rows in parts[1:]
    ]  # fmt: skip
    return report_of(card, *copied)
