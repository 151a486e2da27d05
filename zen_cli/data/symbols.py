"""The characters of a text as whole numbers, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zen_cli.errors import Exit, Place, ZenError

Array = NDArray[Any]
FILL, END = 0, 1  # of several texts: what fills a row up; what stands before and after a text
LEFT_OUT = -1  # in the place of a target: nothing is to be predicted there
Locate = Callable[[int], Place]


def at(place: Place) -> Locate:
    """The same place for every character."""
    return lambda _: place


class Symbols:
    """What the numbers stand for: characters; of several texts first nothing, which fills up, and the end.

    >>> several = Symbols.of(["ab", "b"], several=True)
    >>> several.names, several.filled, several.encode("ba", lambda at: Place("")).tolist()
    (('', '\\n', 'a', 'b'), True, [3, 2])
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.filled = self.names[:1] == ("",)
        self.codes = {name: code for code, name in enumerate(self.names)}

    @classmethod
    def of(cls, texts: Iterable[str], several: bool) -> Symbols:
        """The characters of these texts, in their order in Unicode."""
        found = sorted(set().union(*texts))
        return cls(["", "\n", *(letter for letter in found if letter != "\n")] if several else found)

    def encode(self, text: str, locate: Locate) -> Array:
        """The numbers of a text; `locate` gives the place of its n-th character.

        Raises:
            ZenError: exit 3: a character that is not among them.
        """
        try:
            return np.fromiter(map(self.codes.__getitem__, text), np.int32, len(text))
        except KeyError as error:
            letter = error.args[0]
            known = "".join(name for name in self.names if name.isprintable())
            what = f"character {letter!r} is not among the {len(self.names)} that the net knows"
            raise ZenError(what, locate(text.index(letter)), f"it knows {known}", Exit.FILES) from None

    def decode(self, codes: Iterable[int]) -> str:
        return "".join(self.names[code] for code in codes)


def continued(texts: Sequence[Array], context: int) -> tuple[Array, Array]:
    """Each text as a row, and what follows each of its characters: the end before it, the end behind it.

    >>> rows, targets = continued([np.array([5, 6])], 4)
    >>> rows.tolist(), targets.tolist()
    ([[1, 5, 6, 0]], [[5, 6, 1, -1]])
    """
    rows = np.full((len(texts), context), FILL, np.int32)
    targets = np.full((len(texts), context), LEFT_OUT, np.int64)
    for row, target, text in zip(rows, targets, texts, strict=True):
        whole = np.array([END, *text, END])[: context + 1]
        row[: len(whole) - 1], target[: len(whole) - 1] = whole[:-1], whole[1:]
    return rows, targets


def filled_up(texts: Sequence[Array], context: int) -> Array:
    """Each text as a row, cut where it is too long."""
    rows = np.full((len(texts), context), FILL, np.int32)
    for row, text in zip(rows, texts, strict=True):
        row[: len(text)] = text[:context]
    return rows


def windows(codes: Array, context: int, stride: int) -> tuple[Array, Array]:
    """Pieces of a text, and what follows each of their characters; a rest too short for a piece is left out.

    >>> rows, targets = windows(np.arange(6), 2, 2)
    >>> rows.tolist(), targets.tolist()
    ([[0, 1], [2, 3]], [[1, 2], [3, 4]])
    """
    starts = np.arange(0, len(codes) - context, stride)
    places = starts[:, None] + np.arange(context)
    return codes[places].astype(np.int32), codes[places + 1].astype(np.int64)
