"""Tests, intervals and ranks, as short functions of numbers; SciPy is the oracle of their tests."""
