"""Results as aligned text, on a terminal and in a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TextIO, TypeAlias

from zen_cli.display.cells import GAP, pad, squeeze, width
from zen_cli.display.numbers import short
from zen_cli.display.terminal import BOLD, Terminal, encodable, escape, terminal

Cell: TypeAlias = "str | int | float | None"
_LEGIBLE = 6  # columns that a shortened text keeps as long as there are wider ones


def table(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, stream: TextIO, environ: Mapping[str, str]
) -> None:
    """Writes a header and the rows; columns of numbers stand to the right, a cell that is None is `-`.

    On a terminal no line is wider than it: texts are shortened, numbers never. Where that is not enough, each row
    becomes a list, a line for a cell.

    Raises:
        OSError: the stream cannot be written.
    """
    lines = layout(columns, rows, terminal(stream, environ))
    stream.write(encodable("".join(f"{line}\n" for line in lines), stream))


def layout(columns: Sequence[str], rows: Iterable[Sequence[Cell]], to: Terminal) -> list[str]:
    """The lines of the table, header first; where no column has a name there is no header.

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
    widths: list[int] | None = [max(map(width, cells)) for cells in zip(header, *texts, strict=True)]
    if to.width is not None and widths is not None:
        widths = _narrowed(widths, right, to.width)
    if widths is None:
        return [line for row in texts for line in _list(header, row, to)]
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
        pad(squeeze(cell, columns, to.unicode), columns, at_right)
        for cell, columns, at_right in zip(cells, widths, right, strict=True)
    )
    return GAP.join(shown).rstrip()


def _narrowed(widths: Sequence[int], right: Sequence[bool], available: int) -> list[int] | None:
    """Takes from the widest text until the line fits; None if it cannot.

    >>> _narrowed([30, 10, 5], [False, False, True], 40), _narrowed([30, 10, 5], [False, False, True], 20)
    ([21, 10, 5], None)
    """
    narrowed = list(widths)
    excess = sum(narrowed) + len(GAP) * (len(narrowed) - 1) - available
    while excess > 0:
        texts = [i for i, columns in enumerate(narrowed) if not right[i] and columns > _LEGIBLE]
        if not texts:
            return None
        narrowed[max(texts, key=narrowed.__getitem__)] -= 1
        excess -= 1
    return narrowed


def _list(header: Sequence[str], row: Sequence[str], to: Terminal) -> list[str]:
    """A row as lines `column  value`, a value below its column where there is no room beside it."""
    assert to.width is not None
    named = [(name, cell) for name, cell in zip(header, row, strict=True) if cell]
    label = max((width(name) for name, _ in named), default=0)
    lines: list[str] = []
    for name, cell in named:
        beside = f"{pad(name, label)}{GAP}{cell}"
        lines += [beside] if width(beside) <= to.width else [part for part in (name, cell) if part]
    return [squeeze(line, to.width, to.unicode) for line in lines] + [""]
