import json
import math

import numpy as np
import pytest

from zen_cli.runs.strict_json import strict_json

INF = math.inf


def refuse(constant):
    raise AssertionError(constant)


@pytest.mark.parametrize(("value", "text"), [
    ({"a": 1, "b": [1.5, "é"]}, '{"a":1,"b":[1.5,"é"]}'),
    ([math.nan, INF, -INF, 0.1], "[null,null,null,0.1]"),
    ({"a": {"b": (1, math.nan)}}, '{"a":{"b":[1,null]}}'),
    (np.float64(0.1), "0.1"),
    (np.float32(np.nan), "null"),
    ({"a": np.int64(3), "b": np.array([1.0, np.inf]), "c": np.bool_(True)}, '{"a":3,"b":[1.0,null],"c":true}'),
])
def test_every_number_is_json(value, text):
    assert strict_json(value) == text
    assert json.loads(strict_json(value, indent=2), parse_constant=refuse) == json.loads(text)


def test_floats_come_back_to_the_bit():
    for value in (0.1, 1e-300, 5e-324, 1 / 3, 1e22):
        assert json.loads(strict_json(value)) == value


def test_other_objects_are_a_mistake():
    with pytest.raises(TypeError, match="no place in JSON"):
        strict_json({"a": object()})
