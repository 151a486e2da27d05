"""What is wrong, where to change it, and how."""

from __future__ import annotations

from typing import NamedTuple

from zen_cli.errors import Place


class Finding(NamedTuple):
    """One cause, seen in the net or its data."""

    where: Place
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.remedy}"
