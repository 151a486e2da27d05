"""What a section `data` asks for and where it was written, handed to the reader of each format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from zen_cli.errors import Place, ZenError

if TYPE_CHECKING:
    from zen_cli.config.sections import Data

Task = Literal["classes", "numbers"] | None


class Request(NamedTuple):
    """The section, what the target is to be read as (None: text is classes, numbers are numbers), the place of the
    section and of single options, and the bytes of memory that may be used.
    """

    section: Data
    task: Task = None
    where: Place | None = None
    places: Mapping[str, Place] = {}
    available: int | None = None

    def place(self, option: str) -> Place | None:
        """Where an option of the section stands; where the section does, if that is not known."""
        key = f"data.{option}"
        return self.places.get(option) or (self.where and self.where._replace(key=key))

    @property
    def targets(self) -> tuple[str, ...]:
        """The target columns as a tuple of names."""
        target = self.section.target
        return () if target is None else (target,) if isinstance(target, str) else tuple(target)

    def refuse_columns(self, kind: str, *, target: bool = True) -> None:
        """Raises a ZenError for options that only a table understands."""
        names = ("features", "drop", "delimiter", *(("target",) if target else ()))
        for name in names:
            if getattr(self.section, name):
                raise ZenError(f"{kind} has no columns to choose from", self.place(name), f"remove data.{name}")
