"""Convolution where every channel has a kernel of its own: a product and a sum for each tap, no matrices."""

from __future__ import annotations

import itertools

import numpy as np

from zen_cli.compiler.emitter.calls import Turns, call, product
from zen_cli.compiler.emitter.patches import Index, rows_of
from zen_cli.compiler.emitter.terms import Array
from zen_cli.compiler.windows import blocks


def suits(w: Array, groups: int) -> bool:
    """Whether the weight (height, width, channels of a group, outputs) has one channel in and out a group."""
    return groups > 1 and w.shape[2] == 1 and w.shape[3] == groups


def sums(view: Array, w: Array, y: Array) -> Turns:
    """y = over the taps, the sum of what each sees times its weight; view (batch, height, width, taps, channels)."""
    taps = list(itertools.product(*map(range, w.shape[:2])))
    turns = Turns()
    room = np.empty(y.shape, y.dtype)
    for index in _blocks(view):
        place, spare = y[index], room[index]
        calls = [call(np.multiply, view[index][..., 0, 0, :], w[0, 0], place)]
        for u, v in taps[1:]:
            calls.append(call(np.multiply, view[index][..., u, v, :], w[u, v], spare))
            calls.append(call(np.add, place, spare, place))
        turns.append(calls)
    return turns


def inner(view: Array, d: Array, w: Array) -> tuple[Turns, Turns]:
    """w = for each tap, the sum over all places of what it sees times the gradient there: first block, other blocks."""
    part, room = np.empty(w.shape[-1:], w.dtype), np.empty(d.shape, d.dtype)
    ones = np.ones(d.size // d.shape[-1], d.dtype)
    begun, added = Turns(), Turns()
    for number, index in enumerate(_blocks(view)):
        spare = rows_of(room, index)
        for u, v in itertools.product(*map(range, w.shape[:2])):
            seen, total = call(np.multiply, view[index][..., u, v, :], d[index], room[index]), w[u, v]
            if number == 0:
                begun.append([seen, product(ones[: len(spare)], spare, total)])
            else:
                added.append([seen, product(ones[: len(spare)], spare, part), call(np.add, total, part, total)])
    return begun, added


def _blocks(view: Array) -> list[Index]:
    batch, height, width, *_, channels = view.shape
    images, rows = blocks(batch, (height, width), 4 * channels)
    corners = itertools.product(range(0, batch, images), range(0, height, rows))
    return [(slice(first, first + images), slice(top, top + rows)) for first, top in corners]
