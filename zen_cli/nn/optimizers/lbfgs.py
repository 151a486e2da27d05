"""L-BFGS: the curvature that the last moves have shown, for full batches."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import ClassVar, Literal, NamedTuple

import numpy as np

from zen_cli.compiler.tensor import Shape
from zen_cli.nn.optimizers.base import Number, Optimizer, optimizers, rate
from zen_cli.nn.optimizers.line_search import Array, Bounds, Point, strong_wolfe
from zen_cli.registry import option

LEAST_CURVATURE = 1e-10  # of a pair that is remembered: below, moves would go uphill
Evaluations = Generator[None, tuple[float, Array], None]


@optimizers.register("lbfgs")
class Lbfgs(Optimizer):
    """p <- p - t H g, H the inverse of the curvature that the last `history` moves s, and changes y of g, have shown.

    H g by two loops over the pairs (s, y), from H = s y / y y; at first H is 1. t is lr (in the very first move lr
    min(1, 1 / sum |g|)), or what a line search finds that fulfils the strong Wolfe conditions. One step is up to
    max_iter moves on the same rows, with up to max_eval gradients. For full batches: the noise of small ones looks
    like curvature. It takes no groups, no clipping and no penalties.
    Source: Liu and Nocedal 1989; Nocedal and Wright 2006, algorithms 7.4, 3.5 and 3.6; torch.optim.LBFGS.

    >>> from zen_cli.nn.worked import descend
    >>> valley = lambda p: (p[0] ** 2 / 2 + 2 * p[1] ** 2, [p[0], 4 * p[1]])
    >>> descend(Lbfgs(max_iter=2, max_eval=3), [3.0, 1.0], valley)  # first lr / 7 of -g = [-3, -4]
    [[2.571429, 0.428571], [1.228224, -0.230292]]
    """

    example: ClassVar[str] = "{type: lbfgs, line_search: strong_wolfe}"
    evaluates = True
    lr_center = 1.0
    lr: float = rate(1.0)
    max_iter: int = option(20, help="moves in a step, at most", low=1)
    max_eval: int | None = option(None, help="gradients in a step, at most; default: max_iter * 5 / 4", low=1)
    tolerance_grad: float = option(1e-7, help="a step ends where no element of g is larger", low=0)
    tolerance_change: float = option(1e-9, help="a step ends where neither p nor the loss changes more", low=0)
    history_size: int = option(100, help="how many pairs are remembered", low=1)
    line_search: Literal["none", "strong_wolfe"] = option("none", help="how the length of a move is found")

    def __post_init__(self) -> None:
        super().__post_init__()
        self.evaluations = self.max_eval or self.max_iter * 5 // 4

    def slots(self) -> tuple[str, ...]:
        numbers = map(Number, ("length", "pairs", "moves", "evaluations"))
        return ("direction", "last", "steps", "changes", *numbers)

    def slot_shape(self, slot: str, shape: Shape) -> Shape:
        return (self.history_size, *shape) if slot in ("steps", "changes") else super().slot_shape(slot, shape)

    def moves(self, p: Array, slots: Mapping[str, Array], lr: float) -> Evaluations:
        """One step of one net, whose arrays are changed in place: yields where it wants (loss, gradient) at p."""
        memory = _Memory(p, slots)
        loss, g = yield from memory.evaluated()
        most, used = self.evaluations, 1
        for move in range(1, self.max_iter + 1):
            if _largest(g) <= self.tolerance_grad:
                return
            memory.turn(g)
            slope, before = float(g @ memory.direction), loss
            first = memory.count("moves") == 1
            memory.length[...] = lr * min(1.0, 1.0 / float(np.abs(g).sum())) if first else lr
            if slope > -self.tolerance_change:
                return
            if self.line_search == "strong_wolfe":
                point, taken = yield from self._searched(memory, Point(0.0, loss, g, slope), most - used)
                loss, g = point.loss, point.gradient
            else:
                memory.go(p.copy(), memory.length.item())
                if move == self.max_iter:
                    return
                (loss, g), taken = (yield from memory.evaluated()), 1
            used += taken
            moved = _largest(memory.direction * memory.length.item())
            if used >= most or moved <= self.tolerance_change or abs(loss - before) < self.tolerance_change:
                return

    def _searched(
        self, memory: _Memory, start: Point, most: int
    ) -> Generator[None, tuple[float, Array], tuple[Point, int]]:
        """Goes where the line search says, and stays at the point that it chose."""
        begin = memory.p.copy()
        search = strong_wolfe(
            start, memory.length.item(), Bounds(_largest(memory.direction), self.tolerance_change, most)
        )
        t = next(search)
        while True:
            memory.go(begin, t)
            loss, g = yield from memory.evaluated()
            try:
                t = search.send(Point(t, loss, g, float(g @ memory.direction)))
            except StopIteration as found:
                point, taken = found.value
                memory.length[...] = point.t
                memory.go(begin, memory.length.item())
                return point, taken


class _Memory(NamedTuple):
    """One net's weights and what is remembered of it."""

    p: Array
    slots: Mapping[str, Array]

    @property
    def direction(self) -> Array:
        return self.slots["direction"]

    @property
    def length(self) -> Array:
        """That of the last move."""
        return self.slots["length"]

    def count(self, name: str) -> int:
        return int(self.slots[name])

    def evaluated(self) -> Generator[None, tuple[float, Array], tuple[float, Array]]:
        """The loss and a gradient to keep, at p."""
        loss, g = yield
        self.slots["evaluations"][...] += 1
        return loss, g.copy()

    def go(self, begin: Array, t: float) -> None:
        np.add(begin, t * self.direction, self.p)

    def turn(self, g: Array) -> None:
        """Remembers what the last move has shown, and turns the direction to -H g."""
        if self.count("moves"):
            self._remember(self.direction * self.length.item(), g - self.slots["last"])
            self.direction[...] = self._downhill(g)
        else:
            self.direction[...] = -g
        self.slots["last"][...] = g
        self.slots["moves"][...] += 1

    def _remember(self, s: Array, y: Array) -> None:
        if not float(y @ s) > LEAST_CURVATURE:
            return
        steps, changes, pairs = self.slots["steps"], self.slots["changes"], self.count("pairs")
        if pairs == len(steps):
            steps[:-1], changes[:-1] = steps[1:], changes[1:]
            pairs -= 1
        steps[pairs], changes[pairs] = s, y
        self.slots["pairs"][...] = pairs + 1

    def _downhill(self, g: Array) -> Array:
        """-H g by the two loops: back through the pairs, then forward."""
        known = range(self.count("pairs"))
        pairs = [(self.slots["steps"][i], self.slots["changes"][i]) for i in known]
        inverse = [1.0 / float(y @ s) for s, y in pairs]
        q, shares = -g, dict[int, float]()
        for i in reversed(known):
            s, y = pairs[i]
            shares[i] = float(s @ q) * inverse[i]
            q -= shares[i] * y
        if pairs:
            s, y = pairs[-1]
            q *= float(y @ s) / float(y @ y)
        for i in known:
            s, y = pairs[i]
            q += (shares[i] - float(y @ q) * inverse[i]) * s
        return q


def _largest(vector: Array) -> float:
    return float(np.abs(vector).max(initial=0.0))
