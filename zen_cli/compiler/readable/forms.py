"""How each primitive is said in an expression that a person reads, with the same bits as the emitted program.

What the emitter says as a product with ones is said so here too: NumPy's own sums add in another order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from zen_cli.compiler.primitives import spans
from zen_cli.compiler.readable.text import (
    ANY,
    ATOM,
    COMPARISON,
    MATRIX_PRODUCT,
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    Said,
    number,
    shortest,
)
from zen_cli.compiler.scalars import is_scalar
from zen_cli.compiler.tensor import Tensor
from zen_cli.compiler.views import whole


class Speaker(Protocol):
    """What a form needs of the script that is being written."""

    dtype: np.dtype[Any]

    def say(self, tensor: Tensor) -> Said:
        """The name of a tensor that has one, else its expression."""

    def constant(self, name: str, value: str) -> str:
        """The name of a constant of the script."""

    def is_truth(self, tensor: Tensor) -> bool:
        """Whether a comparison may stay one of truth values: wherever it is read, it is multiplied by floats."""


Form = Callable[[Speaker, Tensor], Said]


def say(speaker: Speaker, tensor: Tensor) -> Said:
    """The expression of a tensor, on the names or expressions of its inputs."""
    scalar = SCALAR_FORMS.get(tensor.primitive) if is_scalar(tensor) else None
    return (scalar or FORMS[tensor.primitive])(speaker, tensor)


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


def _multiply(speaker: Speaker, tensor: Tensor) -> Said:
    """Numbers in front, where that needs no brackets: 0.9 * mean."""
    first, second = operand(speaker, tensor, 0), operand(speaker, tensor, 1)
    if is_scalar(tensor.inputs[1]) and not is_scalar(tensor.inputs[0]) and first.binds > PRODUCT:
        first, second = second, first
    return Said(f"{first.within(PRODUCT)} * {second.within(SIGN)}", PRODUCT)


def _add(speaker: Speaker, tensor: Tensor) -> Said:
    """a - 2 * b for a + -2 * b: the same number."""
    first, second = operand(speaker, tensor, 0), operand(speaker, tensor, 1)
    if re.match(r"-\d", second.text) and second.binds in (PRODUCT, SIGN):
        return Said(f"{first.within(SUM)} - {second.text[1:]}", SUM)
    return Said(f"{first.within(SUM)} + {second.within(MATRIX_PRODUCT)}", SUM)


def _greater(speaker: Speaker, tensor: Tensor) -> Said:
    said = pattern("{} > {}", COMPARISON, SUM, SUM)(speaker, tensor)
    return said if speaker.is_truth(tensor) else Said(f"({said.text}).astype(dtype)")


def _square(speaker: Speaker, tensor: Tensor) -> Said:
    form = pattern("{} ** 2", POWER, ATOM) if tensor.shape else function("np.square")
    return form(speaker, tensor)


def _transpose(speaker: Speaker, tensor: Tensor) -> Said:
    axes = tensor.options["axes"]
    text = "{}.swapaxes(-1, -2)" if axes == (-1, -2) else f"{{}}.transpose{whole(axes, tensor.rank)}"
    return pattern("{}.T" if tensor.rank == 2 else text, ATOM, ATOM)(speaker, tensor)


def _slice(speaker: Speaker, tensor: Tensor) -> Said:
    axis, start, stop = (tensor.options[name] for name in ("axis", "start", "stop"))
    front = [":"] * (tensor.rank + axis) if -axis > 1 else ["..."] if tensor.rank > 1 else []
    index = [*front, f"{start or ''}:{stop if stop < tensor.inputs[0].shape[axis] else ''}", *[":"] * (-1 - axis)]
    while len(index) > 1 and index[-1] == ":":
        index.pop()
    return pattern(f"{{}}[{', '.join(index)}]", ATOM, ATOM)(speaker, tensor)


def _concat(speaker: Speaker, tensor: Tensor) -> Said:
    axis, said = tensor.options["axis"], []
    for start, stop, item in spans(tensor):
        gap = (*tensor.shape[:axis], stop - start, *tensor.shape[tensor.rank + axis + 1 :])
        said.append(f"np.zeros({gap}, dtype)" if item is None else speaker.say(item).text)
    return Said(f"np.concatenate(({', '.join(said)}{',' * (len(said) == 1)}), {axis})")


def _reshape(speaker: Speaker, tensor: Tensor) -> Said:
    shape = ", ".join(map(str, tensor.shape)) or "()"
    return pattern(f"{{}}.reshape({shape})", ATOM, ATOM)(speaker, tensor)


def _broadcast(speaker: Speaker, tensor: Tensor) -> Said:
    return pattern(f"np.full({tensor.shape}, {{}}, dtype)", ATOM, ANY)(speaker, tensor)


def _flat(speaker: Speaker, item: Tensor) -> str:
    return speaker.say(item).within(SIGN) if item.rank == 1 else f"{speaker.say(item).within(ATOM)}.ravel()"


def _inner(speaker: Speaker, tensor: Tensor) -> Said:
    a, b = (_flat(speaker, item) for item in tensor.inputs)
    return Said(f"{a} @ {b}", MATRIX_PRODUCT)


def _sum(speaker: Speaker, tensor: Tensor) -> Said:
    """Over the batch, over the last axis of a matrix or over everything: a product with ones, as it runs."""
    (item,), axes, keep = tensor.inputs, tensor.options["axes"], tensor.options["keep"]
    if tensor.shape == ():
        return Said(f"{_flat(speaker, item)} @ {_ones(speaker, item.size)}", MATRIX_PRODUCT)
    if item.rank == 2 and axes in ((-2,), (-1,)):
        ones, x = _ones(speaker, item.shape[axes[0]]), speaker.say(item).within(SIGN)
        text, index = (f"{ones} @ {x}", "[None, :]") if axes == (-2,) else (f"{x} @ {ones}", "[:, None]")
        return Said(f"({text}){index}") if keep else Said(text, MATRIX_PRODUCT)
    return _reduced("sum", speaker, tensor)


def _ones(speaker: Speaker, size: int) -> str:
    return speaker.constant(f"ones_{size}", f"np.ones({size}, dtype)")


def _max(speaker: Speaker, tensor: Tensor) -> Said:
    return _reduced("max", speaker, tensor)


def _reduced(name: str, speaker: Speaker, tensor: Tensor) -> Said:
    axes, x = tensor.options["axes"], speaker.say(tensor.inputs[0]).within(ATOM)
    keep = ", keepdims=True" if tensor.options["keep"] else ""
    return Said(f"{x}.{name}(axis={axes[0] if len(axes) == 1 else axes}{keep})")


def _one_hot(speaker: Speaker, tensor: Tensor) -> Said:
    classes = tensor.options["classes"]
    rows = speaker.constant(f"one_hot_{classes}", f"np.eye({classes}, dtype=dtype)")
    return Said(f"{rows}[{speaker.say(tensor.inputs[0]).text}]")


def _gather(speaker: Speaker, tensor: Tensor) -> Said:
    table, index = (speaker.say(item) for item in tensor.inputs)
    return Said(f"{table.within(ATOM)}[{index.text}]")


def _scatter(speaker: Speaker, tensor: Tensor) -> Said:
    rows, index = (speaker.say(item).text for item in tensor.inputs)
    add = f"lambda rows, index: [(out := np.zeros({tensor.shape}, dtype)), np.add.at(out, index, rows)][0]"
    return Said(f"{speaker.constant('add_rows', add)}({rows}, {index})")


def _random(speaker: Speaker, tensor: Tensor) -> Said:
    return Said(f"rng.random({tensor.shape}, dtype)")


def _constant(speaker: Speaker, tensor: Tensor) -> Said:
    if tensor.number is not None:
        return number(tensor.number)
    value = tensor.options["value"]
    if isinstance(value, str):
        return Said(speaker.constant("constant", f"np.asarray({value}, dtype)"))
    return Said(f"np.full({tensor.shape}, {np.asarray(value, speaker.dtype).tolist()}, dtype)")


FORMS: dict[str, Form] = {
    "constant": _constant,
    "scalar": lambda speaker, tensor: Said(tensor.options["name"]),
    "add": _add,
    "subtract": pattern("{} - {}", SUM, SUM, MATRIX_PRODUCT),
    "multiply": _multiply,
    "divide": pattern("{} / {}", PRODUCT, PRODUCT, SIGN),
    "negative": pattern("-{}", SIGN, POWER),
    "power": pattern("{} ** {}", POWER, ATOM, SIGN),
    "square": _square,
    "sqrt": function("np.sqrt"),
    "exp": function("np.exp"),
    "expm1": function("np.expm1"),
    "log": function("np.log"),
    "log1p": function("np.log1p"),
    "tanh": function("np.tanh"),
    "absolute": function("np.abs"),
    "sign": function("np.sign"),
    "maximum": function("np.maximum", 2),
    "minimum": function("np.minimum", 2),
    "greater": _greater,
    "matmul": pattern("{} @ {}", MATRIX_PRODUCT, SIGN, SIGN),
    "inner": _inner,
    "sum": _sum,
    "max": _max,
    "transpose": _transpose,
    "slice": _slice,
    "concat": _concat,
    "reshape": _reshape,
    "broadcast": _broadcast,
    "one_hot": _one_hot,
    "gather": _gather,
    "outcome": lambda speaker, tensor: speaker.say(tensor),
    "scatter": _scatter,
    "random": _random,
}
SCALAR_FORMS: dict[str, Form] = {  # numbers of the step are plain Python
    "square": pattern("{} ** 2", POWER, ATOM),
    "sqrt": function("math.sqrt"),
    "maximum": function("max", 2),
    "minimum": function("min", 2),
    "greater": pattern("float({} > {})", ATOM, SUM, SUM),
}
