"""The frame of a plot in the terminal: its size, what stands at its axes, and its legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TextIO

from zen_cli.compare.report.scale import Scale, tick_text
from zen_cli.display.cells import GAP, fit, pad, squeeze, width
from zen_cli.display.terminal import BOLD, DIM, Terminal, escape, size, terminal

IN_A_PIPE, LARGEST, SMALLEST = (80, 20), (120, 32), (10, 8)  # columns and lines
ROOMY = 40  # columns from which on axes have titles
COLORS = ("36", "33", "35", "32", "34", "31")
BARS, ASCII_BARS = tuple("┤│└┬─"), tuple("+|++-")  # a tick, the axis, the corner, a tick, the axis


class Area(NamedTuple):
    """What there is to draw on, in columns and lines; `lines` may be exceeded by a long legend."""

    to: Terminal
    columns: int
    lines: int

    def color(self, text: str, number: int) -> str:
        return self.to.style(text, COLORS[number % len(COLORS)])

    def tick(self, value: float) -> str:
        """A round value, in ASCII where there is nothing else."""
        return tick_text(value) if self.to.unicode else f"{value:g}"


class Key(NamedTuple):
    """An entry of the legend: a mark in the colour of a line (None: of none), and what it is."""

    mark: str
    number: int | None
    text: str


def area(stream: TextIO, environ: Mapping[str, str]) -> Area:
    """As large as the terminal, but no larger than can be taken in at a glance."""
    to = terminal(stream, environ)
    columns, lines = size(stream, environ) if to.width is not None else IN_A_PIPE
    lines = lines - 1 if to.width is not None else lines  # the prompt comes below
    return Area(to, *(min(max(a, b), c) for a, b, c in zip((columns, lines), SMALLEST, LARGEST, strict=True)))


def legend(title: str, keys: Sequence[Key], on: Area) -> list[str]:
    """The title and what each line is, in as few lines as there is room for."""
    shown = fit(escape(title), on.columns, on.to.unicode)
    lines, taken = [on.to.style(shown, BOLD)], width(shown)
    for key in keys:
        text = squeeze(escape(key.text), on.columns - width(key.mark) - 1, on.to.unicode)
        columns = width(key.mark) + 1 + width(text)
        shown = f"{key.mark if key.number is None else on.color(key.mark, key.number)} {text}"
        if taken + len(GAP) + columns <= on.columns:
            lines[-1] += GAP + shown
            taken += len(GAP) + columns
        else:
            lines.append(shown)
            taken = columns
    return lines


def gutter(y: Scale, rows: int, title: str, on: Area) -> dict[int, str]:
    """The labels of the y-axis by row, all equally wide, with room for the title of the x-axis below them."""
    per_row = (y.start + 1) / rows
    found: dict[int, str] = {}
    for value in y.ticks(max(2, rows // 4)):
        found.setdefault(int(y.at(value) // per_row), on.tick(value))
    most = max(map(width, [*found.values(), title if on.columns >= ROOMY else ""]))
    room = min(most, on.columns // 3)
    return {row: pad(fit(text, room, on.to.unicode), room, right=True) for row, text in found.items()} or {-1: ""}


def framed(rows: Sequence[str], labels: Mapping[int, str], ticks: Mapping[int, str], title: str, on: Area) -> list[str]:
    """The rows with an axis and its labels to the left and below."""
    tick, bar, corner, below, flat = BARS if on.to.unicode else ASCII_BARS
    left = width(next(iter(labels.values())))
    lines = [
        on.to.style(labels.get(i, " " * left) + (tick if i in labels else bar), DIM) + row for i, row in enumerate(rows)
    ]
    columns = on.columns - left - 1
    text, marked = _under(ticks, columns)
    axis = "".join(below if i in marked else flat for i in range(columns))
    start = pad(title, left) if width(title) <= left else " " * left
    return [*lines, on.to.style(" " * left + corner + axis, DIM), on.to.style(f"{start} {text}", DIM)]


def _under(ticks: Mapping[int, str], columns: int) -> tuple[str, set[int]]:
    """The labels below the axis, each centred under its tick unless that is beyond an end, none on another."""
    text = ""
    marked: set[int] = set()
    for column, label in sorted(ticks.items()):
        at = min(max(column - len(label) // 2, 0), columns - len(label))
        if at < 0 or (text and at < len(text) + 2):
            continue
        text, marked = text.ljust(at) + label, marked | {column}
    return text, marked
