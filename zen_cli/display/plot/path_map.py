"""The ways of optimizers over a map of a function, in the terminal: the darker, the higher."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TextIO

import numpy as np

from zen_cli.compare.report.scale import Scale
from zen_cli.display.plot.frame import Area, Key, area, framed, gutter, legend
from zen_cli.display.plot.grid import MARKS, Grid
from zen_cli.display.plot.landscape import View, heights, view
from zen_cli.display.plot.path_picture import said
from zen_cli.display.terminal import BOLD, DIM, encodable
from zen_cli.problems.surface import Surface
from zen_cli.training.path import Path

SYMBOLS = "●◆▲■▼★"
SHADES, ASCII_SHADES = " ·░▒▓", " .:-="
SHARES = (0.08, 0.22, 0.48, 0.78)  # of the map, that are no darker than each shade
CELL = 2.0  # a character is about so many times as high as wide
BESIDE = 6  # columns left of the plot, about
START, END, LOWEST = "S", "E", "L"


def show(
    surface: Surface, paths: Sequence[tuple[str, Path]], title: str, *, stream: TextIO, environ: Mapping[str, str]
) -> None:
    """Writes the map.

    Raises:
        OSError: the stream cannot be written.
    """
    lines = path_map(surface, paths, title, area(stream, environ))
    stream.write(encodable("".join(f"{line.rstrip()}\n" for line in lines), stream))


def path_map(surface: Surface, paths: Sequence[tuple[str, Path]], title: str, on: Area) -> list[str]:
    """The lines of the map: a legend, the ways in a frame."""
    marks = SYMBOLS if on.to.unicode else MARKS
    keys = [Key(marks[i % len(marks)], i, f"{label}: {_far(way)}") for i, (label, way) in enumerate(paths)]
    signs = [Key(mark, None, text) for mark, text in ((START, "start"), (END, "end"), (LOWEST, "lowest"))]
    head = legend(title, [*keys, *signs], on)
    rows = max(on.lines - len(head) - 2, 4)
    seen = view(surface, [way for _, way in paths], (on.columns - BESIDE) / (CELL * rows))
    y = Scale(seen.bottom, seen.top, rows - 1, 0)
    labels = gutter(y, rows, "x", on)
    grid = Grid(max(on.columns - len(next(iter(labels.values()))) - 1, 2), rows, False, marks)
    x = Scale(seen.left, seen.right, 0, grid.columns - 1)
    stamps = {place: on.to.style(letter, BOLD) for place, letter in _stamps(surface, paths, x, y).items()}
    for number, (_, way) in reversed(list(enumerate(paths))):
        grid.line([(x.at(a), y.at(b)) for a, b in way.places], number)
    body = grid.lines(on.color, _ground(surface, seen, grid, on), stamps)
    return [*head, *framed(body, labels, {round(x.at(value)): on.tick(value) for value in x.ticks()}, "x", on)]


def _stamps(surface: Surface, paths: Sequence[tuple[str, Path]], x: Scale, y: Scale) -> dict[tuple[int, int], str]:
    """Letters by row and column; an end hides what it lies on."""
    places = [(place, LOWEST) for place in surface.minima]
    places += [(way.places[0], START) for _, way in paths] + [(way.places[-1], END) for _, way in paths]
    return {(round(y.at(b)), round(x.at(a))): letter for (a, b), letter in places}


def _ground(surface: Surface, seen: View, grid: Grid, on: Area) -> Callable[[int, int], str]:
    """The shade of each place: a given share of the map is as low as that."""
    field = heights(surface, seen, grid.columns, grid.rows)
    bounds = np.nanquantile(field, SHARES)
    index = np.searchsorted(bounds, field)
    shades = SHADES if on.to.unicode else ASCII_SHADES

    def shade(row: int, column: int) -> str:
        return on.to.style(shades[index[row, column]], DIM)

    return shade


def _far(way: Path) -> str:
    return ", ".join(filter(None, said(way)))
