"""What `zen evaluate` tells beyond single numbers, as tables for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zen_cli.display.confusion import confusion
from zen_cli.display.table import Cell, layout
from zen_cli.display.terminal import BOLD, Terminal

MOST = 30  # classes that are listed: those that fare worst


def report_lines(split: str, found: Mapping[str, Any], to: Terminal) -> list[str]:
    """The parts that there are, each below a heading."""
    parts = (("per_class", _classes), ("confusion_matrix", _matrix), ("calibration", _bins), ("residuals", _errors))
    lines: list[str] = []
    for name, drawn in parts:
        if name in found:
            title, body = drawn(found, to)
            lines += ["", to.style(f"{split}: {title}", BOLD), *body]
    return lines


def _classes(found: Mapping[str, Any], to: Terminal) -> tuple[str, list[str]]:
    every = found["per_class"]
    worst = sorted(every, key=lambda name: every[name]["f1"])[:MOST] if len(every) > MOST else every
    rows: list[list[Cell]] = [[name, *every[name].values()] for name in worst]
    title = "classes" if len(worst) == len(every) else f"the {MOST} of {len(every)} classes that fare worst"
    return title, layout(("class", "precision", "recall", "f1", "support"), rows, to)


def _matrix(found: Mapping[str, Any], to: Terminal) -> tuple[str, list[str]]:
    lines = confusion(tuple(found["per_class"]), found["confusion_matrix"], to)
    return "which class is taken for which", lines or ["no row is wrong"]


def _bins(found: Mapping[str, Any], to: Terminal) -> tuple[str, list[str]]:
    rows: list[list[Cell]] = [
        [f"{one['low']:.0%} to {one['high']:.0%}", one["rows"], one["confidence"], one["right"]]
        for one in found["calibration"]
    ]
    return "how sure, and how often right", layout(("sure", "rows", "on average", "right"), rows, to)


def _errors(found: Mapping[str, Any], to: Terminal) -> tuple[str, list[str]]:
    every = found["residuals"]
    shares = list(next(iter(every.values())))
    rows: list[list[Cell]] = [[name, *quantiles.values()] for name, quantiles in every.items()]
    return "target less prediction, quantiles", layout(("target", *shares), rows, to)
