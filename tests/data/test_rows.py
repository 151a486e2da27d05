"""New rows for a trained model."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data.helpers import refused
from tests.data.test_idx import IMAGES, write
from zen_cli.data.columns.category import Category
from zen_cli.data.columns.number import Number
from zen_cli.data.dataset import Schema
from zen_cli.data.rows import read_rows

NUMBER = Number().with_options(missing="refuse", scale="standard")
KIND = Category().with_options(levels=["0", "x", "y"])
SCHEMA = Schema("table", ("a", "b"), (2,), ("kind",), ("0", "x", "y"), (NUMBER, NUMBER), (KIND,))


def rows(text: str, schema: Schema = SCHEMA, **options: Any) -> list[Any]:
    return list(read_rows("-", schema, stdin=io.BytesIO(text.encode()), **options))


def test_columns_are_found_by_name_and_others_passed_over() -> None:
    (found,) = rows("b,note,a\n2,hello,1\n4,,3\n")
    assert found.features.numbers.tolist() == [[1.0, 2.0], [3.0, 4.0]] and found.targets is None
    assert found.block.column(found.block.position("note")) == ["hello", ""]


def test_targets_are_read_by_the_classes_of_the_model() -> None:
    text = "kind,a,b\ny,1,2\n 0.0,3,4\nx,5,6\n"
    assert rows(text, targets=True)[0].targets.tolist() == [2, 0, 1]
    numbers = SCHEMA._replace(classes=None, target=("b",), features=("a",), columns=(NUMBER,), outputs=(NUMBER,))
    assert rows(text, numbers, targets=True)[0].targets.tolist() == [[2.0], [4.0], [6.0]]
    assert rows("a,b,kind\n1,2,?\n")[0].features.numbers.tolist() == [[1.0, 2.0]]


def test_rows_come_block_by_block_in_their_order() -> None:
    found = rows("a,b\n" + "".join(f"{i},0\n" for i in range(100_000)))
    assert len(found) > 3
    numbers = np.concatenate([each.features.numbers for each in found])
    assert numbers[:, 0].tolist() == list(range(100_000))


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("a,c\n1,2\n", {}, r"<stdin>:1: column 'b' missing"),
        ("c,d\n1,2\n", {}, r"columns 'a', 'b' missing"),
        ("a,b\n1,2\n", {"targets": True}, r"column 'kind' missing"),
        ("a,b\n1,z\n", {}, r'<stdin>:2:2 \(column "b"\): .*\'z\''),
        ("a,b\n", {}, "a header but no rows"),
        ("a,b,kind\n1,2,z\n", {"targets": True}, r":2:3 .*class 'z' is not one of the 3 classes"),
        ("a,b,kind\n1,2,7\n", {"targets": True}, r":2:3 .*class '7' is not one of the 3 classes"),
    ],
)
def test_rows_that_do_not_fit(text: str, options: dict[str, Any], message: str) -> None:
    assert re.search(message, str(refused(lambda: rows(text, **options))))


def test_arrays_and_images(tmp_path: Path) -> None:
    image = Schema("image", (), (1, 2, 3), divisor=255.0)
    path = str(write(tmp_path))
    (chunk,) = read_rows(path, image)
    assert chunk.features.dtype == np.uint8 and chunk.features.shape == (4, 1, 2, 3) and chunk.block is None
    larger = image._replace(shape=(1, 8, 8))
    assert "of shape (1, 8, 8), found (1, 2, 3)" in refused(lambda: list(read_rows(path, larger))).what
    np.save(tmp_path / "new.npy", IMAGES[:, None])
    (chunk,) = read_rows(str(tmp_path / "new.npy"), image)
    assert chunk.features.dtype == np.uint8
    assert "not a table" in refused(lambda: rows("a\n1\n", image)).what
    np.save(tmp_path / "new.npy", np.array([[1, 2]], np.uint8))
    (chunk,) = read_rows(str(tmp_path / "new.npy"), SCHEMA)
    assert chunk.features.numbers.tolist() == [[1.0, 2.0]]
