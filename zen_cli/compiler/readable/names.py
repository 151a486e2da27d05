"""Names for what a readable script mentions: arrays from the config's layers, results from what they are."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable

from zen_cli.compiler.readable.body import Graph, rank
from zen_cli.compiler.readable.helpers import HELPERS
from zen_cli.compiler.tensor import Tensor

TAKEN = {"np", "math", "dtype", "rng", "NamedTuple", "ROOM", "FEW", *HELPERS, *dir(builtins), *keyword.kwlist}
KINDS = {
    "matmul": "product", "sum": "sums", "add": "total", "subtract": "difference", "multiply": "scaled",
    "divide": "ratio", "negative": "opposite", "greater": "mask", "max": "largest", "maximum": "larger", "sqrt": "root",
    "minimum": "smaller", "inner": "dot", "random": "draw", "absolute": "size", "log1p": "log", "expm1": "exp",
    "convolve": "sums", "convolve_input": "back", "convolve_weight": "sums", "max_pool": "largest",
    "max_pool_input": "back", "sum_pool": "sums", "sum_pool_input": "back",
}  # fmt: skip


class Names:
    """Gives every thing one name, and no name twice."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = {*TAKEN, *taken}

    def unique(self, wanted: str) -> str:
        """`wanted` as an identifier, with a number where it is taken.

        >>> names = Names()
        >>> names.unique("mask"), names.unique("mask"), names.unique("lambda"), names.unique("a b")
        ('mask', 'mask_2', 'lambda_2', 'a_b')
        """
        stem = re.sub(r"\W|^(?=\d)", "_", wanted)
        name, count = stem, 1
        while name in self.taken:
            count += 1
            name = f"{stem}_{count}"
        self.taken.add(name)
        return name


def leaf_name(name: str) -> str:
    """What the array of a leaf is called.

    >>> leaf_name("model.0.weight"), leaf_name("gradient.model.0.weight"), leaf_name("optimizer.mean")
    ('weight_0', 'gradient_weight_0', 'mean')
    """
    if name.startswith("gradient."):
        return f"gradient_{leaf_name(name.removeprefix('gradient.'))}"
    if found := re.fullmatch(r"(?:model|state)\.([\d.]+)\.(.+)", name):
        return f"{found[2]}_{found[1]}".replace(".", "_")
    return name.rpartition(".")[2]


def result_name(graph: Graph, tensor: Tensor, last: bool) -> str:
    """h2 for the result of layer 2 (`last`: its last line), d2 for the gradient of h2, else by the operation."""
    part, *path = rank(graph.scopes[tensor])
    if part == 0 and last:
        return f"h{joined(path)}"
    below = [reader for reader in map(graph.scopes.__getitem__, graph.readers_through_views(tensor)) if reader]
    below = [scope for scope in below if scope != graph.scopes[tensor] and rank(scope)[0] == 3]
    if part in (2, 3) and below:
        return f"d{joined(rank(below[0])[1:])}"
    said = kind(tensor)
    return f"{said}_{joined(path)}" if part in (0, 3) else said


def joined(path: Iterable[int]) -> str:
    """The path of a layer within a name."""
    return "_".join(str(abs(number)) for number in path)


def kind(tensor: Tensor) -> str:
    """What a result is called by what is done."""
    if not tensor.shape and tensor.primitive in ("multiply", "divide", "add", "subtract", "power", "negative"):
        return "factor"
    return KINDS.get(tensor.primitive, tensor.primitive)
