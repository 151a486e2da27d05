"""The small table below a comparison's: every optimizer at its own rate, untuned, on the same seeds."""

from __future__ import annotations

from zen_cli.display.aligned import MISSING
from zen_cli.display.cells import GAP, pad, squeeze, width
from zen_cli.display.comparison.columns import LABEL, Summary
from zen_cli.display.numbers import short
from zen_cli.display.terminal import BOLD, Terminal, escape


def default_lines(summary: Summary, to: Terminal) -> list[str]:
    """`untuned  lr  ok  validation.loss median`, the best first; nothing where that was not run."""
    found = summary.get("defaults") or []
    if not found:
        return []
    success = summary["headline"] == "success"
    head = ["untuned", "lr", "ok", *(["success"] if success else []), f"{summary['metric']['name']} median"]
    rows = [head, *(_cells(each, success) for each in found)]
    widths = [max(width(row[i]) for row in rows) for i in range(len(head))]
    shown = [GAP.join(pad(cell, room) for cell, room in zip(row, widths, strict=True)).rstrip() for row in rows]
    if to.width is not None and max(map(width, shown)) > to.width:
        shown = [line for row in rows for line in (row[0], *(f"  {cell}" for cell in row[1:]))]
    return [to.style(shown[0], BOLD), *shown[1:]]


def _cells(each: Summary, success: bool) -> list[str]:
    middle = each["loss"]["median"]
    solved = [f"{each['success']['count']}/{each['success']['of']}"] if success else []
    number = MISSING if middle is None or middle in (float("inf"), float("-inf")) else short(middle)
    ok = f"{each['finished']}/{each['n']}"
    return [squeeze(escape(each["label"]), LABEL), f"{each['lr']:g}", ok, *solved, number]
