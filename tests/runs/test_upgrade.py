"""Models that older versions wrote predict what they did, to the last digit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.cli.helpers import done, zen
from zen_cli.runs.upgrade import upgraded

MODELS = Path(__file__).parent / "models"
# What the version that wrote the model printed for these rows.
FORMAT_1 = {
    "mpg": (
        (), "cyl,displ,hp,weight,accel,yr,origin\n8,307,130,3504,12,70,1\n8,350,165,3693,11.5,70,1\n",
        "mpg\n0.96686196\n0.9697125\n",
    ),
    "iris": (
        ("--seed", "1", "--proba"),
        "petal_width_cm,sepal_length_cm,sepal_width_cm,petal_length_cm\n0.2,5.1,3.5,1.4\n0.2,4.9,3.0,1.4\n",
        "species,proba_setosa,proba_versicolor,proba_virginica\n"
        "setosa,0.52945524,0.24837568,0.2221691\nsetosa,0.60920095,0.29619357,0.094605476\n",
    ),
    "xor": (("--proba",), "x0,x1\n0,0\n0,1\n", "y,proba_0,proba_1\n0,0.5099509,0.49004912\n1,0.16678363,0.83321637\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMAT_1)
def test_a_model_of_format_1_predicts_as_before(name: str) -> None:
    options, rows, wanted = FORMAT_1[name]
    model = str(MODELS / f"format_1_{name}.safetensors")
    assert done("predict", model, *options, stdin=rows.encode()).out == wanted


def test_a_model_of_format_1_is_measured_on_new_rows() -> None:
    rows = "species,petal_width_cm,sepal_length_cm,sepal_width_cm,petal_length_cm\nsetosa,0.2,5.1,3.5,1.4\n"
    model = str(MODELS / "format_1_iris.safetensors")
    found = done("evaluate", model, "--seed", "0", "--data", "-", "--json", stdin=rows.encode()).json
    assert found["data"]["accuracy"] == 1


def test_numbers_that_were_not_scaled_have_one_scale_each() -> None:
    schema = (
        '{"kind": "table", "features": ["a", "b"], "shape": [2], "target": ["y"], "classes": null, "delimiter": ";",'
        ' "divisor": 1.0}'
    )
    tensors = {"data.mean": np.zeros(2), "data.scale": np.ones(2)}  # of two seeds
    single = {name: array[0] for name, array in tensors.items()}
    for found, stacked, shape in ((tensors, "true", (2, 2)), (single, "false", (2,))):
        old = {"schema": schema, "config": "data:\n  standardize: false\n", "progress": f'{{"stacked": {stacked}}}'}
        newer, metadata = upgraded(1, found, old)
        names = ("data.mean", "data.scale", "data.fill")
        assert {name: array.shape for name, array in newer.items()} == dict.fromkeys(names, shape)
        assert "scale: none" in metadata["config"]


@pytest.mark.parametrize("schema", ["", "{}", "[]", '{"kind": "table", "features": 1, "delimiter": ","}'])
def test_what_is_not_understood_is_left_to_the_reader(schema: str) -> None:
    assert upgraded(1, {}, {"schema": schema}) == ({}, {"schema": schema})


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    kept = Path(__file__).parent / "formats" / "1.safetensors"
    assert zen("predict", str(kept), stdin=b"a\n1\n").code == 3
