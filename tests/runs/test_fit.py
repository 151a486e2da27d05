from pathlib import Path

import numpy as np
import pytest

from zen_cli.errors import Exit, Place, ZenError
from zen_cli.runs.fit import check_fit

PATH = Path("runs/a/last.safetensors")
TENSORS = {"model.0.weight": np.zeros((2, 8)), "optimizer.square": np.zeros(16)}


def refusals(found, **options):
    with pytest.raises(ZenError) as caught:
        check_fit(found, TENSORS, PATH, **options)
    errors = caught.value.all()
    assert {error.code for error in errors} == {Exit.FILES}
    return errors


def test_what_fits_passes():
    check_fit(dict(TENSORS), TENSORS, PATH)


def test_missing_and_unexpected_names_are_listed():
    errors = refusals({"model.1.weight": np.zeros((2, 8)), "optimizer.square": np.zeros(16)})
    assert [error.what for error in errors] == [
        "tensors are missing: model.0.weight", "tensors are unexpected: model.1.weight",
    ]


def test_an_absent_optimizer_state_hints_at_starting_from_the_weights():
    (error,) = refusals({"model.0.weight": np.zeros((2, 8))})
    assert "optimizer.square" in error.what
    assert "--init-from" in error.hint


def test_a_shape_names_both_and_the_line():
    found = TENSORS | {"model.0.weight": np.zeros((2, 4))}
    (error,) = refusals(found, place=lambda name: Place("xor.yaml", 4, 5))
    assert error.what == "model.0.weight has the shape (2, 4), the config asks for (2, 8) (xor.yaml:4:5)"


def test_a_dtype_names_both():
    (error,) = refusals(TENSORS | {"optimizer.square": np.zeros(16, "f4")})
    assert error.what == "optimizer.square is float32, the config asks for float64"
