"""What a section `data` asks for and where it was written, handed to the reader of each format."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from zen_cli.data.cells import shown
from zen_cli.data.dialect import Dialect
from zen_cli.data.room import ANY, Room
from zen_cli.errors import Exit, Place, ZenError

if TYPE_CHECKING:
    from zen_cli.config.sections import Data
    from zen_cli.data.columns import Column

Task = Literal["classes", "labels", "numbers"] | None


class Request(NamedTuple):
    """The section, what the target is to be read as (None: text is classes, numbers are numbers; `labels`: several
    columns of yes and no), the place of the section and of single options, what may be taken of memory and disk, the
    types and the dialect that are stated.
    """

    section: Data
    task: Task = None
    where: Place | None = None
    places: Mapping[str, Place] = {}
    room: Room = ANY
    columns: Mapping[str, Column] = {}
    dialect: Dialect = Dialect()

    def place(self, option: str) -> Place | None:
        """Where an option of the section stands; where the section does, if that is not known."""
        key = f"data.{option}"
        return self.places.get(option) or (self.where and self.where._replace(key=key))

    def paths(self, option: str) -> list[str]:
        """The files that an option names, one by one or by a pattern; none if it is not stated.

        Raises:
            ZenError: exit 3: a pattern that fits no file.
        """
        given = getattr(self.section, option)
        names = [] if given is None else [given] if isinstance(given, str) else given
        return [path for name in names for path in self.files(os.path.join(self.folder(option), name), option)]

    def folder(self, option: str) -> str:
        """What a path is relative to: the folder of the file that states it; of a flag, the working directory."""
        place = self.places.get(option)
        if option == "source" or place is None:
            return self.section.base
        from zen_cli.config.files import folder

        return folder(place.file)

    def files(self, path: str, option: str) -> list[str]:
        """The files that a path with a pattern in it fits, by name; the path itself if there is none in it."""
        from glob import glob, has_magic

        path = os.path.normpath(path)
        if os.path.exists(path) or not has_magic(path):
            return [path]
        found = sorted(glob(path))
        if not found:
            raise ZenError(f"no file fits {path}", self.place(option), code=Exit.FILES)
        return found

    @property
    def key_columns(self) -> dict[str, str]:
        """What the split goes by, and the column that says it."""
        section = self.section.split
        named = {"group": section.group, "order": section.order, "part": section.column}
        return {key: name for key, name in named.items() if name and not (key == "order" and name == "rows")}

    @property
    def targets(self) -> tuple[str, ...]:
        """The target columns as a tuple of names."""
        target = self.section.target
        return () if target is None else (target,) if isinstance(target, str) else tuple(target)

    def for_table(self, file: str) -> Request:
        """With the dialect and the column types that the section states for a table of that name.

        Raises:
            ZenError: a delimiter or an encoding that is none, a column type that cannot be.
        """
        return self._replace(dialect=self._dialect(file), columns=self._columns())

    def refuse_columns(self, kind: str, *, target: bool = True, own_files: bool = False) -> None:
        """Raises a ZenError for options that only a table understands; `own_files`: files for validation and test."""
        names = ("features", "drop", "columns", "delimiter", *(("target",) if target else ()))
        for name in names:
            if getattr(self.section, name):
                raise ZenError(f"{kind} has no columns to choose from", self.place(name), f"remove data.{name}")
        for name in () if own_files else ("validation", "test"):
            if getattr(self.section, name):
                raise ZenError(f"{kind} has no {name} file beside it", self.place(name), f"remove data.{name}")
        for key, column in self.key_columns.items():
            name = "column" if key == "part" else key
            raise ZenError(f"{kind} has no column {column}", self.place("split"), f"remove data.split.{name}")

    def _dialect(self, file: str) -> Dialect:
        section = self.section
        delimiter = section.delimiter
        if delimiter is None:
            delimiter = "\t" if ".tsv" in file.rpartition("/")[2] else ","
        if len(delimiter) != 1 or delimiter in '"\r\n ':
            raise ZenError(f"expected one character, found {shown(delimiter)}", self.place("delimiter"))
        return Dialect(delimiter, section.decimal, self._encoding(), section.header, tuple(section.null))

    def _encoding(self) -> str:
        import codecs

        given = self.section.encoding
        try:
            known = codecs.lookup(given)
            "".encode(given)
        except (LookupError, ValueError):
            known = None
        if known is None:
            hint = "such as utf-8, latin-1, cp1252, utf-16"
            raise ZenError(f"unknown encoding {shown(given)}", self.place("encoding"), hint)
        return known.name

    def _columns(self) -> dict[str, Column]:
        if not self.section.columns:
            return {}
        from zen_cli.config.component import build
        from zen_cli.data.columns import columns
        from zen_cli.errors import Problems

        problems = Problems()
        built = {name: build(component, columns, problems) for name, component in self.section.columns.items()}
        problems.check()
        return {name: column for name, column in built.items() if column}
