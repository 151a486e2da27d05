"""Finished runs side by side as they are read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from zen_cli.display.numbers import short
from zen_cli.display.prose import flow
from zen_cli.display.table import Cell, layout
from zen_cli.display.terminal import DIM, encodable, terminal


def recorded_table(found: dict[str, Any], *, stream: TextIO, environ: Mapping[str, str]) -> None:
    """Writes final numbers, a column a run, then what differs between the configs, then paired statistics.

    Raises:
        OSError: the stream cannot be written.
    """
    to = terminal(stream, environ)
    labels = [chr(ord("A") + i) if i < 26 else f"run {i + 1}" for i in range(len(found["runs"]))]
    runs = found["runs"]
    names: list[list[Cell]] = [[label, run["run"], _ended(run)] for label, run in zip(labels, runs, strict=True)]
    numbers = layout(["", *labels], _numbers(runs), to)
    blocks = [layout(("", "", ""), names, to), numbers, _differences(found, labels, to)]
    if found["paired"]:
        blocks.append(_paired(found["paired"], found["runs"], labels, to))
    blocks.append([to.style(line, DIM) for line in flow(said(found), to)])
    text = "\n".join("".join(f"{line}\n" for line in block) for block in blocks if block)
    stream.write(encodable(text, stream))


def said(found: dict[str, Any]) -> list[str]:
    """What the numbers cannot say."""
    notes = [] if found["same_data"] else ["the runs read different data: their numbers are not comparable"]
    if any(len(run["seeds"]) == 1 for run in found["runs"]):
        notes.append("a run from one seed says nothing about chance: train with --seeds, or compare configs")
    elif found["paired"] is None:
        notes.append("no statistics: no seeds, rows and metric in common")
    if any(len(run["seeds"]) > 1 for run in found["runs"]):
        notes.append("numbers of several seeds: the median")
    return notes


def _ended(run: dict[str, Any]) -> str:
    many = f", {len(run['seeds'])} seeds" if len(run["seeds"]) > 1 else ""
    return f"{run['status']} after {run['epochs']} epochs{many}"


def _numbers(runs: Sequence[dict[str, Any]]) -> list[list[Cell]]:
    names = dict.fromkeys(name for run in runs for name in run["metrics"])
    return [[name, *(_median(run["metrics"].get(name)) for run in runs)] for name in names]


def _median(values: Sequence[float] | None) -> float | None:
    if not values:
        return None
    ordered = sorted(value if math.isfinite(value) else math.inf for value in values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _differences(found: dict[str, Any], labels: Sequence[str], to: Any) -> list[str]:
    keys = found["differences"].items()
    rows: list[list[Cell]] = [[key, *(value or "-" for value in values)] for key, values in keys]
    return layout(["differs", *labels], rows, to) if rows else flow(["the resolved configs are the same"], to)


def _paired(paired: dict[str, Any], runs: Sequence[dict[str, Any]], labels: Sequence[str], to: Any) -> list[str]:
    by_path = {run["run"]: label for label, run in zip(labels, runs, strict=True)}
    rows: list[list[Cell]] = []
    for row in paired["rivals"]:
        effect = "-" if row["ci"] is None else _effect(row)
        rows.append([by_path[row["run"]], row["seeds"], effect, f"{row['wins']}/{row['seeds']}", row["p_holm"]])
    versus = f"{paired['metric']} vs {labels[0]}"
    return layout([versus, "paired seeds", "effect [95% CI]", "wins", "p (Holm)"], rows, to)


def _effect(row: dict[str, Any]) -> str:
    value = row["ratio"] if row["ratio"] is not None else row["difference"]
    low, high = row["ci"]
    return f"{'x' if row['ratio'] is not None else ''}{short(float(value))} [{short(float(low))} {short(float(high))}]"
