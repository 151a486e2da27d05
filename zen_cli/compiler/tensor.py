"""The symbolic tensor: what is computed, from what, and its shape. It holds no numbers and knows no NumPy.

A tensor is one use of a primitive. Shapes leave the replica axis out: axes are counted from the end, so a
program that trains R nets at once puts R in front of everything without any layer knowing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

Shape = tuple[int, ...]
Number = float | int


class Tensor:
    """The result of `primitive` on `inputs`.

    `scope` names the layer it belongs to (`2 sigmoid`, `2 sigmoid, gradient`) for whoever reads the program.
    """

    __slots__ = ("primitive", "inputs", "shape", "options", "scope")

    def __init__(
        self, primitive: str, inputs: tuple[Tensor, ...], shape: Shape, options: dict[str, Any] | None = None,
        scope: str = "",
    ) -> None:
        self.primitive, self.inputs, self.shape = primitive, inputs, shape
        self.options = options or {}
        self.scope = scope

    @property
    def rank(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def number(self) -> float | None:
        """The value, if this is a constant number."""
        return self.options["value"] if self.primitive == "constant" and not self.shape else None

    def __repr__(self) -> str:
        return f"<{self.options.get('name', self.primitive)} {self.shape}>"

    def __add__(self, other: Tensor | Number) -> Tensor:
        return apply("add", self, other)

    def __radd__(self, other: Number) -> Tensor:
        return apply("add", other, self)

    def __sub__(self, other: Tensor | Number) -> Tensor:
        return apply("subtract", self, other)

    def __rsub__(self, other: Number) -> Tensor:
        return apply("subtract", other, self)

    def __mul__(self, other: Tensor | Number) -> Tensor:
        return apply("multiply", self, other)

    def __rmul__(self, other: Number) -> Tensor:
        return apply("multiply", other, self)

    def __truediv__(self, other: Tensor | Number) -> Tensor:
        return apply("divide", self, other)

    def __rtruediv__(self, other: Number) -> Tensor:
        return apply("divide", other, self)

    def __pow__(self, exponent: Tensor | Number) -> Tensor:
        return apply("power", self, exponent)

    def __rpow__(self, base: Number) -> Tensor:
        return apply("power", base, self)

    def __matmul__(self, other: Tensor) -> Tensor:
        return apply("matmul", self, other)

    def __neg__(self) -> Tensor:
        return apply("negative", self)

    @property
    def T(self) -> Tensor:
        """The last two axes exchanged."""
        return apply("transpose", self, axes=(-1, -2))


def apply(primitive: str, *inputs: Tensor | Number, **options: Any) -> Tensor:
    """The tensor that `primitive` makes of `inputs`; its shape comes from the table of primitives."""
    from zen_cli.compiler.primitives import PRIMITIVES

    tensors = tuple(item if isinstance(item, Tensor) else constant(item) for item in inputs)
    shape = PRIMITIVES[primitive].shape(*(tensor.shape for tensor in tensors), **options)
    return Tensor(primitive, tensors, shape, options)


def constant(value: Any, shape: Shape = ()) -> Tensor:
    """A number known when the program is compiled; or an array of `shape`, as NumPy would say it: `np.tri(4)`."""
    return Tensor("constant", (), shape, {"value": value})


def leaf(name: str, shape: Shape, *, stacked: bool = True, index: bool = False) -> Tensor:
    """A value that comes from outside under `name`: data, a parameter, a slot of an optimizer.

    `stacked`: every replica has its own; `index`: whole numbers (class labels), not floats.
    """
    return Tensor("leaf", (), shape, {"name": name, "stacked": stacked, "index": index})


def scalar(name: str, *, stacked: bool = False) -> Tensor:
    """A number known at the start of a step (the rate, the step's count): plain Python arithmetic on it is free.

    `stacked`: where a program trains replicas, an array with one for each may be given (their rates).
    """
    return Tensor("scalar", (), (), {"name": name, "stacked": stacked})


def ancestors(outputs: Iterable[Tensor]) -> list[Tensor]:
    """Every tensor that `outputs` need, each after its inputs, in the order in which they are first asked for."""
    ordered: dict[Tensor, None] = {}
    stack = [(tensor, False) for tensor in reversed(list(outputs))]
    while stack:
        tensor, inputs_done = stack.pop()
        if tensor in ordered:
            continue
        if inputs_done:
            ordered[tensor] = None
            continue
        stack.append((tensor, True))
        stack.extend((item, False) for item in reversed(tensor.inputs) if item not in ordered)
    return list(ordered)
