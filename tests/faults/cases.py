"""What a test shows of the catalogue of bad inputs: its numbers stand in the test's id."""

from __future__ import annotations

import pytest


def case(*numbers: str) -> pytest.MarkDecorator:
    """`test_name[K01]`: shows this case, or these."""
    return pytest.mark.parametrize((), [pytest.param(id=" ".join(numbers))])
