"""Results as aligned text, on a terminal and in a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TextIO, TypeAlias

from zen_cli.display.cells import GAP, fit, pad, width
from zen_cli.display.numbers import short
from zen_cli.display.terminal import BOLD, DIM, Terminal, encodable, escape, terminal

Cell: TypeAlias = "str | int | float | None"
_LEGIBLE = 6  # columns that a shortened text keeps as long as there are wider ones


def table(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, stream: TextIO, environ: Mapping[str, str]
) -> None:
    """Writes a header and the rows; columns of numbers stand to the right, a cell that is None is `-`.

    On a terminal no line is wider than it: texts are shortened first, numbers last.

    Raises:
        OSError: the stream cannot be written.
    """
    to = terminal(stream, environ)
    stream.write(encodable("\n".join((*layout(columns, rows, to), "")), stream))


def layout(columns: Sequence[str], rows: Iterable[Sequence[Cell]], to: Terminal) -> list[str]:
    """The lines of the table, header first; without columns' names there is no header.

    >>> plain = Terminal(None, False, False, True)
    >>> print(*layout(("layer", "parameters"), [("linear: 8", 24), ("relu", 0)], plain), sep="\\n")
    layer      parameters
    linear: 8          24
    relu                0
    """
    values = list(rows)
    texts = [[_text(cell) for cell in row] for row in values]
    header = [escape(name) for name in columns]
    right = [_numeric([row[i] for row in values]) for i in range(len(header))]
    widths = [max(map(width, cells)) for cells in zip(header, *texts, strict=True)]
    if to.width is not None:
        widths = _narrowed(widths, right, to.width)
    lines = [_line(row, widths, right, to) for row in texts]
    return [to.style(_line(header, widths, right, to), BOLD), *lines] if any(header) else lines


def _text(cell: Cell) -> str:
    if cell is None:
        return "-"
    return short(cell) if isinstance(cell, float) else escape(str(cell))


def _numeric(cells: Sequence[Cell]) -> bool:
    return any(isinstance(c, (int, float)) for c in cells) and not any(isinstance(c, str) and c for c in cells)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], to: Terminal) -> str:
    shown = (
        pad(fit(cell, columns, to.unicode), columns, at_right)
        for cell, columns, at_right in zip(cells, widths, right, strict=True)
    )
    line = GAP.join(shown).rstrip()
    return line if to.width is None else fit(line, to.width, to.unicode)


def _narrowed(widths: Sequence[int], right: Sequence[bool], available: int) -> list[int]:
    """Takes from the widest column, texts before numbers, until the line fits.

    >>> _narrowed([30, 10, 5], [False, False, True], 40)
    [21, 10, 5]
    """
    narrowed = list(widths)
    excess = sum(narrowed) + len(GAP) * (len(narrowed) - 1) - available
    for numbers, least in ((False, _LEGIBLE), (False, 1), (True, 1)):
        while excess > 0:
            candidates = [i for i, n in enumerate(narrowed) if right[i] is numbers and n > least]
            if not candidates:
                break
            narrowed[max(candidates, key=narrowed.__getitem__)] -= 1
            excess -= 1
    return narrowed


def note(text: str, *, stream: TextIO, environ: Mapping[str, str]) -> None:
    """A quiet line above or below a table."""
    stream.write(encodable(terminal(stream, environ).style(escape(text), DIM) + "\n", stream))
