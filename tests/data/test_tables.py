"""What tables are read as."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data.helpers import DATASETS, read, read_text
from zen_cli.data.lines import text_blocks
from zen_cli.data.table import Table

PLAIN = "age,kind\n1.5,b\n-2e3,a\n.5,b\n"


def test_text_becomes_classes_in_alphabetic_order(tmp_path: Path) -> None:
    data = read_text(tmp_path, PLAIN, target="kind")
    assert data.features.numbers.tolist() == [[1.5], [-2000.0], [0.5]] and data.features.numbers.dtype == np.float64
    assert data.targets is not None and data.targets.dtype == np.int64 and data.targets.tolist() == [1, 0, 1]
    assert data.schema[:5] == ("table", ("age",), (1,), ("kind",), ("a", "b"))
    assert [column.name for column in data.schema.columns + data.schema.outputs] == ["number", "category"]
    assert data.labels is data.targets


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "\n", "\n\n", "\n \n"])
def test_line_ends_and_byte_order_mark_change_nothing(tmp_path: Path, ends: str, mark: str, last: str) -> None:
    text = mark + (PLAIN.rstrip("\n") + last).replace("\n", ends)
    assert read_text(tmp_path, text, target="kind").sha256 == read_text(tmp_path, PLAIN, target="kind").sha256


def test_mixed_line_ends(tmp_path: Path) -> None:
    data = read_text(tmp_path, "a,b\r\n1,2\r3,4\n5,6", target="b")
    assert data.features.numbers.tolist() == [[1.0], [3.0], [5.0]]


def test_whole_numbers_as_numbers_or_classes(tmp_path: Path) -> None:
    text = "x,y\n0,10\n0,9\n0,9.0\n"
    for task in (None, "numbers"):
        data = read_text(tmp_path, text, task, target="y")
        assert data.targets is not None and data.targets.tolist() == [[10.0], [9.0], [9.0]]
        assert data.labels is None
    data = read_text(tmp_path, text, "classes", target="y")
    assert data.schema.classes == ("9", "10") and data.targets is not None and data.targets.tolist() == [1, 0, 0]


def test_minus_one_and_one_are_two_classes(tmp_path: Path) -> None:
    assert read_text(tmp_path, "x,y\n0,-1\n0,1\n", "classes", target="y").schema.classes == ("-1", "1")


def test_chosen_columns_keep_the_order_stated(tmp_path: Path) -> None:
    text = "a,b,c,d\n1,2,3,z\n5,6,7,z\n"
    data = read_text(tmp_path, text, target=["c"], features=["b", "a"], drop=["d"])
    assert data.features.numbers.tolist() == [[2.0, 1.0], [6.0, 5.0]] and data.schema.features == ("b", "a")
    assert read_text(tmp_path, text, target=["b", "a"], drop=["d"]).targets.tolist() == [[2.0, 1.0], [6.0, 5.0]]
    assert read_text(tmp_path, text, drop=["d"]).targets is None


def test_delimiters_quotes_and_spaces(tmp_path: Path) -> None:
    data = read_text(tmp_path, ' a ;"b ""c""";k\n"1"; 2 ;"x;\ny"\n3;4; z \n', target="k", delimiter=";")
    assert data.schema.features == ("a", 'b "c"') and data.schema.classes == ("x;\ny", "z")
    assert data.features.numbers.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    (tmp_path / "x.tsv").write_text("a\tb\n1\t2\n")
    assert read(tmp_path / "x.tsv").features.numbers.tolist() == [[1.0, 2.0]]


# The cases of github.com/maxogden/csv-spectrum.
SPECTRUM = [
    ("comma_in_quotes", 'first,address\nJohn,"120 any st., Anytown"\n', [["John", "120 any st., Anytown"]]),
    ("empty", 'a,b,c\n1,"",""\n2,3,4\n', [["1", "", ""], ["2", "3", "4"]]),
    ("escaped_quotes", 'a,b\n1,"ha ""ha"" ha"\n3,4\n', [["1", 'ha "ha" ha'], ["3", "4"]]),
    ("json", 'key,val\n1,"{""type"": ""Point"", ""at"": [102, 0]}"\n', [["1", '{"type": "Point", "at": [102, 0]}']]),
    ("newlines", 'a,b\n"Once upon \na time",5\n7,8\n', [["Once upon \na time", "5"], ["7", "8"]]),
    ("newlines_crlf", 'a,b\r\n"Once\r\na",5\r\n7,8\r\n', [["Once\r\na", "5"], ["7", "8"]]),
    ("quotes_and_newlines", 'a,b\n1,"ha \n""ha"" \nha"\n3,4\n', [["1", 'ha \n"ha" \nha'], ["3", "4"]]),
    ("utf8", "a,b\n1,ʤ\n", [["1", "ʤ"]]),
    ("empty_crlf", 'a,b,c\r\n1,"",""\r\n2,3,4\r\n', [["1", "", ""], ["2", "3", "4"]]),
    ("simple", "a,b,c\n1,2,3\n", [["1", "2", "3"]]),
    ("simple_crlf", "a,b,c\r\n1,2,3\r\n", [["1", "2", "3"]]),
    ("location_coordinates", '"phone","place"\n"","37.3, -121.8"\n', [["", "37.3, -121.8"]]),
    ("line separator", "a,b\n1,x\u2028y\n", [["1", "x\u2028y"]]),
]


@pytest.mark.parametrize(("text", "rows"), [case[1:] for case in SPECTRUM], ids=[case[0] for case in SPECTRUM])
def test_d18_csv_spectrum(text: str, rows: list[list[str]]) -> None:
    blocks = Table(io.BytesIO(text.encode()), "x.csv").blocks()
    assert [block.row(row) for block in blocks for row in range(block.rows)] == rows


class Dripping(io.BytesIO):
    """A pipe that hands out one byte at a time."""

    def read1(self, size: int | None = -1, /) -> bytes:
        return super().read1(1)


def test_pieces_of_characters_and_line_ends_are_put_together() -> None:
    text = "ä,b\r\n1,ʤ\r\n\r3\n"
    assert list(text_blocks(Dripping(text.encode("utf-8-sig")), "x")) == ["ä,b\r\n", "1,ʤ\r\n", "\r", "3\n"]


def test_lines_are_counted_over_cells_of_several_lines_and_blocks() -> None:
    text = "a,b\n" + "1,2\n" * 50_000 + '"x\ny",4\n5,6\n' + "7,8\n" * 50_000 + "9,9\n"
    blocks = list(Table(io.BytesIO(text.encode()), "x.csv").blocks())
    assert len(blocks) > 1 and sum(block.rows for block in blocks) == 100_003
    lines = {block.row(row)[1]: block.line(row) for block in blocks for row in range(block.rows)}
    assert lines == {"2": 50_001, "4": 50_002, "6": 50_004, "8": 100_004, "9": 100_005}


def test_a_cell_of_several_lines_may_arrive_in_pieces() -> None:
    table = Table(Dripping(b'a,b\n1,2\n"x\n\ny",4\n5,6\n'), "x.csv")
    assert [block.row(0) for block in table.blocks()] == [["1", "2"], ["x\n\ny", "4"], ["5", "6"]]


@pytest.mark.parametrize(
    ("name", "options", "shape", "classes"),
    [
        ("iris", {"target": "species"}, (150, 4), 3),
        ("digits", {"target": "label", "task": "classes"}, (1797, 64), 10),
        ("wine", {"target": "cultivar"}, (178, 13), 3),
        ("breast_cancer", {"target": "diagnosis"}, (569, 30), 2),
        ("auto_mpg", {"target": "mpg", "drop": ["name"]}, (392, 7), None),
    ],
)  # fmt: skip
def test_the_data_of_the_project(name: str, options: Any, shape: tuple[int, int], classes: int | None) -> None:
    data = read(DATASETS / f"{name}.csv", **options)
    assert (data.rows, *data.schema.shape) == shape
    assert (len(data.schema.classes) if data.schema.classes else None) == classes


def test_files_agree_with_scikit_learn() -> None:
    from sklearn.datasets import load_breast_cancer, load_iris, load_wine

    for name, target, make in (
        ("iris", "species", load_iris),
        ("wine", "cultivar", load_wine),
        ("breast_cancer", "diagnosis", load_breast_cancer),
    ):
        data, bunch = read(DATASETS / f"{name}.csv", target=target), make()
        names = [str(part) for part in np.array(bunch.target_names)[bunch.target]]
        assert data.schema.classes is not None and data.targets is not None
        assert [data.schema.classes[label] for label in data.targets] == names
        np.testing.assert_array_equal(data.features.numbers, bunch.data)


def test_standard_input(tmp_path: Path) -> None:
    data = read("-", target="kind", stdin=io.BytesIO(PLAIN.encode()))
    assert data.origin == "<stdin>" and data.sha256 == read_text(tmp_path, PLAIN, target="kind").sha256
