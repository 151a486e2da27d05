"""Pieces of a script's expressions: texts that know how tightly they bind, and numbers."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

ANY, COMPARISON, SUM, MATRIX_PRODUCT, PRODUCT, SIGN, POWER, ATOM = range(8)  # what binds tighter is larger


class Said(NamedTuple):
    """An expression, and how tightly its outermost operator binds."""

    text: str
    binds: int = ATOM

    def within(self, needed: int) -> str:
        """The text, in brackets where its surroundings bind tighter."""
        return self.text if self.binds >= needed else f"({self.text})"


def number(value: float, short: bool = True) -> Said:
    """A number as short as it can be: 1 for 1.0."""
    if value != value or value in (math.inf, -math.inf):
        text = f"{'-' * (value < 0)}np.{abs(value)}"
    else:
        whole = short and value == int(value) and abs(value) < 1e6
        text = str(int(value)) if whole and repr(value) != "-0.0" else repr(float(value))
    return Said(text, SIGN if text.startswith("-") else ATOM)


def shortest(value: float, dtype: np.dtype[Any]) -> float:
    """What gives the same number in `dtype`: 0.1 for 0.09999999999999998 in float32."""
    rounded = dtype.type(value)
    short = float(str(rounded))
    return short if dtype.type(short) == rounded else value
