"""The way back through a loop: a loop from its last round to its first.

What a round's way back reads of the round itself is kept by the loop; the gradients of fixed values are products and
sums over all rounds at once, after the loop, where they can be: one product of 1024 rows for 32 products of 32.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from zen_cli.compiler.gradient import pull_back, total
from zen_cli.compiler.loop import Loop, looped, outcome
from zen_cli.compiler.primitives import part, reduce_sum
from zen_cli.compiler.rewrite import replaced
from zen_cli.compiler.scalars import is_scaled
from zen_cli.compiler.simplify import simplify
from zen_cli.compiler.tensor import Tensor, ancestors, apply, constant, leaf
from zen_cli.compiler.views import root

AfterLoop = Callable[[Tensor], Tensor]  # what is made of the results of the way back


def slopes(tensor: Tensor, arrived: dict[int, list[Tensor]], wanted: Sequence[bool]) -> list[Tensor | None]:
    """The gradient of each `wanted` input of a loop, where `arrived` flowed back to its results."""
    return _WayBack(tensor, {result: total(parts) for result, parts in arrived.items()}).slopes(wanted)


class _WayBack:
    def __init__(self, tensor: Tensor, arrived: dict[int, Tensor]) -> None:
        self.tensor, self.loop = tensor, tensor.options["loop"]
        self.inputs = dict(zip(self.loop.leaves, tensor.inputs, strict=True))
        self.carried = [leaf(f"d_{inner.options['name']}", inner.shape) for inner in self.loop.carried]
        self.first: list[Tensor] = []  # where what is carried begins
        self.following: list[Tensor] = []
        self.sequences: dict[Tensor, Tensor] = {}  # by their leaves in the round
        self.fixed: dict[Tensor, Tensor] = {}
        self.kept: list[Tensor] = []
        self.joining = [self._joining(i, arrived.get(i)) for i in range(len(self.carried))]

    def slopes(self, wanted: Sequence[bool]) -> list[Tensor | None]:
        loop, count = self.loop, len(self.carried)
        self.following, parts = self._round(wanted[count:])
        sliced, fixed = parts[: len(loop.sliced)], parts[len(loop.sliced) :]
        after = [None if g is None else self._stacked(g) for g in sliced]
        after += [None if g is None else self._summed(g) for g in fixed]
        back = Loop(
            loop.rounds, not loop.backward, False, self.carried, [*self.sequences], [*self.fixed], self.following,
            self.kept,
        )  # fmt: skip
        tensor = looped(back, [*self.first, *self.sequences.values(), *self.fixed.values()])
        first = [outcome(tensor, i) if want else None for i, want in enumerate(wanted[:count])]
        return [*first, *(None if make is None else make(tensor) for make in after)]

    # --- a round ----------------------------------------------------------------------------------
    def _joining(self, i: int, arrived: Tensor | None) -> Tensor:
        """What flows back to the value that round t leaves: what round t + 1 gave, and what others gave who read it."""
        loop, carried = self.loop, self.carried[i]
        last = 0 if loop.backward else loop.rounds
        if arrived is not None and _is_only_at(arrived, last):
            self.first.append(apply("reshape", arrived.inputs[0], shape=carried.shape))
            return carried
        self.first.append(apply("broadcast", constant(0.0), shape=carried.shape))
        if arrived is None:
            return carried
        joining = leaf(f"g_{loop.carried[i].options['name']}", carried.shape)
        self.sequences[joining] = self._left(arrived)
        return carried + joining

    def _round(self, wanted: Sequence[bool]) -> tuple[list[Tensor], list[Tensor | None]]:
        """What one round carries further back, and its part of the gradient of each other input that is wanted."""
        loop, count = self.loop, len(self.carried)
        others = loop.leaves[count:]
        chosen = [inner for inner, want in zip(others, wanted, strict=True) if want]
        found = pull_back([*zip(loop.following, self.joining, strict=True)], [*loop.carried, *chosen])
        values = iter(self._parted(found))
        following = [next(values) for _ in loop.carried]
        return following, [next(values) if want else None for want in wanted]

    def _parted(self, values: list[Tensor]) -> list[Tensor]:
        """Both ways made simple together, then parted: what the way back reads of the way there is kept by that."""
        there = [*self.loop.following, *self.loop.kept]
        simple = simplify([*there, *values])
        self.loop.replace(simple[: len(there)])
        back, forward = simple[len(there) :], set(ancestors(self.loop.following))
        read = {item for tensor in ancestors(back) if tensor not in forward for item in tensor.inputs}
        crossing = [tensor for tensor in ancestors([*read, *back]) if tensor in forward and tensor in {*read, *back}]
        values = [*dict.fromkeys(root(item) for item in crossing if root(item).inputs)]
        back = replaced(back, {value: self._remembered(value) for value in values})
        for inner in ancestors(back):
            if inner in self.inputs:
                self._read(inner)
        return back

    def _remembered(self, value: Tensor) -> Tensor:
        """The leaf that stands for a value of the way there, which keeps it."""
        loop = self.loop
        inner = leaf(f"kept_{len(self.sequences)}", value.shape)
        if value in loop.following:
            self.sequences[inner] = self._left(outcome(self.tensor, loop.following.index(value)))
        else:
            loop.kept.append(value)
            self.sequences[inner] = outcome(self.tensor, len(loop.carried) + len(loop.kept) - 1)
        return inner

    def _read(self, inner: Tensor) -> None:
        """Says where the way back finds what a leaf of the way there held."""
        loop = self.loop
        if inner in loop.fixed:
            self.fixed[inner] = self.inputs[inner]
        elif inner in loop.sliced:
            self.sequences[inner] = self.inputs[inner]
        else:
            trajectory, start = outcome(self.tensor, loop.carried.index(inner)), int(loop.backward)
            self.sequences[inner] = part(trajectory, start, start + loop.rounds, -trajectory.rank)

    def _left(self, trajectory: Tensor) -> Tensor:
        """Of a trajectory what each round leaves: all but the first value."""
        start = 1 - self.loop.backward
        return part(trajectory, start, start + self.loop.rounds, -trajectory.rank)

    # --- over all rounds --------------------------------------------------------------------------
    def _stacked(self, x: Tensor) -> AfterLoop:
        """All values of a round's x, (rounds, ...)."""
        if x in self.sequences:
            return lambda tensor: self.sequences[x]
        if x not in self.kept:
            self.kept.append(x)
        place = self.kept.index(x)
        return lambda tensor: outcome(tensor, len(self.carried) + place)

    def _summed(self, g: Tensor) -> AfterLoop:
        """The sum over all rounds of a round's g."""
        if g.primitive == "broadcast" and g.inputs[0].number == 0:
            return lambda tensor: g
        if g.primitive == "add" and all(item.shape == g.shape for item in g.inputs):
            a, b = map(self._summed, g.inputs)
            return lambda tensor: a(tensor) + b(tensor)
        if is_scaled(g):
            unscaled = self._summed(g.inputs[0])
            return lambda tensor: unscaled(tensor) * g.inputs[1]
        if g.primitive == "reshape":
            inside = self._summed(g.inputs[0])
            return lambda tensor: apply("reshape", inside(tensor), shape=g.shape)
        if g.primitive == "sum":
            return self._sum_of_sums(g)
        if g.primitive == "matmul" and g.inputs[0].primitive == "transpose" and g.rank == 2:
            return self._one_product(g)
        return self._added_up(g)

    def _sum_of_sums(self, g: Tensor) -> AfterLoop:
        (x,), axes = g.inputs, g.options["axes"]
        stacked = self._stacked(x)
        return lambda tensor: apply("reshape", reduce_sum(stacked(tensor), (-1 - x.rank, *axes)), shape=g.shape)

    def _one_product(self, g: Tensor) -> AfterLoop:
        """The sum over t of a_t^T b_t is a^T b for a and b of all rounds below each other."""
        a, b = g.inputs[0].inputs[0], g.inputs[1]
        rows, stacks = self.loop.rounds * a.shape[0], (self._stacked(a), self._stacked(b))

        def product(tensor: Tensor) -> Tensor:
            left, right = (apply("reshape", it(tensor), shape=(rows, it(tensor).shape[-1])) for it in stacks)
            return left.T @ right

        return product

    def _added_up(self, g: Tensor) -> AfterLoop:
        """Carried along for no other reason than to be added up."""
        gathered = leaf(f"sum_{len(self.carried)}", g.shape)
        place = len(self.carried)
        self.carried.append(gathered)
        self.following.append(gathered + g)
        self.first.append(apply("broadcast", constant(0.0), shape=g.shape))
        return lambda tensor: outcome(tensor, place)


def _is_only_at(arrived: Tensor, place: int) -> bool:
    """Whether all but one step is zero: only the last state was asked for."""
    if arrived.primitive != "concat" or arrived.options["axis"] != -arrived.rank or len(arrived.inputs) > 1:
        return False
    return arrived.options["starts"] == (place,) and arrived.inputs[0].shape[0] == 1
