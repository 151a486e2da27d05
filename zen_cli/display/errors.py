"""Errors and warnings as the user reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TextIO

from zen_cli.display.cells import width
from zen_cli.display.terminal import BOLD, CYAN, DIM, RED, YELLOW, Output, Terminal, escape, terminal
from zen_cli.errors import Place, ZenError

NARROWEST_SOURCE = 8  # columns below which a piece of a line tells nothing


def report(
    error: ZenError, *, stream: TextIO | None, environ: Mapping[str, str],
    text_of: Callable[[str], str | None] | None = None,
) -> None:
    """Writes `zen: error: FILE:LINE:COL: key.path: what` for the error and each found beside it, in their order.

    A hint follows as one `hint:` line. On a terminal the line of the file is shown with a caret under the column,
    where `text_of(file)` gives the text that was read.
    """
    if stream is None:
        return
    to, output = terminal(stream, environ), Output(stream)
    hints: set[str | None] = {None, ""}
    for found in error.all():
        output.line(f"zen: {to.style('error:', BOLD, RED)} {escape(str(found))}")
        for line in _source(found.where, to, text_of):
            output.line(line)
        if found.hint not in hints:  # what was said once need not be said again
            hints.add(found.hint)
            output.line(f"{to.style('hint:', BOLD, CYAN)} {escape(str(found.hint))}")


def warn(text: str, *, stream: TextIO | None, environ: Mapping[str, str]) -> None:
    """Writes `zen: warning: text`."""
    if stream is not None:
        to = terminal(stream, environ)
        Output(stream).line(f"zen: {to.style('warning:', BOLD, YELLOW)} {escape(text)}")


def _source(where: Place | None, to: Terminal, text_of: Callable[[str], str | None] | None) -> list[str]:
    """The line that a place points to and a caret below it; nothing where that cannot be shown."""
    if where is None or where.line is None or to.width is None or text_of is None:
        return []
    text = text_of(where.file)
    lines = text.split("\n") if text else []
    if not 0 < where.line <= len(lines):
        return []
    line, column = lines[where.line - 1].removesuffix("\r"), (where.column or 1) - 1
    number = str(where.line)
    bar = "│" if to.unicode else "|"
    room = to.width - len(number) - 4
    if column > len(line) or room < NARROWEST_SOURCE:
        return []
    shown, caret = _window(line, column, room)
    empty = " " * len(number)
    return [
        f" {to.style(f'{number} {bar}', DIM)} {shown}",
        f" {to.style(f'{empty} {bar}', DIM)} {' ' * caret}{to.style('^', BOLD, RED)}",
    ]


def _window(line: str, column: int, room: int) -> tuple[str, int]:
    """What of the line fits into `room` columns around the column, and where the caret stands in it.

    >>> _window("optimizer: {lr: 0.1}", 12, 80), _window("abcdefghijklmnop", 12, 8)
    (('optimizer: {lr: 0.1}', 12), ('ijklmnop', 4))
    """
    before, after = (escape(part.replace("\t", " ")) for part in (line[:column], line[column:]))
    keep = room // 2 if width(before + after) > room else width(before)
    if width(before) > keep:
        keep = max(keep, room - width(after))
    while width(before) > keep:
        before = before[1:]
    while width(before + after) > room:
        after = after[:-1]
    return before + after, width(before)
