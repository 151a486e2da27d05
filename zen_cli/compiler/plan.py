"""From a graph to a list of instructions and the storage that each result lives in.

Every result has a place before anything runs, so that nothing is allocated in a step: an elementwise result
takes over the storage of an input that nobody reads again, other storage is reused once its value is dead,
and a value that is to end up in a parameter or a slot is computed right there when that is safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from zen_cli.compiler.primitives import PRIMITIVES
from zen_cli.compiler.scalars import is_scalar
from zen_cli.compiler.tensor import Tensor, ancestors
from zen_cli.compiler.views import is_view, root

FOREVER = 1 << 60
GIVEN = ("leaf", "constant", "scalar")


class Assignment(NamedTuple):
    """`value` ends up in the array of `target`, a leaf."""

    target: Tensor
    value: Tensor


class Storage:
    """Room for `size` numbers, one such row a replica if `stacked`. A leaf's own array is its storage."""

    __slots__ = ("size", "stacked", "leaf")

    def __init__(self, size: int, stacked: bool, leaf: Tensor | None = None) -> None:
        self.size, self.stacked, self.leaf = size, stacked, leaf


class Plan(NamedTuple):
    instructions: list[Tensor]  # in order
    results: list[Tensor]  # what they leave in its storage: each itself, a loop its outcomes
    storage: dict[Tensor, Storage]  # of every tensor that is not a view
    copies: list[Assignment]  # values that could not be computed in place

    @property
    def temporary(self) -> list[Storage]:
        """What has to be allocated."""
        found = dict.fromkeys(self.storage[item] for item in self.results)
        return [storage for storage in found if storage.leaf is None]


def stacked_tensors(tensors: Iterable[Tensor]) -> set[Tensor]:
    """Those that differ between replicas: stacked leaves, random numbers, and all that depends on them."""
    found: set[Tensor] = set()
    for tensor in tensors:
        own = tensor.options.get("stacked") or tensor.primitive in ("random", "scalar")
        if own or any(item in found for item in tensor.inputs):
            found.add(tensor)
    return found


def make_plan(
    assignments: Sequence[Assignment], keep: Sequence[Tensor] = (), known: dict[Tensor, Storage] | None = None
) -> Plan:
    """The plan that makes every assignment and keeps the values of `keep` for later; `known` values are there."""
    return _Planner(_computed(assignments), keep, known or {}).plan()


def _computed(assignments: Sequence[Assignment]) -> list[Assignment]:
    """The assignments, where one that copies the old value of another's target (a swap) computes it: times one."""
    targets = {target for target, _ in assignments}
    return [
        Assignment(target, value * 1.0 if root(value) in targets and root(value) is not target else value)
        for target, value in assignments
    ]


class _Planner:
    def __init__(
        self, assignments: Sequence[Assignment], keep: Sequence[Tensor], known: dict[Tensor, Storage]
    ) -> None:
        self.assignments, self.keep = assignments, keep
        self.storage = dict(known)
        self.known = known
        ordered = ancestors([*keep, *(value for _, value in assignments)])
        self.stacked = stacked_tensors(ordered)
        self.instructions = [item for item in ordered if self._is_computed(item)]
        self.results = {item: [item] for item in self.instructions}
        self.results |= {item: [] for item in self.instructions if item.primitive == "loop"}
        for item in ordered:
            if item.primitive == "outcome":
                self.results[item.inputs[0]].append(item)
        self.last_use = self._last_uses()
        self.free: list[Storage] = []
        self.targets = {value: target for target, value in reversed(assignments)}
        self.leaf_storage = {target: Storage(target.size, True, target) for target, _ in assignments}
        self.holder: dict[Storage, Tensor] = {}
        self.heirs = {target: self._heirs(value) for target, value in assignments}
        for leaf in (item for item in ordered if item.primitive in ("leaf", "constant")):
            own = self.leaf_storage.get(leaf) or Storage(leaf.size, leaf in self.stacked, leaf)
            self.storage[leaf] = own
            if leaf in self.leaf_storage:
                self.holder[own] = leaf

    def _is_computed(self, tensor: Tensor) -> bool:
        given = tensor.primitive in GIVEN or tensor in self.known or is_scalar(tensor)
        return not given and not is_view(tensor) and tensor.primitive != "outcome"

    def _last_uses(self) -> dict[Tensor, int]:
        last = {root(item): i for i, tensor in enumerate(self.instructions) for item in tensor.inputs}
        last.update((root(value), FOREVER) for _, value in self.assignments)
        last.update((tensor, FOREVER) for tensor in (*self.known, *self.keep))
        return last

    def _heirs(self, value: Tensor) -> set[Tensor]:
        """The results that may live in the target's array on the way to `value`: each read only by the next."""
        uses: dict[Tensor, int] = {}
        for tensor in self.instructions:
            for item in tensor.inputs:
                uses[item] = uses.get(item, 0) + 1
        heirs, stack = {value}, [value]
        while stack:
            tensor = stack.pop()
            for item in tensor.inputs if tensor.inputs and PRIMITIVES[tensor.primitive].elementwise else ():
                computed = item.inputs and not is_view(item) and item not in self.targets
                if computed and item.shape == value.shape and uses.get(item) == 1:
                    heirs.add(item)
                    stack.append(item)
        return heirs

    def plan(self) -> Plan:
        for i, tensor in enumerate(self.instructions):
            for result in self.results[tensor]:
                chosen = self._choose(i, result)
                self.storage[result] = chosen
                self.holder[chosen] = result
            self._release(i, tensor)
        copies = [a for a in self.assignments if self._resting_place(a.value) is not self.leaf_storage[a.target]]
        return Plan(self.instructions, [*chain(*self.results.values())], self.storage, copies)

    def _resting_place(self, value: Tensor) -> Storage | None:
        return None if is_view(value) else self.storage.get(value)

    def _choose(self, i: int, tensor: Tensor) -> Storage:
        target = self.targets.get(tensor)
        if target is not None and self._may_overwrite(i, tensor, self.leaf_storage[target]):
            return self.leaf_storage[target]
        for item in tensor.inputs if PRIMITIVES[tensor.primitive].elementwise else ():
            storage = self.storage.get(item)
            if storage is not None and self._may_take(i, tensor, item, storage):
                return storage
        return self._fresh(tensor.size, tensor in self.stacked)

    def _may_overwrite(self, i: int, tensor: Tensor, storage: Storage) -> bool:
        holder = self.holder.get(storage)
        if tensor not in self.stacked:
            return False
        if holder is None or self.last_use.get(holder, -1) < i:
            return True
        return self._may_take(i, tensor, holder, storage)

    def _may_take(self, i: int, tensor: Tensor, item: Tensor, storage: Storage) -> bool:
        """Whether `tensor` may be written over its input `item`."""
        if not PRIMITIVES[tensor.primitive].elementwise or self.holder.get(storage) is not item:
            return False
        if storage.leaf is not None and tensor not in self.heirs.get(storage.leaf, ()):
            return False
        aligned = item in tensor.inputs and item.shape == tensor.shape
        same_room = storage.stacked == (tensor in self.stacked) and storage.size == tensor.size
        seen_otherwise = any(other is not item and root(other) is item for other in tensor.inputs)
        return aligned and same_room and not seen_otherwise and self.last_use.get(item) == i

    def _fresh(self, size: int, stacked: bool) -> Storage:
        fitting = [s for s in self.free if s.stacked == stacked and s.size >= size]
        if not fitting:
            return Storage(size, stacked)
        best = min(fitting, key=lambda storage: storage.size)
        self.free.remove(best)
        return best

    def _release(self, i: int, tensor: Tensor) -> None:
        taken = [self.storage[result] for result in self.results[tensor]]
        for item in dict.fromkeys(map(root, tensor.inputs)):
            storage = self.storage.get(item)
            ours = storage is not None and storage.leaf is None and item not in self.known
            if ours and storage not in taken and self.last_use.get(item) == i and storage not in self.free:
                self.free.append(storage)  # type: ignore[arg-type]
