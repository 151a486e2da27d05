"""Text measured in the columns of a terminal, where some characters take two and some none."""

from __future__ import annotations

from collections.abc import Iterable

GAP = "  "  # between what stands beside each other


def width(text: str) -> int:
    """Columns that the text takes.

    >>> width("loss"), width("損失"), width("e\u0301")
    (4, 4, 1)
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


def fit(text: str, columns: int, unicode: bool = True) -> str:
    """The text, cut to `columns` with a mark that something is missing.

    >>> fit("validation", 6), fit("validation", 6, unicode=False), fit("loss", 6)
    ('valid…', 'val...', 'loss')
    """
    if width(text) <= columns:
        return text
    mark = ("…" if unicode else "...")[: max(columns, 0)]
    room, kept = columns - len(mark), ""
    for character in text:
        room -= _columns(character)
        if room < 0:
            break
        kept += character
    return kept + mark


def squeeze(text: str, columns: int, unicode: bool = True) -> str:
    """The text, cut in the middle: names and paths differ at their ends.

    >>> squeeze("validation.accuracy", 13), squeeze("loss", 13)
    ('valida…curacy', 'loss')
    """
    if width(text) <= columns:
        return text
    mark = "…" if unicode else "..."
    room = columns - len(mark)
    if room < 2:
        return fit(text, columns, unicode)
    end = fit(text[::-1], room // 2 + 1, True)[-2::-1]
    start = fit(text, room - width(end) + 1, True)[:-1]
    return start + mark + end


def pad(text: str, columns: int, right: bool = False) -> str:
    """The text with spaces up to `columns`, before it if `right`."""
    space = " " * (columns - width(text))
    return space + text if right else text + space


def wrapped(parts: Iterable[str], columns: int | None) -> str:
    """The parts in a line; where that is too long, broken between parts, and those at spaces, so that
    numbers stay whole.

    >>> wrapped(["loss 0.2513", "accuracy 0.5"], 24), wrapped(["loss 0.2513", "12 s"], 10)
    ('loss 0.2513\\naccuracy 0.5', 'loss\\n0.2513\\n12 s')
    """
    lines: list[str] = []
    for part in parts:
        if columns is None or (lines and width(lines[-1]) + len(GAP) + width(part) <= columns):
            lines[-1:] = [GAP.join((*lines[-1:], part))]
        else:
            lines += [part] if width(part) <= columns else _broken(part, columns)
    return "\n".join(lines)


def _broken(text: str, columns: int) -> list[str]:
    from textwrap import wrap

    return wrap(text, columns, break_long_words=False, break_on_hyphens=False)


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    from unicodedata import combining, east_asian_width

    return 0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1
