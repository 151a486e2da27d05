"""Targets that are classes: the names in order, and each row's label, the number of its class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.cells import is_number, number, shown
from zen_cli.errors import Exit, Place, ZenError

Array = NDArray[Any]
Locate = Callable[[int], Place]


class TextColumn:
    """A column of texts that repeat: each different text once, and its number for each row."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}
        self._codes: list[Array] = []

    def extend(self, cells: list[str]) -> None:
        texts = self.texts
        codes = (texts.setdefault(cell, len(texts)) for cell in cells)
        self._codes.append(np.fromiter(codes, np.int64, len(cells)))

    @property
    def codes(self) -> Array:
        return np.concatenate(self._codes)

    def row_of(self, text: str) -> int:
        """The first row that holds a text."""
        return int(np.argmax(self.codes == self.texts[text]))

    @property
    def numeric(self) -> bool:
        return all(is_number(text) for text in self.texts)


def from_texts(column: TextColumn, locate: Locate) -> tuple[Array, tuple[str, ...]]:
    """Labels int64 (rows,) and class names: sorted as text, or by value where all are whole numbers.

    Raises:
        ZenError: an empty cell, fewer than two classes, or the mistakes of `from_numbers`.
    """
    for text in column.texts:
        if text.strip().lower() in ("", "nan"):
            what = f"missing target {shown(text)}, expected a class"
            raise ZenError(what, locate(column.row_of(text)), "remove the rows without a target", Exit.FILES)
    if column.numeric:
        return from_numbers(np.array([number(text) for text in column.texts])[column.codes], locate)
    names = tuple(sorted({text.strip() for text in column.texts}))
    _refuse_single(names, locate)
    position = {name: label for label, name in enumerate(names)}
    return np.array([position[text.strip()] for text in column.texts], np.int64)[column.codes], names


def from_numbers(values: Array, locate: Locate) -> tuple[Array, tuple[str, ...]]:
    """Labels and class names of whole numbers (rows,): the classes are those that occur, in order.

    Raises:
        ZenError: a number that is not whole; a negative one, unless the classes are -1 and 1; a single class.
    """
    different, labels = np.unique(values, return_inverse=True)
    if different.dtype.kind == "f" and (broken := np.flatnonzero(different != np.floor(different))).size:
        row = int(np.argmax(labels == broken[0]))
        what = f"{different[broken[0]]:g} cannot be a class, expected text or whole numbers"
        raise ZenError(what, locate(row), "for numbers use a loss such as mse", Exit.FILES)
    if different.size and different[0] < 0 and different.tolist() != [-1, 1]:
        row = int(np.argmax(labels == 0))
        hint = "number the classes from 0, or name them by text"
        raise ZenError(f"label {different[0]:g} is negative", locate(row), hint, Exit.FILES)
    names = tuple(str(int(value)) for value in different)
    _refuse_single(names, locate)
    return labels.astype(np.int64).reshape(-1), names


def known(column: TextColumn, classes: tuple[str, ...], locate: Locate) -> Array:
    """The labels of texts by classes that are known already.

    Raises:
        ZenError: a text that is none of them; its row is named.
    """
    position = {name: label for label, name in enumerate(classes)}
    labels = []
    for text in column.texts:
        label = position.get(text.strip())
        if label is None and is_number(text) and number(text).is_integer():
            label = position.get(str(int(number(text))))
        if label is None:
            listed = ", ".join(classes[:10]) + (", ..." if len(classes) > 10 else "")
            what = f"class {shown(text)} is not one of the {len(classes)} classes"
            raise ZenError(what, locate(column.row_of(text)), f"classes: {listed}", Exit.FILES)
        labels.append(label)
    return np.array(labels, np.int64)[column.codes]


def _refuse_single(names: tuple[str, ...], locate: Locate) -> None:
    if len(names) < 2:
        place = locate(0)._replace(line=None, column=None)
        what = f"the target has one class only, {shown(names[0])}" if names else "the target has no classes"
        raise ZenError(what, Place(place.file), "a classifier needs rows of two classes or more", Exit.FILES)
