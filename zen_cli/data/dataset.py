"""Rows as read, and the schema by which new rows are read the same way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.dialect import Dialect

if TYPE_CHECKING:
    from zen_cli.data.columns import Column

Array = NDArray[Any]
KINDS = ("table", "image", "array", "builtin", "text", "series")
PIXEL = 255.0  # uint8 features are pixels: 0..255 becomes 0..1


class Schema(NamedTuple):
    """What the columns are: enough to read new rows for a trained model, and to name its outputs.

    kind: table, image, array, builtin, text or series. features: column names, () where there are none. shape: of the
    inputs that a row gives. target: column names. classes: the name of each label, None for numbers. columns, outputs:
    types of the features and the targets of a table, resolved. divisor: what features are divided by when no scaling is
    asked for (255 for pixels, else 1). symbols: the characters of a text, whose numbers the network takes.
    """

    kind: str
    features: tuple[str, ...]
    shape: tuple[int, ...]
    target: tuple[str, ...] = ()
    classes: tuple[str, ...] | None = None
    columns: tuple[Column, ...] = ()
    outputs: tuple[Column, ...] = ()
    dialect: Dialect = Dialect()
    divisor: float = 1.0
    symbols: tuple[str, ...] = ()

    @property
    def filled(self) -> bool:
        """Whether symbol 0 only fills up rows that are texts of their own."""
        return self.symbols[:1] == ("",)

    @property
    def steps(self) -> int:
        """How many targets a row has because each of its symbols has the next one as target; 0: it is one target."""
        return self.shape[0] if self.symbols and not self.target else 0

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs of a table: a column may give several."""
        named = zip(self.features, self.columns, strict=True) if self.columns else ()
        return tuple(name for feature, column in named for name in column.inputs(feature)) or self.features


class Keys(NamedTuple):
    """Columns that decide how rows are split, one value a row; None where nothing was asked for.

    group: the number of a row's group. order: what rows are sorted by. part: 0 training, 1 validation, 2 test.
    """

    group: Array | None = None
    order: Array | None = None
    part: Array | None = None


def plain_number(value: float) -> float | int | None:
    """Whole numbers without a point; None for NaN."""
    return None if value != value else int(value) if float(value).is_integer() else float(value)


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """All rows of a source in their order.

    features: a Frame of a table's columns; else (rows, *shape), float64 as read or uint8 pixels. targets: labels int64
    (rows,), numbers float64 (rows, width), or None. origin: where they came from. own_test: so many rows at the end
    are the test rows that the source itself sets apart; own_validation: so many before them. keys: what the split goes
    by. left_out: columns that are no features; notes: what was decided
    that a user may not expect. digest: the hash of the content, where it is known already.
    """

    features: Any  # an array or a Frame
    targets: Array | None
    schema: Schema
    origin: str
    own_test: int = 0
    own_validation: int = 0
    keys: Keys = Keys()
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    digest: str = ""

    @property
    def rows(self) -> int:
        return len(self.features)

    def cells(self, row: int) -> list[Any]:
        """The features of a row that have names, as a user would write them."""
        schema = self.schema
        if not schema.columns:
            if schema.symbols and schema.features:
                return ["".join(schema.symbols[code] for code in self.features[row : row + 1][0].tolist())]
            plain = schema.features and len(schema.shape) == 1
            return [plain_number(value) for value in self.features[row : row + 1][0].tolist()] if plain else []
        from zen_cli.data.frame import slots

        frame = self.features[row : row + 1]
        paired = zip(schema.columns, slots([column.storage for column in schema.columns]), strict=True)
        return [column.cell(slot.of(frame)[0]) for column, slot in paired]

    @property
    def labels(self) -> Array | None:
        """The targets where they are labels of classes, one a row, else None."""
        return None if self.schema.classes is None or self.schema.steps else self.targets

    @cached_property
    def sha256(self) -> str:
        """Hash of the content: types, shapes and values of features and targets, names, levels and classes.

        The order of rows counts; how a file wrote them (line ends, compression, spaces) does not.
        """
        if self.digest:
            return self.digest
        from hashlib import sha256

        schema, arrays = self.schema, [self.features, self.targets]
        digest = sha256(repr((schema.features, schema.target, schema.classes, self.own_test)).encode())
        if self.own_validation:
            digest.update(str(self.own_validation).encode())
        if schema.columns:
            arrays = [self.features.numbers, self.targets]
            levels = [getattr(column, "levels", None) for column in schema.columns]
            if any(found is not None for found in levels):
                digest.update(repr(levels).encode())
                arrays.append(self.features.codes)
        for array in (*arrays, *self.keys):
            if array is not None:
                digest.update(f"{array.dtype.str}{array.shape}".encode())
                for block in array.blocks() if hasattr(array, "blocks") else (array,):
                    digest.update(np.ascontiguousarray(block).data)
        return digest.hexdigest()
