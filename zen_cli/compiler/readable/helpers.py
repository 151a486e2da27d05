"""Functions that a readable script brings along, each as it stands here: what no single expression says.

They add in the order of the emitted program, so that the script gives its bits. `np` and `math` are all they need.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# ruff: noqa: B905
from __future__ import annotations

import inspect
import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from zen_cli.compiler import windows
from zen_cli.compiler.windows import Strand, blocks, frame, strands

FEW = windows.FEW


def taps(x, kernel, stride, dilation, places):
    """What each tap of the kernel sees: (batch, height, width, kernel height, kernel width, channels), a view."""
    _, down, along, _ = x.strides
    steps = (x.strides[0], down * stride[0], along * stride[1], down * dilation[0], along * dilation[1], x.strides[3])
    return np.lib.stride_tricks.as_strided(x, (len(x), *places, *kernel, x.shape[3]), steps)


def patches(x, kernel, stride, padding, dilation):
    """The taps at all places that the kernel takes on x between zeros."""
    x = np.pad(x, ((0, 0), *padding, (0, 0)))
    reach = [d * (k - 1) + 1 for d, k in zip(dilation, kernel)]
    places = [(n - r) // s + 1 for n, r, s in zip(x.shape[1:3], reach, stride)]
    return taps(x, kernel, stride, dilation, places)


def pieces(p, groups):
    """The patches as matrices: so many images at a time that they fit into the cache, one group of channels each."""
    each = p.shape[-1] // groups
    images, rows = blocks(len(p), p.shape[1:3], math.prod(p.shape[3:]) // groups)
    for first in range(0, len(p), images):
        for top in range(0, p.shape[1], rows):
            where = slice(first, first + images), slice(top, top + rows)
            for group in range(groups):
                part = p[where][..., group * each : (group + 1) * each]
                count = math.prod(part.shape[:3])
                if each <= FEW:  # laid out tap by tap
                    part = part.transpose(3, 4, 5, 0, 1, 2)
                    yield where, group, np.ascontiguousarray(part).reshape(-1, count).T
                else:
                    yield where, group, np.ascontiguousarray(part).reshape(count, -1)


def columns_of(a, group, groups):
    """The channels of a group."""
    each = a.shape[-1] // groups
    return a[..., group * each : (group + 1) * each]


def convolve(x, w, stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1), groups=1):
    """y[b, i, j, o] = sum over u, v, c of x[b, i s + u d, j s + v d, c] w[u, v, c, o]: patches times weights."""
    p = patches(x, w.shape[:2], stride, padding, dilation)
    if groups > 1 and w.shape[2] == 1 and w.shape[3] == groups:
        return each_channel(p, w[:, :, 0])
    y = np.empty((*p.shape[:3], w.shape[3]), x.dtype)
    for where, group, matrix in pieces(p, groups):
        part = columns_of(y[where], group, groups)
        part[...] = (matrix @ columns_of(w.reshape(-1, w.shape[3]), group, groups)).reshape(part.shape)
    return y


def each_channel(p, w):
    """The sum over the taps of what each sees times its weight, where every channel has a kernel of its own."""
    y, *others = (p[..., u, v, :] * w[u, v] for u, v in np.ndindex(w.shape[:2]))
    for other in others:
        y = y + other
    return y


def convolve_weight(x, d, kernel, stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1), groups=1):
    """The gradient of the weight, from the image and the gradient of the result: patches times gradients."""
    p = patches(x, kernel, stride, padding, dilation)
    each, outputs = p.shape[-1] // groups, d.shape[3]
    w = np.zeros((*kernel, each, outputs), x.dtype)
    if groups > 1 and each == 1 and outputs == groups:
        return each_kernel(p, d, w)
    for where, group, matrix in pieces(p, groups):
        part, total = columns_of(d[where], group, groups), columns_of(w.reshape(-1, outputs), group, groups)
        share = matrix.T @ part.reshape(-1, part.shape[3])
        total[...] = total + share if where[0].start or where[1].start else share
    return w


def each_kernel(p, d, w):
    """The sum over the places of what each tap sees times the gradient, where every channel has its own kernel."""
    images, rows = blocks(len(p), p.shape[1:3], 4 * p.shape[-1])
    for first in range(0, len(p), images):
        for top in range(0, p.shape[1], rows):
            where = slice(first, first + images), slice(top, top + rows)
            for u, v in np.ndindex(w.shape[:2]):
                seen = (p[where][..., u, v, :] * d[where]).reshape(-1, d.shape[3])
                share = np.ones(len(seen), d.dtype) @ seen
                w[u, v, 0] = w[u, v, 0] + share if first or top else share
    return w


def convolve_input(d, w, size, stride=(1, 1), padding=((0, 0), (0, 0)), dilation=(1, 1), groups=1):
    """The transpose of `convolve`, an image of `size`: patches of d times the kernel turned around."""
    x = np.zeros((len(d), *size, w.shape[2] * groups), d.dtype)
    how = zip(w.shape, stride, dilation, (before for before, _ in padding), size)
    down, along = (strands(*axis) for axis in how)
    around = frame(down, d.shape[1]), frame(along, d.shape[2])
    d = np.pad(d, ((0, 0), *around, (0, 0)))
    for a, b in ((a, b) for a in down for b in along if a.length and b.length):
        seen = d[:, a.start + around[0][0] :, b.start + around[1][0] :]
        p = taps(seen, (a.length, b.length), (1, 1), (a.apart, b.apart), (a.places, b.places))
        turned, pixels = w[a.taps, b.taps], x[:, a.pixels, b.pixels]
        if groups > 1 and w.shape[2] == 1 and w.shape[3] == groups:
            pixels[...] = each_channel(p, turned[:, :, 0])
            continue
        for where, group, matrix in pieces(p, groups):
            kernel = np.ascontiguousarray(columns_of(turned, group, groups).transpose(0, 1, 3, 2))
            part = columns_of(pixels[where], group, groups)
            part[...] = (matrix @ kernel.reshape(-1, w.shape[2])).reshape(part.shape)
    return x


def windows_of(x, kernel, stride, dilation, places):
    """What each tap of the window sees, one after the other: (batch, height, width, channels), views."""
    seen = taps(x, kernel, stride, dilation, places)
    return [seen[..., u, v, :] for u, v in np.ndindex(kernel)]


def max_pool(x, kernel, stride, places, padding=((0, 0), (0, 0)), dilation=(1, 1)):
    """The largest that each window sees."""
    x = np.ascontiguousarray(np.pad(x, ((0, 0), *padding, (0, 0)), constant_values=-np.inf))
    y, *others = windows_of(x, kernel, stride, dilation, places)
    for other in others:
        y = np.maximum(y, other)
    return y.copy()


def max_pool_input(d, y, x, kernel, stride, padding=((0, 0), (0, 0)), dilation=(1, 1)):
    """The gradient of the image: that of each window goes to the first of its largest."""
    (top, bottom), (begin, end) = padding
    framed = np.ascontiguousarray(np.pad(x, ((0, 0), *padding, (0, 0)), constant_values=-np.inf))
    gradient = np.zeros(framed.shape, x.dtype)
    left = np.ones(y.shape, bool)  # windows that have found none yet
    apart = all(s > k * (n - 1) for s, k, n in zip(stride, dilation, kernel))
    seen = windows_of(framed, kernel, stride, dilation, y.shape[1:3])
    for tap, place in zip(seen, windows_of(gradient, kernel, stride, dilation, y.shape[1:3])):
        first = (tap == y) & left
        left &= ~first
        place[...] = d * first if apart else place + d * first
    return gradient[:, top : top + x.shape[1], begin : begin + x.shape[2]].copy()


def sum_pool(x, kernel, stride, places, padding=((0, 0), (0, 0)), dilation=(1, 1)):
    """The sum of what each window sees, in the order of the taps."""
    x = np.ascontiguousarray(np.pad(x, ((0, 0), *padding, (0, 0))))
    y, *others = windows_of(x, kernel, stride, dilation, places)
    for other in others:
        y = y + other
    return y.copy()


def sum_pool_input(d, size, kernel, stride, padding=((0, 0), (0, 0)), dilation=(1, 1)):
    """The transpose of `sum_pool`, an image of `size`: each number goes to all that its window sees."""
    (top, bottom), (left, right) = padding
    x = np.zeros((len(d), top + size[0] + bottom, left + size[1] + right, d.shape[3]), d.dtype)
    apart = all(s > k * (n - 1) for s, k, n in zip(stride, dilation, kernel))
    for place in windows_of(x, kernel, stride, dilation, d.shape[1:3]):
        place[...] = d if apart else place + d
    return x[:, top : top + size[0], left : left + size[1]].copy()


HELPERS: dict[str, Any] = {
    each.__name__: each for each in (
        Strand, blocks, frame, strands, taps, patches, pieces, columns_of, each_channel, each_kernel, windows_of,
        convolve, convolve_weight, convolve_input, max_pool, max_pool_input, sum_pool, sum_pool_input,
    )
}  # fmt: skip


def brought_along(names: Iterable[str]) -> list[str]:
    """The definitions that a script needs which calls the helpers of `names`, each after what it needs."""
    needed: dict[str, str] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = inspect.getsource(HELPERS[name]).rstrip()
            waiting += [other for other in HELPERS if re.search(rf"\b{other}[(\]]", needed[name])]
    text = "\n".join(needed.values())
    constants = [f"{name} = {getattr(windows, name)}" for name in ("ROOM", "FEW") if re.search(rf"\b{name}\b", text)]
    return [*constants, *(needed[name] for name in HELPERS if name in needed)]
