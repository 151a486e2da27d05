"""The rows of a split as programs want them: in memory, or made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
LOOKED_AT = 100_000  # rows that say enough about all
SAMPLE = 1 << 20  # rows that are measured of a part that is not in memory: of more every k-th


class Lazy:
    """Looks like an array (rows, ...), of which slices are made by `make(row numbers)`."""

    def __init__(
        self, make: Callable[[Array], Array], rows: Array, shape: tuple[int, ...], dtype: np.dtype[Any]
    ) -> None:
        self._make, self._rows, self.shape, self.dtype = make, rows, (len(rows), *shape), dtype

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice) -> Array:
        return self._make(self._rows[rows])

    def every(self, step: int) -> Lazy:
        """Of so many rows the first."""
        return Lazy(self._make, self._rows[::step], self.shape[1:], self.dtype)


class Part:
    """Features and encoded targets in the program's type, and the targets as the metrics read them.

    Where they are not in memory (`streamed`), x and y are `Lazy`, and the targets are gathered at each request.
    """

    def __init__(self, x: Array | Lazy, y: Array | Lazy, targets: Array | Lazy) -> None:
        self.x: Any = x
        self.y: Any = y
        self._targets = targets

    @property
    def rows(self) -> int:
        return len(self.x)

    @property
    def targets(self) -> Array:
        return self._targets[:] if isinstance(self._targets, Lazy) else self._targets

    @property
    def streamed(self) -> bool:
        return isinstance(self.x, Lazy)

    def some(self, count: int = LOOKED_AT) -> Part:
        """So many rows in memory, from all over the part; all of them if it has fewer."""
        apart = max(1, self.rows // count)
        parts = (self.x, self.y, self._targets)
        return Part(*((p.every(apart) if isinstance(p, Lazy) else p[::apart])[:count] for p in parts))

    def sampled(self) -> Part:
        """The part, or of one that is not in memory no more than SAMPLE rows, evenly."""
        if not isinstance(self.x, Lazy) or self.rows <= SAMPLE:
            return self
        step = -(-self.rows // SAMPLE)
        return Part(*(each.every(step) for each in (self.x, self.y, self._targets) if isinstance(each, Lazy)))
