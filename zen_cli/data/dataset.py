"""Rows as read, and the schema by which new rows are read the same way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zen_cli.errors import Exit, Place, ZenError

Array = NDArray[Any]
KINDS = ("table", "image", "array", "builtin")
PIXEL = 255.0  # uint8 features are pixels: 0..255 becomes 0..1


class Schema(NamedTuple):
    """What the columns are: enough to read new rows for a trained model, and to name its outputs.

    kind: table, image, array or builtin. features: column names, () where pixels have none. shape: of one
    row. target: column names. classes: the name of each label, None for numbers. delimiter: of a table.
    divisor: what features are divided by when no standardizing is asked for (255 for pixels, else 1).
    """

    kind: str
    features: tuple[str, ...]
    shape: tuple[int, ...]
    target: tuple[str, ...] = ()
    classes: tuple[str, ...] | None = None
    delimiter: str = ","
    divisor: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        """The schema as plain values that JSON can hold; `from_dict` is its inverse.

        >>> schema = Schema("table", ("length", "width"), (2,), ("species",), ("setosa", "virginica"))
        >>> Schema.from_dict(schema.to_dict()) == schema
        True
        """
        plain = self._asdict()
        return {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}

    @classmethod
    def from_dict(cls, plain: Any, where: Place | None = None) -> Schema:
        """The schema in what `to_dict` gave; a ZenError if it is damaged."""
        if not _well_formed(plain):
            raise ZenError("the schema of the data is damaged", where, code=Exit.FILES)
        values = (plain[key] for key in cls._fields)
        return cls._make(tuple(value) if isinstance(value, list) else value for value in values)


def _well_formed(plain: Any) -> bool:
    if not isinstance(plain, dict) or set(plain) != set(Schema._fields) or plain["kind"] not in KINDS:
        return False
    texts = (plain["features"], plain["target"], [] if plain["classes"] is None else plain["classes"])
    shape, divisor = plain["shape"], plain["divisor"]
    return (
        all(isinstance(names, list) and all(isinstance(name, str) for name in names) for names in texts)
        and isinstance(shape, list) and all(type(size) is int and size > 0 for size in shape)
        and isinstance(plain["delimiter"], str) and len(plain["delimiter"]) == 1
        and isinstance(divisor, (int, float)) and 0 < divisor < float("inf")
    )


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """All rows of a source in their order.

    features: (rows, *shape), float64 as read or uint8 pixels. targets: labels int64 (rows,), numbers float64
    (rows, width), or None. origin: where they came from. own_test: so many rows at the end are the test rows
    that the source itself sets apart.
    """

    features: Array
    targets: Array | None
    schema: Schema
    origin: str
    own_test: int = 0

    @property
    def rows(self) -> int:
        return len(self.features)

    @property
    def labels(self) -> Array | None:
        """The targets where they are labels of classes, else None."""
        return None if self.schema.classes is None else self.targets

    @cached_property
    def sha256(self) -> str:
        """Hash of the content: types, shapes and values of features and targets, names and classes.

        The order of rows counts; how a file wrote them (line ends, compression, spaces) does not.
        """
        from hashlib import sha256

        schema = self.schema
        digest = sha256(repr((schema.features, schema.target, schema.classes, self.own_test)).encode())
        for array in (self.features, self.targets):
            if array is not None:
                digest.update(f"{array.dtype.str}{array.shape}".encode())
                digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()
