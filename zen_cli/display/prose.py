"""Sentences and lists of facts, broken where a terminal's line ends, in the characters that it has."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from zen_cli.display.cells import width
from zen_cli.display.terminal import Terminal

ASCII = str.maketrans({
    "×": "x", "µ": "u", "·": "|", "⚠": "!", "≈": "~", "α": "alpha", "…": "...", "—": "-", "–": "-", "−": "-", "≤": "<=",
    "≥": ">=", "±": "+-",
})  # fmt: skip


def plain(text: str, to: Terminal) -> str:
    """The text with signs that an ASCII terminal lacks said in letters.

    >>> plain("≈7× the seeds", Terminal(80, True, True, False))
    '~7x the seeds'
    """
    return text if to.unicode else text.translate(ASCII)


def flow(parts: Iterable[str], to: Terminal) -> list[str]:
    """The parts with dots between them, broken between parts where a line would be too long, else at spaces."""
    lines: list[str] = []
    for part in filter(None, parts):
        said = plain(part, to)
        joined = f"{lines[-1]} {'·' if to.unicode else '|'} {said}" if lines else said
        if lines and (to.width is None or width(joined) <= to.width):
            lines[-1] = joined
        else:
            lines += wrapped_text(said, to)
    return lines


def wrapped_text(text: str, to: Terminal, hang: str = "") -> list[str]:
    """The text in lines, those after the first with `hang` before them.

    >>> wrapped_text("one two three", Terminal(8, True, True, True), "  ")
    ['one two', '  three']
    """
    said = plain(text, to)
    if to.width is None or width(said) <= to.width:
        return [said]
    return wrap(said, to.width, subsequent_indent=hang, break_on_hyphens=False)
