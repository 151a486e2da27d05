"""How each primitive is said in an expression that a person reads, with the same bits as the emitted program.

What the emitter says as a product with ones is said so here too: NumPy's own sums add in another order.
"""

from __future__ import annotations

import re

import numpy as np

from zen_cli.compiler.readable.moves import MOVES
from zen_cli.compiler.readable.speaker import Form, Speaker, function, operand, pattern
from zen_cli.compiler.readable.text import (
    ATOM,
    COMPARISON,
    MATRIX_PRODUCT,
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    Said,
    number,
)
from zen_cli.compiler.scalars import is_scalar
from zen_cli.compiler.tensor import Tensor


def say(speaker: Speaker, tensor: Tensor) -> Said:
    """The expression of a tensor, on the names or expressions of its inputs."""
    scalar = SCALAR_FORMS.get(tensor.primitive) if is_scalar(tensor) else None
    return (scalar or FORMS[tensor.primitive])(speaker, tensor)


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


def _random(speaker: Speaker, tensor: Tensor) -> Said:
    law = "random" if tensor.options.get("law", "uniform") == "uniform" else "standard_normal"
    return Said(f"rng.{law}({tensor.shape}, dtype)")


def _constant(speaker: Speaker, tensor: Tensor) -> Said:
    if tensor.number is not None:
        return number(tensor.number)
    value = tensor.options["value"]
    if isinstance(value, str):
        return Said(speaker.constant("constant", f"np.asarray({value}, dtype)"))
    return Said(f"np.full({tensor.shape}, {np.asarray(value, speaker.dtype).tolist()}, dtype)")


class Forms(dict[str, Form]):
    """By the name of the primitive; those of images are imported when one is asked for."""

    def __missing__(self, name: str) -> Form:
        from zen_cli.compiler.readable.images import IMAGES

        self.update(IMAGES)
        return dict.__getitem__(self, name)


FORMS = Forms({
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
    "outcome": lambda speaker, tensor: speaker.say(tensor),
    "random": _random,
    **MOVES,
})  # fmt: skip
SCALAR_FORMS: dict[str, Form] = {  # numbers of the step are plain Python
    "square": pattern("{} ** 2", POWER, ATOM),
    "sqrt": function("math.sqrt"),
    "maximum": function("max", 2),
    "minimum": function("min", 2),
    "greater": pattern("float({} > {})", ATOM, SUM, SUM),
}
