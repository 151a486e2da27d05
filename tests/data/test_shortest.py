"""Numbers as text: the shortest that reads back, exactly."""

from __future__ import annotations

import numpy as np
import pytest

from zen_cli.data.shortest import shortest

EDGES = [
    0.0, -0.0, 1.0, -1.0, 0.1, 0.3, 1 / 3, 1e-4, 9.999999e-5, 0.00099999, 0.5, 0.99999994, 1.0000001, 9.9999990, 10.0,
    99.99999, 12345.0, 12345.67, 99999.99, 999999.9, 9999999.0, 1e7, 16777216.0, 1e8, 1e16, 3.4028235e38, 1e-45, 1e-38,
    np.inf, -np.inf, np.nan,
]  # fmt: skip


def one_by_one(values: np.ndarray) -> list[str]:
    """What NumPy says to be shortest, in the form that Python gives it."""
    return [repr(float(str(value))) for value in values]


def test_edges() -> None:
    for kind in (np.float32, np.float64):
        values = np.array(EDGES, kind)
        assert shortest(values) == one_by_one(values)
        for value in values:
            assert shortest(np.array([value])) == one_by_one(np.array([value]))
    assert shortest(np.zeros(0, np.float32)) == []


@pytest.mark.parametrize("count", [20_000, pytest.param(500_000, marks=pytest.mark.slow)])
def test_agrees_with_numpy(count: int) -> None:
    rng = np.random.default_rng(count)
    bits = rng.integers(0, 2**32, count, dtype=np.uint64).astype(np.uint32).view(np.float32)
    sizes = rng.normal(size=count) * 10.0 ** rng.integers(-6, 9, count)
    for values in (bits[~np.isnan(bits)], rng.random(count).astype(np.float32), sizes.astype(np.float32)):
        assert shortest(values) == one_by_one(values)
