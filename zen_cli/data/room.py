"""What reading and training may take."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


def nothing(text: str) -> None:
    """Tells nobody."""


class Room(NamedTuple):
    """Bytes of memory (None: as many as it takes), and a folder where large tables are kept (None: nowhere), with the
    bytes that it may hold; `say` tells a user what is done there.
    """

    memory: int | None = None
    folder: str | None = None
    limit: int = 0
    say: Callable[[str], None] = nothing


ANY = Room()
