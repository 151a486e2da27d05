"""What every figure of the report has."""

from __future__ import annotations

from typing import NamedTuple


class Figure(NamedTuple):
    """Drawings under one heading, with a sentence on how to read them.

    `by_steps` and `by_seconds` hold the same drawing twice; the reader chooses the axis. `always` is shown in any case.
    """

    key: str
    title: str
    caption: str
    always: tuple[str, ...] = ()
    by_steps: tuple[str, ...] = ()
    by_seconds: tuple[str, ...] = ()
