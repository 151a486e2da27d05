"""A loop over the steps of a sequence as one primitive: what a round does is a small graph of its own.

Unrolled, 256 steps of an LSTM would be ten thousand lines, forwards and backwards, and seconds to compile; a loop is
one graph of a round, written down once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zen_cli.compiler.primitives import define, part
from zen_cli.compiler.simplify import simplify
from zen_cli.compiler.tensor import Shape, Tensor, leaf


class Loop:
    """What one round does, on leaves of its own: what was `carried` over from the round before, its `sliced` parts of
    the sequences, and what is `fixed`.

    The inputs of the loop are the first values of what is carried, the sequences (rounds, ...), the fixed values.
    Its results are, of each carried value, all (rounds + 1, ...) if they are `stored`, in the order of time, with the
    first value in front, else the last one; then of each `kept` value all (rounds, ...). `backward`: from the end on.
    """

    def __init__(
        self, rounds: int, backward: bool, stored: bool, carried: Sequence[Tensor], sliced: Sequence[Tensor],
        fixed: Sequence[Tensor], following: Sequence[Tensor], kept: Sequence[Tensor] = (),
    ) -> None:  # fmt: skip
        self.rounds, self.backward, self.stored = rounds, backward, stored
        self.carried, self.sliced, self.fixed = list(carried), list(sliced), list(fixed)
        self.following, self.kept = list(following), list(kept)  # the new value of each carried leaf; what is kept
        self._simple = False

    @property
    def leaves(self) -> list[Tensor]:
        """In the order of the loop's inputs."""
        return [*self.carried, *self.sliced, *self.fixed]

    def shape(self, result: int) -> Shape:
        if result >= len(self.carried):
            return (self.rounds, *self.kept[result - len(self.carried)].shape)
        return (self.rounds + 1,) * self.stored + self.carried[result].shape

    def simplified(self) -> None:
        """Makes less of the round."""
        if not self._simple:
            self.replace(simplify([*self.following, *self.kept]))

    def replace(self, values: Sequence[Tensor]) -> None:
        """Puts simplified values in the place of `following` and `kept`."""
        self.following, self.kept = list(values[: len(self.carried)]), list(values[len(self.carried) :])
        self._simple = True


def looped(loop: Loop, inputs: Sequence[Tensor]) -> Tensor:
    """The loop as a tensor; `outcome` gives its results."""
    for inner, given in zip(loop.leaves, inputs, strict=True):
        expected = (loop.rounds,) * (inner in loop.sliced) + inner.shape
        if given.shape != expected:
            raise ValueError(f"'{inner.options['name']}' of the loop has the shape {given.shape}, not {expected}")
    return Tensor("loop", tuple(inputs), (), {"loop": loop})


def outcome(tensor: Tensor, result: int) -> Tensor:
    """One of the results of a loop."""
    return Tensor("outcome", (tensor,), tensor.options["loop"].shape(result), {"index": result})


def carry(
    step: Callable[..., Sequence[Tensor]], first: Mapping[str, Tensor], sequences: Mapping[str, Tensor],
    fixed: Mapping[str, Tensor], *, backward: bool = False,
) -> list[Tensor]:  # fmt: skip
    """What `first` becomes, round by round: for each of them all values (rounds, ...), in the order of time.

    `step` takes what is carried, its part of each of `sequences` (rounds, ...) and what is `fixed`, by their names,
    and gives the new values of what is carried.
    """
    rounds = next(iter(sequences.values())).shape[0]
    carried = {name: leaf(name, x.shape) for name, x in first.items()}
    sliced = {name: leaf(name, x.shape[1:]) for name, x in sequences.items()}
    held = {name: leaf(name, x.shape) for name, x in fixed.items()}
    following = step(**carried, **sliced, **held)
    loop = Loop(rounds, backward, True, [*carried.values()], [*sliced.values()], [*held.values()], following)
    tensor = looped(loop, [*first.values(), *sequences.values(), *fixed.values()])
    start = 0 if backward else 1  # the first value stands before the first step, or behind the last
    trajectories = [outcome(tensor, i) for i in range(len(carried))]
    return [part(x, start, start + rounds, -x.rank) for x in trajectories]


def _none(*_: Any, **__: Any) -> tuple[()]:
    """The way back through a loop is another loop: `loop_gradient` makes it of all that arrives at once."""
    return ()


define("loop", _none, lambda *_, loop: ())
define("outcome", _none, lambda *_, index: ())
