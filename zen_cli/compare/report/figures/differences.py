"""Each optimizer against the baseline, seed by seed: where the differences lie, and how sure their middle is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from zen_cli.compare.report.csv_rows import Row
from zen_cli.compare.report.figures.figure import Figure
from zen_cli.compare.report.marks import cross, dot, marker, words
from zen_cli.compare.report.markup import pixels, shortened, tag
from zen_cli.compare.report.scale import over, tick_text
from zen_cli.compare.report.series import Summary, level, numbers, pairs
from zen_cli.compare.report.svg import Axis, Frame, axes, drawing, path, series

ROW, FRAME = 30.0, Frame(560, 0, left=120, right=96, top=24, bottom=64)
CAPTION = (
    "Small discs: one seed each, both optimizers on the same rows, first weights and batches. Mark and bar: the middle"
    " and its {} interval. Grey band: differences too small to matter. Crosses at the border: one of the two failed."
)


def differences(summary: Summary, runs: Sequence[Row]) -> Figure | None:
    """None where nobody stands against a baseline."""
    rivals = [each for each in summary["optimisers"] if each["vs_baseline"]]
    if not rivals:
        return None
    found = {each["label"]: paired(summary, runs, each["label"]) for each in rivals}
    frame = FRAME._replace(height=FRAME.top + FRAME.bottom + ROW * len(rivals))
    x = _axis(summary, frame, rivals, found)
    rows = [_row(summary, frame, x, i, each, found[each["label"]]) for i, each in enumerate(rivals)]
    y = Axis(over([0.0, 1.0], *frame.y), "", ticks=())
    content = drawing(frame, "Differences to the baseline", _rope(summary, frame, x), axes(frame, x, y, (5, 5)), *rows,
                      _zero(summary, frame, x))  # fmt: skip
    title = f"Paired differences to {summary['baseline']}"
    return Figure("differences", title, CAPTION.format(level(summary)), always=(content,))


def is_ratio(summary: Summary) -> bool:
    """Losses are divided, shares subtracted."""
    return bool(summary["metric"]["kind"] == "loss")


def paired(summary: Summary, runs: Sequence[Row], label: str) -> list[tuple[int, float]]:
    """Seed and ratio (or difference) to the baseline; infinite where one of the two failed, left out where both did."""
    found = []
    for seed, mine, other in pairs(summary, runs, label):
        if not (math.isfinite(mine) or math.isfinite(other)):
            continue
        if not is_ratio(summary):
            found.append((seed, mine - other))
        elif mine > 0 and other > 0:
            found.append((seed, mine / other))
    return found


def _axis(summary: Summary, frame: Frame, rivals: Sequence[Any], found: dict[str, list[tuple[int, float]]]) -> Axis:
    seen = [value for each in found.values() for _, value in each]
    ends = [end for each in rivals for end in each["vs_baseline"]["ci"] or () if end is not None]
    scale = over([*seen, *ends, *_rope_ends(summary)], *frame.x, log=is_ratio(summary))
    name = summary["metric"]["name"]
    if is_ratio(summary):
        return Axis(scale, f"{name}, times that of {shortened(summary['baseline'], 24)}", lambda v: f"×{tick_text(v)}")
    return Axis(scale, f"{name}, points above {shortened(summary['baseline'], 24)}", lambda v: f"{100 * v:+.4g}")


def _rope_ends(summary: Summary) -> tuple[float, float]:
    rope = summary["protocol"].get("rope") or 0.0
    return (1 / (1 + rope), 1 + rope) if is_ratio(summary) else (-rope, rope)


def _rope(summary: Summary, frame: Frame, x: Axis) -> str:
    low, high = map(x.scale.at, _rope_ends(summary))
    bottom, top = frame.y
    return tag("rect", class_="rope", x=low, y=top, width=max(high - low, 0.5), height=bottom - top)


def _zero(summary: Summary, frame: Frame, x: Axis) -> str:
    at, (bottom, top) = x.scale.at(1.0 if is_ratio(summary) else 0.0), frame.y
    left, right = ("better", "worse") if summary["metric"]["goal"] == "min" else ("worse", "better")
    return (
        tag("path", class_="zero", d=path([(at, bottom), (at, top - 4)]))
        + words(at, top - 9, shortened(summary["baseline"], 16), "note mid")
        + words(frame.x[0], frame.height - 8, f"← {left}", "note")
        + words(frame.x[1], frame.height - 8, f"{right} →", "note end")
    )


def _row(
    summary: Summary, frame: Frame, x: Axis, i: int, optimiser: dict[str, Any], found: Sequence[tuple[int, float]]
) -> str:
    label, versus, at = optimiser["label"], optimiser["vs_baseline"], frame.top + ROW * (i + 0.5)
    number = numbers(summary)[label]
    dots = [
        dot(x.scale.at(value), at - 5, f"{label}, seed {seed}: {value:.4g}", 2.4, "seed")
        if math.isfinite(value) else cross(x.scale.inside(value), at - 5, f"{label}, seed {seed}", 3)
        for seed, value in found
    ]  # fmt: skip
    name = words(frame.left - 12, at + 4, shortened(label, 15), "tick end")
    verdict = words(frame.x[1] + 10, at + 4, versus["verdict"] or "", "tick")
    return name + series(number, *dots, _interval(x, at + 5, versus, number, is_ratio(summary))) + verdict


def _interval(x: Axis, at: float, versus: dict[str, Any], number: int, ratio: bool) -> str:
    middle = versus.get("ratio" if ratio else "difference")
    ends = [end for end in versus["ci"] or () if end is not None]
    bar = ""
    if len(ends) == 2:
        low, high = map(x.scale.inside, ends)
        bar = tag("path", class_="bar", d=f"M{pixels(low)} {pixels(at)}H{pixels(high)}")
    return bar + (marker(x.scale.inside(middle), at, number, 4) if middle is not None else "")
