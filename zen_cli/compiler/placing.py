"""Parts of a concatenation that may be computed right where they belong, instead of being copied there.

A way back through an LSTM joins the gradients of four gates in each round: a twentieth of its step was copies.
"""

from __future__ import annotations

from collections.abc import Iterator

from zen_cli.compiler.plan import Plan, Storage
from zen_cli.compiler.primitives import PRIMITIVES
from zen_cli.compiler.tensor import Tensor
from zen_cli.compiler.views import root


def placed(plan: Plan) -> Iterator[tuple[Tensor, Tensor]]:
    """Concatenations of the plan with each of their parts that is elementwise and read by nobody else, where their
    own place is not in use from the moment the part is computed.
    """
    order = {tensor: i for i, tensor in enumerate(plan.instructions)}
    readers = _readers(plan)
    for tensor in plan.instructions:
        for part in tensor.inputs if tensor.primitive == "concat" else ():
            alone = part in order and PRIMITIVES[part.primitive].elementwise and readers[part] == 1
            if alone and _alike(plan, tensor, part):
                between = {*plan.instructions[order[part] : order[tensor]]}
                if not _used(plan, plan.storage[tensor], between):
                    yield tensor, part


def _readers(plan: Plan) -> dict[Tensor, int]:
    """How often the numbers of each result are read."""
    found: dict[Tensor, int] = {}
    read = [item for tensor in plan.instructions for item in tensor.inputs]
    for item in map(root, [*read, *(value for _, value in plan.copies)]):
        found[item] = found.get(item, 0) + 1
    return found


def _alike(plan: Plan, tensor: Tensor, part: Tensor) -> bool:
    """Whether both have replicas or neither has, and the part is not to stay elsewhere."""
    whole, own = plan.storage[tensor], plan.storage[part]
    return own.leaf is None and whole.stacked == own.stacked


def _used(plan: Plan, storage: Storage, instructions: set[Tensor]) -> bool:
    written = [item for item in plan.results if _instruction(item) in instructions]
    read = [root(item) for tensor in instructions for item in tensor.inputs]
    return any(plan.storage.get(item) is storage for item in [*written, *read])


def _instruction(result: Tensor) -> Tensor:
    """What leaves it: itself, or a loop."""
    return result.inputs[0] if result.primitive == "outcome" else result
