"""Targets that are classes: the names in order, and each row's label, the number of its class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zen_cli.data.cells import is_number, number, shown
from zen_cli.errors import Exit, Place, ZenError

Array = NDArray[Any]
Locate = Callable[[int], Place]


def in_order(levels: Iterable[str]) -> list[str]:
    """Sorted as text, or by value where all are whole numbers.

    >>> in_order(["10", "9"]), in_order(["10", "9", "x"])
    (['9', '10'], ['10', '9', 'x'])
    """
    listed = list(levels)
    whole = all(is_number(text) and number(text).is_integer() for text in listed)
    return sorted(listed, key=number) if whole else sorted(listed)


def from_texts(levels: list[str], locate: Locate) -> tuple[Array, tuple[str, ...]]:
    """The label of each text, and the class names: sorted as text, or by value where all are whole numbers.

    Raises:
        ZenError: fewer than two classes, or the mistakes of `from_numbers`.
    """
    if levels and all(map(is_number, levels)):
        return from_numbers(np.array([number(text) for text in levels]), locate)
    names = tuple(sorted(levels))
    _refuse_single(names, locate)
    position = {name: label for label, name in enumerate(names)}
    return np.array([position[text] for text in levels], np.int64), names


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


def not_a_class(text: str, classes: Sequence[str], place: Place) -> ZenError:
    """The error for a target that is none of a model's classes."""
    listed = ", ".join(classes[:10]) + (", ..." if len(classes) > 10 else "")
    what = f"class {shown(text)} is not one of the {len(classes)} classes"
    return ZenError(what, place, f"classes: {listed}", Exit.FILES)


def _refuse_single(names: tuple[str, ...], locate: Locate) -> None:
    if len(names) < 2:
        place = locate(0)._replace(line=None, column=None)
        what = f"the target has one class only, {shown(names[0])}" if names else "the target has no classes"
        raise ZenError(what, Place(place.file), "a classifier needs rows of two classes or more", Exit.FILES)
