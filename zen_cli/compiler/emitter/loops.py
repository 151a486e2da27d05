"""A loop over time in NumPy: the lines of one round below a `for`, on parts of the arrays that go through time.

All parts, and bound methods of parts, are made before anything runs: a round unpacks them and slices nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from zen_cli.compiler.emitter.code import Code
from zen_cli.compiler.emitter.lower import lowered
from zen_cli.compiler.emitter.terms import Array
from zen_cli.compiler.loop import Loop
from zen_cli.compiler.plan import Assignment, make_plan
from zen_cli.compiler.tensor import Tensor, leaf


def written(code: Code, tensor: Tensor, results: dict[int, Array]) -> list[str]:
    """The lines of a loop that leaves its results in arrays, given by their number; what is not asked for is made here.

    What is carried and stored is read from the place of the step before and written to the next: nothing is copied.
    """
    loop: Loop = tensor.options["loop"]
    given = dict(zip(loop.leaves, (code.array(x) for x in tensor.inputs), strict=True))
    lead = (code.replicas,) if any(given[inner].ndim > x.rank for inner, x in _pairs(loop, tensor)) else ()
    for number in range(len(loop.carried) + len(loop.kept)):
        results.setdefault(number, np.empty((*lead, *loop.shape(number)), code.dtype))
    rounds = _Rounds(code, loop)
    start = [rounds.close(inner, given) for inner in loop.sliced]
    leaves = {inner.options["name"]: given[inner] for inner in loop.fixed}
    leaves |= {inner.options["name"]: rounds.part(given[inner], inner.rank, 0) for inner in loop.sliced}
    assignments = []
    ahead, behind = (1, 0) if loop.backward else (0, 1)  # the place of the value before a step, and after it
    for i, (inner, following) in enumerate(zip(loop.carried, loop.following, strict=True)):
        target = leaf(f"result {i}", inner.shape) if loop.stored else inner
        leaves[inner.options["name"]] = rounds.part(results[i], inner.rank, ahead) if loop.stored else results[i]
        start.append(_copied(code, leaves[inner.options["name"]], given[inner]))
        if loop.stored:
            leaves[f"result {i}"] = rounds.part(results[i], inner.rank, behind)
        assignments.append(Assignment(target, following))
    for number, value in enumerate(loop.kept, start=len(loop.carried)):
        leaves[f"result {number}"] = rounds.part(results[number], value.rank, 0)
        assignments.append(Assignment(leaf(f"result {number}", value.shape), value))
    return [*filter(None, start), *rounds.lines(assignments, leaves)]


def _pairs(loop: Loop, tensor: Tensor) -> zip[tuple[Tensor, Tensor]]:
    return zip(loop.leaves, tensor.inputs, strict=True)


def _copied(code: Code, place: Array, source: Array) -> str:
    return f"{code.bound(np.copyto, 'copyto')}({code.bound(place, 'a')}, {code.bound(source, 'a')})"


class _Rounds:
    """The rounds of a loop: which arrays move on from round to round, and by how many bytes."""

    def __init__(self, code: Code, loop: Loop) -> None:
        self.code, self.loop = code, loop
        self.first = loop.rounds - 1 if loop.backward else 0
        self.moving: list[tuple[Array, int]] = []  # the part of the first round, and how far the next one is
        self.values: list[tuple[Any, int]] = []  # what the lines name, and how far that is in the next round

    def part(self, array: Array, rank: int, offset: int) -> Array:
        """The part of the first round: its step of the array, or one later."""
        steps = np.moveaxis(array, -1 - rank, 0)
        part: Array = steps[self.first + offset, ...]  # a view, where it is a single number too
        self.moving.append((part, -steps.strides[0] if self.loop.backward else steps.strides[0]))
        return part

    def close(self, inner: Tensor, given: dict[Tensor, Array]) -> str:
        """Puts a copy in the place of a sequence where the numbers of a step do not lie one after the other."""
        array = given[inner]
        if np.moveaxis(array, -1 - inner.rank, 0)[0][(0,) * (array.ndim - 1 - inner.rank)].flags.c_contiguous:
            return ""
        given[inner] = np.empty(array.shape, array.dtype)
        return _copied(self.code, given[inner], array)

    def lines(self, assignments: list[Assignment], leaves: dict[str, Array]) -> list[str]:
        body = Code(leaves, self.code.replicas, self.code.dtype, self._name)
        values = lowered([value for _, value in assignments], spread=self.code.replicas is None)
        plan = make_plan([Assignment(*pair) for pair in zip((a.target for a in assignments), values, strict=True)])
        body.allocate(plan)
        body.write(plan)
        names = "".join(f"v{i}, " for i in range(len(self.values)))
        rounds = [tuple(_moved(*value, t) for value in self.values) for t in range(self.loop.rounds)]
        head = f"for {names.rstrip(', ') if len(self.values) > 1 else names} in {self.code.bound(rounds, 'rounds')}:"
        return [head, *(f"    {line}" for line in body.lines)]

    def _name(self, value: Any, prefix: str) -> str:
        array = value if isinstance(value, np.ndarray) else getattr(value, "__self__", None)
        if isinstance(array, np.ndarray):
            for part, step in self.moving:
                if _within(array, part):
                    self.values.append((value, step))
                    return f"v{len(self.values) - 1}"
        return self.code.bound(value, prefix)


def _within(array: Array, part: Array) -> bool:
    """Whether an array lies in a part: of a stack, in that of one replica or of all."""
    stacked = not part.flags.c_contiguous
    one, apart, count = (part[0], part.strides[0], len(part)) if stacked else (part, part.nbytes, 1)
    offset = _address(array) - _address(part)
    return 0 <= offset < apart * count and offset % apart < one.nbytes


def _moved(value: Any, step: int, rounds: int) -> Any:
    """The same view of what lies `rounds` rounds on, or its bound method."""
    array = value if isinstance(value, np.ndarray) else value.__self__
    owner = array
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    offset = _address(array) + rounds * step - _address(owner)
    moved: Array = np.ndarray(array.shape, array.dtype, owner, offset, array.strides)
    return moved if array is value else getattr(moved, value.__name__)


def _address(array: Array) -> int:
    return int(array.__array_interface__["data"][0])
