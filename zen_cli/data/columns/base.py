"""What a type of column is: how its cells become numbers, what is fitted, and which inputs it gives a network."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.cells import CellPlace
from zen_cli.data.dataset import plain_number
from zen_cli.data.facts import Facts
from zen_cli.registry import Registry, options_of

if TYPE_CHECKING:
    from zen_cli.config.sections import Data

Array = NDArray[Any]
Cell = Callable[[int], CellPlace]
"""The place of a row's cell, for what is wrong with it."""


class CellReader(ABC):
    """Text cells of one column into values, block by block: float64, or codes int32; NaN or -1 where missing."""

    @abstractmethod
    def read(self, cells: list[str], place: Cell) -> Array:
        """One value a cell; a ZenError for the first cell that cannot be one."""


class Column(ABC):
    """The options of a column, as a config states them or as they were inferred.

    What a file tells (`levels`) is an option too, so that a resolved column says everything that is needed to read new
    rows. What depends on the training rows is not in it: `fit` gives it, as a flat array for the checkpoint.
    """

    registry: ClassVar[Registry[Column]]
    name: ClassVar[str]
    storage: ClassVar[Literal["numbers", "codes"]] = "numbers"
    missing: str | None

    @abstractmethod
    def reader(self, null: frozenset[str], decimal: str) -> CellReader:
        """Reads the column's cells; `null` are further texts, in lower case, that mean a missing cell."""

    @abstractmethod
    def resolved(self, section: Data) -> Column:
        """The same column with nothing left open; what it does not state follows from the section `data`."""

    @abstractmethod
    def inputs(self, name: str) -> tuple[str, ...]:
        """The names of the inputs that a column called `name` gives the network: always as many."""

    @abstractmethod
    def fit(self, facts: Facts) -> Array:
        """What `apply` needs of the training rows, as one flat array."""

    @abstractmethod
    def apply(self, values: Array, fitted: Array, out: Array) -> None:
        """Writes the inputs of some rows: values (rows,) as they were read, out (rows, inputs)."""

    def cell(self, value: Any) -> Any:
        """A value as a user would write it; None if it is missing."""
        return plain_number(value)

    def finished(self, reader: CellReader) -> Column:
        """The column with what its reader has seen in the whole file."""
        return self

    @property
    def lacks_rule(self) -> bool:
        """Whether nothing says what a missing cell of a new row shall be."""
        return self.missing in ("refuse", "drop")

    def absent(self, values: Array) -> Array:
        """Which cells are missing."""
        return np.isnan(values) if self.storage == "numbers" else values == -1

    def with_options(self, **options: Any) -> Column:
        """A copy in which these options have other values."""
        other = copy.copy(self)
        for name, value in options.items():
            setattr(other, name, value)
        return other

    def to_dict(self) -> dict[str, Any]:
        """Type and options as plain values that JSON can hold."""
        return {"type": self.name, **{option.name: getattr(self, option.name) for option in options_of(type(self))}}

    def shortened(self, section: Data) -> Any:
        """As a config says it: the type alone, or with what does not follow from the section `data`."""
        usual = type(self)().resolved(section).to_dict()
        plain = self.to_dict().items()
        other = {name: value for name, value in plain if name == "type" or value not in (None, usual[name])}
        return other if len(other) > 1 else self.name


columns: Registry[Column] = Registry("column type")
Column.registry = columns
