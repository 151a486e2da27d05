"""Several configs at once as it is read: a row an optimizer, a column a config, and what all of them say together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from zen_cli.display.prose import flow
from zen_cli.display.table import Cell, layout
from zen_cli.display.terminal import BOLD, DIM, encodable, escape, terminal

Tasks = dict[str, Any]


def tasks_table(tasks: Tasks, *, stream: TextIO, environ: Mapping[str, str]) -> None:
    """Writes ranks on each config, then what they come to; best mean rank first.

    Raises:
        OSError: the stream cannot be written.
    """
    to = terminal(stream, environ)
    header, *rows = cells(tasks)
    title = to.style(f"{len(tasks['names'])} configs", BOLD)
    notes = [to.style(line, DIM) for note in said(tasks) for line in flow([note], to)]
    text = "".join(f"{line}\n" for line in (title, *layout([str(cell) for cell in header], rows, to), "", *notes))
    stream.write(encodable(text, stream))


def cells(tasks: Tasks) -> list[list[Cell]]:
    """Header and rows."""
    speed = tasks["steps"]
    header: list[Cell] = ["optimizer", *tasks["names"], "mean rank", "score B", "speed-up", "P(better)", "gap left"]
    return [header, *(
        [
            label, *tasks["ranks"][label], tasks["mean_rank"][label], speed["score"][label], speed["speedup"][label],
            None if label == tasks["baseline"] else tasks["p_improvement"][label], _gap(tasks, label),
        ]
        for label in tasks["labels"]
    )]  # fmt: skip


def said(tasks: Tasks) -> list[str]:
    """What the columns mean, and what must be known before believing them."""
    speed = tasks["steps"]
    base = escape(tasks["baseline"])
    notes = [
        "under a config: the rank there",
        "score B: the area of the performance profile of steps to target up to ×4",
        f"speed-up: steps of {base} to the target over one's own, geometric mean",
        f"P(better): than {base} on the same seed",
        "gap left: of the way from the start to the best median, mean of the middle half over runs and configs",
    ]
    if speed["reordered"]:
        notes.append(f"profiles are relative: without {_listed(speed['reordered'])} the others change places")
    else:
        notes.append("leaving out any one of them does not change the order of the others' scores")
    found = tasks["friedman"]
    if found is None:
        return [*notes, "ranks are not tested: that takes five configs"]
    worse = ", ".join(f"{escape(label)} {p:.3g}" for label, p in found["p_holm"].items())
    return [*notes, f"Friedman p={found['p']:.3g}; Holm against {base}: {worse}"]


def _gap(tasks: Tasks, label: str) -> str:
    if tasks["gap_left"] is None:
        return "-"
    found = tasks["gap_left"][label]
    value = _percent(found["iqm"])
    return value if found["ci"] is None else f"{value} [{_percent(found['ci'][0])} {_percent(found['ci'][1])}]"


def _percent(value: float | None) -> str:
    return "inf" if value is None or not math.isfinite(value) else f"{100 * value:.1f}%".replace("-0.0%", "0.0%")


def _listed(names: Sequence[str]) -> str:
    return " or ".join(escape(name) for name in names)
