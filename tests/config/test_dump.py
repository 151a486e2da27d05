import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zen_cli.config.dump import dump
from zen_cli.config.text import parse
from zen_cli.config.values import convert
from zen_cli.errors import Problems
from zen_cli.registry import Limits

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12)
    | st.sampled_from(["no", "null", "~", "1e3", "010", "0x1f", "1:30", "5%", ".inf", "-", "a: b", "a #b", "<<", "é"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=3),
    max_leaves=12,
)


def read(text):
    problems = Problems()
    value = convert(parse(text, "f.yaml", problems), dict[str, Any], Limits(), problems)
    problems.check()
    return value


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=8), VALUES, min_size=1, max_size=4))
def test_what_is_written_is_read_back(values):
    assert read(dump(values)) == values


@settings(max_examples=50)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_come_back_to_the_bit(value):
    back = read(dump({"a": value}))["a"]
    assert isinstance(back, float)
    assert back.hex() == value.hex()


def test_tuples_become_lists():
    assert dump({"betas": (0.9, 0.999)}) == "betas: [0.9, 0.999]\n"


def test_long_sections_are_written_in_lines():
    data = {"source": "x" * 90, "split": {"validation": 0.2}, "target": None}
    assert dump({"data": data}) == f"data:\n  source: {'x' * 90}\n  split: {{validation: 0.2}}\n  target: null\n"


@pytest.mark.parametrize("value", [math.inf, math.nan, object(), b"x", 1j])
def test_other_values_are_refused(value):
    with pytest.raises((TypeError, ValueError)):
        dump({"a": value})
