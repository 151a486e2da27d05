"""Several problems at once: how often each optimizer is within a factor of the fastest, and its ranks."""

from __future__ import annotations

from typing import Any

from zen_cli.compare.report.figures.figure import Figure
from zen_cli.compare.report.figures.judged_axis import percent
from zen_cli.compare.report.figures.reach import staircase
from zen_cli.compare.report.legend import Named, legend
from zen_cli.compare.report.markup import safe, tag
from zen_cli.compare.report.scale import Scale
from zen_cli.compare.report.svg import Axis, Frame, axes, clipped, drawing, line, series

FRAME = Frame(560, 360)
FURTHEST = 4.0  # times the fastest
CAPTION = (
    "Share of the problems on which an optimizer reaches the target within so many times the steps of the fastest."
    " Shares depend on who takes part."
)


def profile(several: dict[str, Any]) -> Figure | None:
    """The performance profile (Dolan and More 2002, arXiv:cs/0102001).

    `several` holds `tasks` (their names), `ratios` (by label, one a task: steps over those of the fastest, None: never
    reached) and `ranks` (by label, one a task, and `mean_rank`).
    """
    if not several["tasks"]:
        return None
    bottom, top = FRAME.y
    x = Axis(Scale(1.0, FURTHEST, *FRAME.x), "times the steps of the fastest", lambda value: f"×{value:g}")
    y = Axis(Scale(0.0, 1.04, bottom, top), "problems", percent, (0.0, 0.25, 0.5, 0.75, 1.0))
    lines, ends = [], []
    for number, (label, ratios) in enumerate(several["ratios"].items()):
        reached = [ratio for ratio in ratios if ratio is not None and ratio <= FURTHEST]
        corners = staircase(reached, len(several["tasks"]), FURTHEST)
        places = [(x.scale.at(max(a, 1.0)), y.scale.at(b)) for a, b in corners]
        lines.append(series(number, line(places, number)))
        ends.append(Named(number, label, places[-1]))
    content = drawing(FRAME, "Performance profile", axes(FRAME, x, y), clipped(FRAME, *lines), *legend(FRAME, ends))
    return Figure("profile", "All problems", CAPTION, always=(content,))


def rank_table(several: dict[str, Any]) -> str:
    """An HTML table: an optimizer a row, a problem a column, and the mean rank, the best first."""
    names = (tag("th", safe(name), scope="col", class_="number") for name in (*several["tasks"], "mean rank"))
    head = tag("tr", tag("th", "optimizer", scope="col"), *names)
    order = sorted(several["ranks"], key=lambda label: several["mean_rank"][label])
    return tag("table", tag("thead", head), tag("tbody", *(_ranks(several, label) for label in order)))


def _ranks(several: dict[str, Any], label: str) -> str:
    ranks = [*several["ranks"][label], several["mean_rank"][label]]
    cells = (tag("td", "–" if rank is None else f"{rank:.3g}", class_="number") for rank in ranks)
    return tag("tr", tag("th", safe(label), scope="row"), *cells)
