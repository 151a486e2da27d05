"""Numbers as the shortest text that reads back as the same number of their type.

What `repr` does for each number of 53 bits, done for all numbers of 24 bits at once: several times faster.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
DIGITS = (6, 7, 8, 9)  # a number of 24 bits never needs more than 9
LEAST, MOST = 1e-4, 1e7  # between them text has no exponent
BEFORE, AFTER = 2, 4  # groups of four digits before and after the point that such numbers need
FOUR = 10_000
POWERS = 10 ** np.arange(4 * AFTER + 1, dtype=np.int64)


def shortest(values: Array) -> list[str]:
    """The text of each of some float64 or float32 numbers (n,); `nan` and `inf` for what is none.

    >>> shortest(np.array([0.1, 1e-7, 1e9, -2.0], np.float32)), shortest(np.array([0.1 + 0.2]))
    (['0.1', '1e-07', '1000000000.0', '-2.0'], ['0.30000000000000004'])
    """
    if values.dtype != np.float32:
        return [*map(repr, values.tolist())]
    with np.errstate(all="ignore"):
        size = np.abs(values.astype(np.float64))
        usual = (size >= LEAST) & (size < MOST)
        whole = bool(usual.all())
        texts = _texts(_decimals(size if whole else np.where(usual, size, 1.0)), values < 0)
    for i in () if whole else np.flatnonzero(~usual).tolist():
        texts[i] = repr(float(str(values[i])))
    return texts


class Decimals(NamedTuple):
    """whole / 10^places."""

    whole: Array
    places: Array


def _decimals(size: Array) -> Decimals:
    """The number with the fewest digits that rounds to each of some positive numbers of 24 bits.

    A whole number below 2^53 by an exact power of ten is rounded once, and so is the number that its digits stand for.
    """
    exponent = np.floor(np.log10(size)).astype(np.int64)
    whole, places = np.zeros(len(size), np.int64), np.zeros(len(size), np.int64)
    left = np.arange(len(size))
    for digits in DIGITS:
        shift = np.maximum(digits - 1 - exponent, 0)
        power = POWERS[shift].astype(np.float64)
        tried = np.rint(size * power)
        same = (tried / power).astype(np.float32) == size
        chosen = left[same]
        whole[chosen], places[chosen] = tried[same], shift[same]
        left, size, exponent = left[~same], size[~same], exponent[~same]
    return Decimals(whole, places)


class _Groups:
    """Four digits as four bytes: all of them, without zeros at the start, without zeros at the end.

    Zero itself has one digit left in the last two where it stands next to the point.
    """

    def __init__(self) -> None:
        digits = (np.arange(FOUR)[:, None] // (1000, 100, 10, 1) % 10 + ord("0")).astype(np.uint8)
        zero = digits == ord("0")
        starts, ends = (np.logical_and.accumulate(zero[:, ::step], axis=1)[:, ::step] for step in (1, -1))
        tables = [digits, np.where(starts, 0, digits), np.where(ends, 0, digits)]
        self.words = np.concatenate(tables).astype(np.uint8).view(np.uint32).ravel()
        self.zero_before, self.zero_after = (np.frombuffer(text, np.uint32)[0] for text in (b"\0\0\x000", b"0\0\0\0"))


_GROUPS = _Groups()
WHOLE, WITHOUT_START, WITHOUT_END = 0, FOUR, 2 * FOUR
MINUS, POINT, END = (np.frombuffer(text, np.uint32)[0] for text in (b"\0\0\0-", b".\0\0\0", b"\n\0\0\0"))


def _texts(number: Decimals, negative: Array) -> list[str]:
    """Sign, digits before the point, the point, digits after it: in words of four bytes, then drawn together."""
    before, after = np.divmod(number.whole, POWERS[number.places])
    after = after * POWERS[4 * AFTER - number.places]
    words = np.zeros((len(before), BEFORE + AFTER + 3), np.uint32)
    words[:, 0], words[:, 1 + BEFORE], words[:, -1] = np.where(negative, MINUS, 0), POINT, END
    high, low = np.divmod(before, FOUR)
    words[:, 1] = _GROUPS.words.take(high + WITHOUT_START)
    words[:, 2] = _GROUPS.words.take(np.where(high == 0, low + WITHOUT_START, low))
    words[before == 0, 2] = _GROUPS.zero_before
    last = np.ones(len(after), np.bool_)  # whether nothing but zeros follows
    for place in range(BEFORE + AFTER + 1, BEFORE + 1, -1):
        after, four = np.divmod(after, FOUR)
        words[:, place] = _GROUPS.words.take(np.where(last, four + WITHOUT_END, four))
        last &= four == 0
    words[last, BEFORE + 2] = _GROUPS.zero_after
    return words.tobytes().translate(None, b"\0").decode("ascii").split("\n")[:-1]
