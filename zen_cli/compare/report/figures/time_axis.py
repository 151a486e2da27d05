"""The x-axis that counts steps or seconds."""

from __future__ import annotations

from zen_cli.compare.report.scale import Scale, tick_text
from zen_cli.compare.report.series import Summary, numbers, seconds_a_step
from zen_cli.compare.report.svg import Axis, Frame

_UNITS = ((1e-3, "microseconds", 1e6), (1.0, "milliseconds", 1e3), (300.0, "seconds", 1.0), (1e9, "minutes", 1 / 60))


def lengths(summary: Summary, seconds: bool) -> dict[str, float]:
    """How far a step takes each optimizer along the axis; without those whose seconds are not known."""
    known = {label: seconds_a_step(summary, label) if seconds else 1.0 for label in numbers(summary)}
    return {label: length for label, length in known.items() if length}


def time_axis(frame: Frame, furthest: float, seconds: bool) -> Axis:
    """From zero to the end of the longest training."""
    left, right = frame.x
    scale = Scale(0.0, furthest or 1.0, left, right)
    if not seconds:
        return Axis(scale, "steps")
    unit, factor = next((name, factor) for most, name, factor in _UNITS if furthest < most)
    marks = Scale(0.0, scale.high * factor, left, right).ticks()
    return Axis(
        scale, f"{unit} of training", lambda value: tick_text(round(value * factor, 9)),
        [mark / factor for mark in marks],
    )  # fmt: skip
