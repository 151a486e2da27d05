"""What is seen of a surface: the part of the plane, the heights in it, and the levels of its contour lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from zen_cli.problems.surface import Surface
from zen_cli.training.path import Path

Heights = np.ndarray[Any, Any]
MARGIN = 0.14  # of the longer side, around what must be seen
REACH = 1.0  # how far paths may widen the view: so many longer sides of what lies between start and minima
FEWEST, MOST = 7, 16  # contour lines
FLAT = 1e-12  # lower than this above the lowest point is as good as there


class View(NamedTuple):
    """A part of the plane."""

    left: float
    right: float
    bottom: float
    top: float


def view(surface: Surface, paths: Sequence[Path], aspect: float) -> View:
    """Holds start, minima and the paths, unless they run away; `aspect` is its width over its height."""
    fixed = [*surface.minima, *(path.places[0] for path in paths)]
    low, high = np.min(fixed, 0), np.max(fixed, 0)
    side = float(max(*(high - low), 1e-3))
    places = np.array([place for path in paths for place in path.places])
    near = places[((places >= low - REACH * side) & (places <= high + REACH * side)).all(1)]
    low, high = np.minimum(low, near.min(0)), np.maximum(high, near.max(0))
    middle, size = (low + high) / 2, high - low + 2 * MARGIN * float(max(high - low))
    width = float(max(size[0], size[1] * aspect)) / 2
    x, y = middle.tolist()
    return View(x - width, x + width, y - width / aspect, y + width / aspect)


def heights(surface: Surface, seen: View, columns: int, rows: int) -> Heights:
    """log10 of the height above the lowest point, on a grid (rows, columns), the top row first."""
    x, y = np.linspace(seen.left, seen.right, columns), np.linspace(seen.top, seen.bottom, rows)
    with np.errstate(all="ignore"):
        lowest = min(float(surface.height(*place)) for place in surface.minima)
        found: Heights = np.log10(np.maximum(surface.height(x[None, :], y[:, None]) - lowest, FLAT))
    return found


def levels(heights: Heights) -> list[float]:
    """Round powers of ten between nearly the lowest and nearly the highest, as exponents.

    >>> levels(np.linspace(-2.0, 3.0, 1001))
    [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5]
    """
    finite = heights[np.isfinite(heights)]
    low, high = np.quantile(finite, [0.002, 0.98]).tolist()
    for step in (1.0, 0.5, 0.25, 0.125):
        found = [i * step for i in range(math.ceil(low / step), math.floor(high / step) + 1)]
        if len(found) >= FEWEST:
            break
    return found[-MOST:]
