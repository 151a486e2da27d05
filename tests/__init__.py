"""What tests of every folder share."""

import pytest

DTYPES = ("float32", pytest.param("float64", marks=pytest.mark.slow))
"""Parameters of tests whose code is the same for both types: float64 among the slow tests."""
