"""The figures of a report in the order in which they are read."""

from __future__ import annotations

from collections.abc import Sequence

from zen_cli.compare.report.csv_rows import Row
from zen_cli.compare.report.figures.budgets import budgets
from zen_cli.compare.report.figures.curves import learning_curves
from zen_cli.compare.report.figures.differences import differences
from zen_cli.compare.report.figures.figure import Figure
from zen_cli.compare.report.figures.profile import profile
from zen_cli.compare.report.figures.reach import reaching
from zen_cli.compare.report.figures.sensitivity import sensitivity
from zen_cli.compare.report.series import Summary, main_target


def figures(summary: Summary, runs: Sequence[Row], curves: Sequence[Row], tuning: Sequence[Row]) -> list[Figure]:
    """Those that there is something to show in."""
    target = main_target(summary)
    found = [
        learning_curves(summary, runs, curves), differences(summary, runs),
        reaching(summary, runs, curves, target) if target else None, budgets(summary, runs),
        sensitivity(summary, runs, tuning),
        profile(summary["several"]) if summary.get("several") else None,
    ]  # fmt: skip
    return [each for each in found if each]
