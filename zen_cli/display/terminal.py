"""What a stream can show, and how text is made safe for it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple, TextIO

NARROWEST = 10  # a terminal that claims less is not believed: its text could not be read
BOLD, DIM, RED, GREEN, YELLOW, CYAN = "1", "2", "31", "32", "33", "36"


class Terminal(NamedTuple):
    """What there is to write on.

    `width` in columns is None where lines may be as long as they like; `moves` says whether the cursor can be moved,
    `color` whether colours are wanted, `unicode` whether more than ASCII can be shown.
    """

    width: int | None
    moves: bool
    color: bool
    unicode: bool

    def style(self, text: str, *codes: str) -> str:
        """The text in bold or in a colour, where that is wanted.

        >>> Terminal(80, True, False, True).style("error", BOLD, RED)
        'error'
        """
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if self.color and text else text


def terminal(stream: TextIO, environ: Mapping[str, str]) -> Terminal:
    """Looks at the stream, TERM, COLUMNS, NO_COLOR, FORCE_COLOR and the locale."""
    is_terminal = _is_terminal(stream)
    moves = is_terminal and moves_cursor(environ)
    forced = environ.get("FORCE_COLOR", "") not in ("", "0")
    color = not environ.get("NO_COLOR") and (moves or forced)
    width = max(NARROWEST, size(stream, environ)[0]) if is_terminal else None
    return Terminal(width, moves, color, _shows_unicode(stream, environ))


def moves_cursor(environ: Mapping[str, str]) -> bool:
    """Whether TERM names a terminal that understands escape sequences."""
    return environ.get("TERM", "") not in ("", "dumb", "unknown")


def size(stream: TextIO, environ: Mapping[str, str]) -> tuple[int, int]:
    """Columns and lines: COLUMNS and LINES where they are positive, else as the terminal says, else 80 by 24."""
    try:
        found = tuple(os.get_terminal_size(stream.fileno()))
    except (OSError, ValueError, AttributeError):
        found = (0, 0)
    columns, lines = (_positive(environ.get(name, "")) for name in ("COLUMNS", "LINES"))
    return columns or found[0] or 80, lines or found[1] or 24


def escape(text: str) -> str:
    r"""The text with control characters, and what else could mislead a reader, written out.

    >>> escape("a\x1b[31m\nb"), escape("Grüße [red]")
    ('a\\x1b[31m\\nb', 'Grüße [red]')
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def encodable(text: str, stream: TextIO) -> str:
    """The text with what the stream's encoding lacks written out, so that writing cannot fail for it."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text if text.isascii() else text.encode(encoding, "backslashreplace").decode(encoding)


class Output:
    """A text stream for what may be lost: a reader who is gone, or a full disk, stops nothing."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        try:
            self.stream.write(encodable(text, self.stream))
        except (OSError, ValueError):  # ValueError: closed
            return 0
        return len(text)

    def flush(self) -> None:
        try:
            self.stream.flush()
        except (OSError, ValueError):
            return

    def line(self, text: str) -> None:
        """Writes a line at once."""
        self.write(text + "\n")
        self.flush()


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (OSError, ValueError, AttributeError):
        return False


def _positive(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _shows_unicode(stream: TextIO, environ: Mapping[str, str]) -> bool:
    # Python writes UTF-8 in the C locale, whatever the terminal can show.
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    try:
        "━▁…".encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeError, LookupError):
        return False
    return locale not in ("C", "POSIX")
