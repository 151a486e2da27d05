"""The length of a move along a direction: bracket a point that is good enough, then close in on it."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]
DECREASE, CURVATURE = 1e-4, 0.9  # c1 and c2 of the Wolfe conditions
FARTHEST, NEAREST = 10.0, 0.01  # how far the next length may be from the last two: times, and a share of their distance
MARGIN = 0.1  # of the bracket, that a point keeps from its ends where it got stuck there


class Point(NamedTuple):
    """A length, and there: the loss, its gradient, and its slope along the direction."""

    t: float
    loss: float
    gradient: Array
    slope: float

    def low_enough(self, start: Point) -> bool:
        """The first Wolfe condition. What is not a number counts as low, as it does in torch."""
        return not self.loss > start.loss + DECREASE * self.t * start.slope

    def flat_enough(self, start: Point) -> bool:
        """The second one, in its strong form."""
        return abs(self.slope) <= -CURVATURE * start.slope


class Bounds(NamedTuple):
    """`longest` is the largest element of the direction; no weight need be placed finer than `change`."""

    longest: float
    change: float
    evaluations: int


Search = Generator[float, Point, tuple[Point, int]]


def strong_wolfe(start: Point, t: float, bounds: Bounds) -> Search:
    """Finds t with loss(t) <= loss(0) + c1 t slope(0) and |slope(t)| <= -c2 slope(0), if it can.

    Yields lengths, is sent their points, and returns the one chosen and how many were evaluated.
    Source: Nocedal and Wright 2006, algorithms 3.5 and 3.6, with the bounds of torch.optim.LBFGS, after minFunc.
    """
    before, point, more = start, (yield t), 0
    while more < bounds.evaluations:
        rises = more > 1 and point.loss >= before.loss
        if rises or not point.low_enough(start) or (point.slope >= 0 and not point.flat_enough(start)):
            return (yield from _zoom(start, before, point, more, bounds))
        if point.flat_enough(start):
            return point, more + 1
        t = _lowest(before, point, point.t + NEAREST * (point.t - before.t), point.t * FARTHEST)
        before, point, more = point, (yield t), more + 1
    return (start if start.loss <= point.loss else point), more + 1


def _zoom(start: Point, one: Point, other: Point, more: int, bounds: Bounds) -> Search:
    """Closes in on a good point between two, of which the lower one stays an end of the bracket."""
    ends, stuck = [one, other], False
    low = _lower(ends)
    while more < bounds.evaluations and not abs(ends[1].t - ends[0].t) * bounds.longest < bounds.change:
        t, stuck = _inside(ends, stuck)
        point, more = (yield t), more + 1
        if not point.low_enough(start) or point.loss >= ends[low].loss:
            ends[1 - low] = point
            low = _lower(ends)
        elif point.flat_enough(start):
            return point, more + 1
        else:
            if point.slope * (ends[1 - low].t - ends[low].t) >= 0:
                ends[1 - low] = ends[low]
            ends[low] = point
    return ends[low], more + 1


def _lower(ends: list[Point]) -> int:
    return 0 if ends[0].loss <= ends[1].loss else 1


def _inside(ends: list[Point], stuck: bool) -> tuple[float, bool]:
    """Where the cubic is lowest; a little off an end, if that is the second time that one is so near."""
    left, right = sorted((ends[0].t, ends[1].t))
    t, margin = _lowest(ends[0], ends[1], left, right), MARGIN * (right - left)
    if min(right - t, t - left) >= margin:
        return t, False
    if not stuck and left < t < right:
        return t, True
    return (right - margin if abs(t - right) < abs(t - left) else left + margin), False


def _lowest(one: Point, other: Point, low: float, high: float) -> float:
    """Where the cubic through two points with their slopes is lowest, within bounds; their middle if it is nowhere."""
    left, right = (one, other) if one.t <= other.t else (other, one)
    middle = (low + high) / 2.0
    if left.t == right.t:
        return middle
    d1 = left.slope + right.slope - 3.0 * (left.loss - right.loss) / (left.t - right.t)
    inside = d1 * d1 - left.slope * right.slope
    d2 = math.sqrt(inside) if inside >= 0 else math.nan
    bend = right.slope - left.slope + 2.0 * d2
    if bend == 0:
        return middle
    t = right.t - (right.t - left.t) * ((right.slope + d2 - d1) / bend)
    return middle if math.isnan(t) else min(max(t, low), high)
