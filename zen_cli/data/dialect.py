"""How a file writes its table."""

from __future__ import annotations

from typing import NamedTuple


class Dialect(NamedTuple):
    """What parts cells, which decimal sign and encoding it has, whether names come first, texts for missing cells."""

    delimiter: str = ","
    decimal: str = "."
    encoding: str = "utf-8"
    header: bool = True
    null: tuple[str, ...] = ()


PLAIN = Dialect()
