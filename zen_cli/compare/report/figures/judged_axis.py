"""The axis of what judges: a loss, or a share in percent."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from zen_cli.compare.report.csv_rows import Row
from zen_cli.compare.report.scale import over, tick_text, wants_log
from zen_cli.compare.report.series import Summary, column, value
from zen_cli.compare.report.svg import Axis, Frame

TOO_BAD = 1.25  # times the loss that training begins with


def judged_axis(summary: Summary, frame: Frame, values: Sequence[float]) -> Axis:
    """Logarithmic where all values are positive losses that span a decade."""
    share = summary["metric"]["kind"] == "share"
    bottom, top = frame.y
    log = not share and wants_log(values)
    return Axis(over(values, bottom, top, log), summary["metric"]["name"], percent if share else tick_text)


def worth_showing(summary: Summary, runs: Sequence[Row], values: Iterable[float]) -> list[float]:
    """The finite values, without losses far above those that training begins with: one is as bad as another."""
    finite = [each for each in values if math.isfinite(each)]
    first = sorted(found for row in runs if math.isfinite(found := value(row, "loss_init", math.nan)))
    if column(summary) != "loss" or not first:
        return finite
    return [each for each in finite if each <= TOO_BAD * first[len(first) // 2]]


def percent(value: float) -> str:
    """
    >>> percent(0.5), percent(0.975)
    ('50 %', '97.5 %')
    """
    return f"{100 * value:.4g} %"
