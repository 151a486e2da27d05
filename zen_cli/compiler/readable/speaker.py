"""What readable forms are made of: patterns with places for operands, and what they need of the script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from zen_cli.compiler.readable.text import ANY, ATOM, Said, number, shortest
from zen_cli.compiler.scalars import is_scalar
from zen_cli.compiler.tensor import Tensor


class Speaker(Protocol):
    """What a form needs of the script that is being written."""

    dtype: np.dtype[Any]

    def say(self, tensor: Tensor) -> Said:
        """The name of a tensor that has one, else its expression."""

    def constant(self, name: str, value: str) -> str:
        """The name of a constant of the script."""

    def helper(self, name: str) -> str:
        """The name of a function that the script brings along."""

    def is_truth(self, tensor: Tensor) -> bool:
        """Whether a comparison may stay one of truth values: wherever it is read, it is multiplied by floats."""


Form = Callable[[Speaker, Tensor], Said]


def pattern(text: str, binds: int, *needed: int) -> Form:
    """A form with a place for each input, which has to bind at least as tightly as `needed`."""

    def form(speaker: Speaker, tensor: Tensor) -> Said:
        parts = [operand(speaker, tensor, i).within(need) for i, need in enumerate(needed)]
        return Said(text.format(*parts), binds)

    return form


def function(name: str, inputs: int = 1) -> Form:
    return pattern(f"{name}({', '.join(['{}'] * inputs)})", ATOM, *[ANY] * inputs)


def operand(speaker: Speaker, tensor: Tensor, i: int) -> Said:
    """What is said for an input: its name or expression; a number as its reader needs it."""
    item = tensor.inputs[i]
    if not is_scalar(tensor) and all(map(is_scalar, tensor.inputs)):
        return Said(f"dtype({speaker.say(item).text})")  # Python's numbers would become float64
    if item.number is None:
        return speaker.say(item)
    if is_scalar(tensor):
        return number(item.number, short=tensor.primitive != "power")  # 3 ** t would be exact, 3.0 ** t is what runs
    return number(shortest(item.number, speaker.dtype))
