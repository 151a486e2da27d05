"""Which classes are taken for which, drawn for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from zen_cli.display.cells import GAP, pad, squeeze, width
from zen_cli.display.terminal import BOLD, DIM, RED, Terminal, escape

Matrix = Sequence[Sequence[int]]
LONGEST = 20  # columns of a name before the rows
MOST = 10  # pairs that are listed where a matrix has no room


def confusion(names: Sequence[str], counts: Matrix, to: Terminal) -> list[str]:
    """A row for each class, a column for what it was taken for; where that is too wide, the most frequent mistakes.

    >>> print(*confusion(("cat", "dog"), [[5, 1], [0, 7]], Terminal(40, False, False, True)), sep="\\n")
    true \\ found  cat  dog
    cat             5    1
    dog             .    7
    """
    shown = [escape(name) for name in names]
    cells = [[str(count) if count else "." for count in row] for row in counts]
    numbered = [f"{i} {squeeze(name, LONGEST, to.unicode)}" for i, name in enumerate(shown)]
    numbers = [str(i) for i in range(len(shown))]
    for rows, columns in ((shown, shown), (numbered, numbers)):
        lines = _drawn(rows, columns, cells, to)
        if to.width is None or width(lines[0]) <= to.width:
            body = (_coloured(line, i, cells[i], to) for i, line in enumerate(lines[1:]))
            return [to.style(lines[0], BOLD), *body]
    return mistakes(shown, counts, to)


def _drawn(rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[str]], to: Terminal) -> list[str]:
    corner = "true \\ found"
    first = max(map(width, (corner, *rows)))
    widths = [max(map(width, column)) for column in zip(columns, *cells, strict=True)]
    body = [(corner, *columns), *zip(rows, *zip(*cells, strict=True), strict=True)]
    return [
        GAP.join([pad(name, first), *(pad(cell, space, right=True) for cell, space in zip(row, widths, strict=True))])
        for name, *row in body
    ]


def _coloured(line: str, row: int, cells: Sequence[str], to: Terminal) -> str:
    """The line with what is right bold and what is wrong red, each where it stands."""
    after = ""
    for column in range(len(cells) - 1, -1, -1):
        before, cell, between = line.rpartition(cells[column])
        style = BOLD if row == column else DIM if cell == "." else RED
        line, after = before, to.style(cell, style) + between + after
    return line + after


def mistakes(names: Sequence[str], counts: Matrix, to: Terminal) -> list[str]:
    """The pairs that are mistaken most often, a line each.

    >>> mistakes(("cat", "dog"), [[5, 1], [0, 7]], Terminal(None, False, False, True))
    ['1 cat taken for dog']
    """
    pairs = [(count, i, j) for i, row in enumerate(counts) for j, count in enumerate(row) if count and i != j]
    most = sorted(pairs, key=lambda pair: (-pair[0], pair[1:]))
    lines = [f"{count} {names[i]} taken for {names[j]}" for count, i, j in most[:MOST]]
    rest = sum(count for count, _, _ in most[MOST:])
    lines += [f"{rest} other mistakes"] if rest else []
    return [squeeze(line, to.width, to.unicode) if to.width else line for line in lines]
