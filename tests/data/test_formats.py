"""The same table in every format, packed or not, in one file or several."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data.helpers import read, refused
from zen_cli.config.sections import Split
from zen_cli.data.rows import read_rows
from zen_cli.errors import Exit

CSV = "age,town,when,y\n1.5,Bern,2024-05-01,1\n-2e3,,2024-06-01,2\n,Chur,2024-07-01T10:30,3\n4,Bern,2024-05-02,4\n"
ROWS = [dict(zip(["age", "town", "when", "y"], line.split(","), strict=True)) for line in CSV.splitlines()[1:]]
OPTIONS = {"task": "numbers", "target": "y", "missing": "mean"}
PACKED = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}


def objects() -> list[dict[str, Any]]:
    numbers = [{**row, "age": float(row["age"]) if row["age"] else None, "y": int(row["y"])} for row in ROWS]
    return [{name: cell for name, cell in row.items() if cell != ""} for row in numbers]


def lines() -> bytes:
    return "".join(json.dumps(row) + "\n" for row in objects()).encode()


def csv(tmp_path: Path) -> Any:
    (tmp_path / "plain.csv").write_text(CSV)
    return read(tmp_path / "plain.csv", **OPTIONS)


@pytest.mark.parametrize("suffix", PACKED)
@pytest.mark.parametrize("name", ["x.csv", "x.jsonl"])
def test_packed_files(tmp_path: Path, name: str, suffix: str) -> None:
    path = tmp_path / (name + suffix)
    path.write_bytes(PACKED[suffix](CSV.encode() if name == "x.csv" else lines()))
    assert read(path, **OPTIONS).sha256 == csv(tmp_path).sha256
    path.write_bytes(path.read_bytes()[:-9])
    assert "or damaged" in refused(lambda: read(path, **OPTIONS)).what
    path.write_bytes(CSV.encode())
    assert f"{path}: not a" in str(refused(lambda: read(path, **OPTIONS)))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n \n"])
def test_json_lines(tmp_path: Path, end: str) -> None:
    (tmp_path / "x.jsonl").write_bytes(lines().replace(b"\n", end.encode()))
    data = read(tmp_path / "x.jsonl", **OPTIONS)
    assert data.sha256 == csv(tmp_path).sha256


def test_json_lines_from_standard_input(tmp_path: Path) -> None:
    wanted = csv(tmp_path)
    assert read("-", stdin=io.BytesIO(b" \n" + lines()), **OPTIONS).sha256 == wanted.sha256
    (rows,) = read_rows("-", wanted.schema, stdin=io.BytesIO(lines()))
    np.testing.assert_array_equal(rows.features.numbers, wanted.features.numbers)


def test_true_and_false_are_cells(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"a": true, "y": 1}\n{"a": false, "y": 2}\n')
    data = read(tmp_path / "x.jsonl", "numbers", target="y")
    assert data.schema.columns[0].name == "boolean" and data.features.numbers.tolist() == [[1.0], [0.0]]


LINES = [
    ("", "no rows"), ("\n\n", "no rows"), ("{}\n", "no rows"), ('{"a": 1}\n[1]\n', r"x.jsonl:2: expected an object"),
    ('{"a": 1}\n{"a": [1]}\n', "x.jsonl:2: a: expected text, a number, true, false or null, found a list"),
    ('{"a": {"b": 1}}', "x.jsonl:1: a: .*found a object"), ('{"a": 1, "a": 2}', "stands twice"),
    ('{"a": 1}\n{"a" 1}', "x.jsonl:2: not JSON: expecting ':' delimiter at character 6"),
    ("[" * 100_000, "x.jsonl:1: not JSON: nested too deep"), ('{"a": "\\ud800"}', "not JSON: half of a surrogate pair"),
    ('{"x": 1, "a": 1}\n' * 20_000 + '{"b": 1}\n', "x.jsonl:20001: the key 'b' is in none of the first lines"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), LINES, ids=[text[:20] for text, _ in LINES])
def test_json_lines_that_are_none(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x.jsonl").write_text(text)
    error = refused(lambda: read(tmp_path / "x.jsonl", "numbers", target="a"))
    assert re.search(message, str(error)), error


def arrow_table() -> Any:
    arrow = pytest.importorskip("pyarrow")
    from datetime import datetime

    whens = [datetime.fromisoformat(row["when"]) for row in ROWS]
    ages, towns = ([row.get(name) for row in objects()] for name in ("age", "town"))
    return arrow.table({"age": ages, "town": towns, "when": whens, "y": [1, 2, 3, 4]})


def write_arrow(path: Path, table: Any) -> Path:
    import pyarrow
    from pyarrow import feather, parquet

    if path.suffix == ".parquet":
        parquet.write_table(table, path, row_group_size=3)
    elif path.suffix == ".feather":
        feather.write_feather(table, path)
    else:
        with pyarrow.OSFile(str(path), "wb") as sink, pyarrow.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
    return path


@pytest.mark.parametrize("name", ["x.parquet", "x.feather", "x.arrow"])
def test_parquet_and_arrow(tmp_path: Path, name: str) -> None:
    path = write_arrow(tmp_path / name, arrow_table())
    data, wanted = read(path, **OPTIONS), csv(tmp_path)
    assert data.sha256 == wanted.sha256
    (rows,) = list(read_rows(str(path), wanted.schema))[:1]
    assert rows.block is not None and rows.block.row(0)[1] == "Bern"
    path.write_bytes(path.read_bytes()[:-7])
    assert "damaged" in refused(lambda: read(path, **OPTIONS)).what
    path.write_bytes(CSV.encode())
    assert "damaged" in refused(lambda: read(path, **OPTIONS)).what


def test_columns_of_lists_are_refused(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    for values in ([[1], [2]], [b"x", b"y"]):
        path = write_arrow(tmp_path / "x.parquet", arrow.table({"a": values}))
        assert "column 'a' holds" in refused(lambda path=path: read(path, "numbers", target="a")).what


def test_types_of_arrow_columns(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    from decimal import Decimal

    table = arrow.table(
        {
            "small": arrow.array([1, None, 3], "int8"), "half": arrow.array([1.5, 2.0, None], "float32"),
            "nothing": arrow.nulls(3), "money": [Decimal("1.50"), None, Decimal("2.25")], "flag": [True, None, False],
            "level": arrow.array(["a", "b", "a"]).dictionary_encode(), "day": arrow.array([0, 1, 2], "date32"),
            "y": [1, 2, 3],
        }
    )  # fmt: skip
    data = read(write_arrow(tmp_path / "x.parquet", table), **OPTIONS)
    types = {name: column.name for name, column in zip(data.schema.features, data.schema.columns, strict=True)}
    assert types == {
        "small": "number", "half": "number", "money": "number", "flag": "boolean", "level": "category", "day": "date"
    }  # fmt: skip
    assert data.left_out == ("nothing",) and "nothing" in data.notes[0]
    refusing = refused(lambda: read(tmp_path / "x.parquet", "numbers", target="y"))
    assert str(refusing.all()[1].where).endswith('x.parquet:2:1 (column "small")')


def test_pyarrow_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    error = refused(lambda: read(tmp_path / "x.parquet"), Exit.USAGE)
    assert error.hint == "pip install 'zen-train[data]'"


def split_files(tmp_path: Path) -> list[Path]:
    head, *rows = CSV.splitlines(keepends=True)
    paths = [tmp_path / "part-1.csv", tmp_path / "part-2.csv"]
    paths[0].write_text(head + "".join(rows[:2]))
    swapped = [",".join(line.strip().split(",")[::-1]) + "\n" for line in (head, *rows[2:])]
    paths[1].write_text("".join(swapped))
    return paths


def test_several_files_are_one_table(tmp_path: Path) -> None:
    paths, wanted = split_files(tmp_path), csv(tmp_path)
    for source in ([str(path) for path in paths], str(tmp_path / "part-*.csv")):
        data = read(source, **OPTIONS)
        assert data.sha256 == wanted.sha256


def test_files_of_their_own_for_validation_and_test(tmp_path: Path) -> None:
    paths = split_files(tmp_path)
    data = read(paths[0], **OPTIONS, validation=str(paths[1]), test=str(paths[0]))
    assert (data.rows, data.own_validation, data.own_test) == (6, 2, 2)
    assert data.targets is not None and data.targets[:, 0].tolist() == [1, 2, 3, 4, 1, 2]
    paths[1].write_text("age,town,y\n1,Bern,2\n")
    error = refused(lambda: read(paths[0], **OPTIONS, validation=str(paths[1])))
    assert str(error) == f"{paths[1]}:1: column 'when' missing"


@pytest.mark.parametrize(
    ("source", "message"),
    [("no-*.csv", "no file fits"), (["part-1.csv", "gone.csv"], "no such file"), (["part-1.csv", "."], "cannot read")],
)
def test_files_that_are_not_there(tmp_path: Path, source: Any, message: str) -> None:
    split_files(tmp_path)
    names = [source] if isinstance(source, str) else source
    paths = [str(tmp_path / name) for name in names]
    error = refused(lambda: read(paths if isinstance(source, list) else paths[0], **OPTIONS))
    assert message in error.what or "is a directory" in error.what


def test_a_name_with_magic_signs_is_a_name_first(tmp_path: Path) -> None:
    (tmp_path / "x[1].csv").write_text(CSV)
    assert read(tmp_path / "x[1].csv", **OPTIONS).rows == 4


KEYED = "id,part,when,x,y\np,train,3,1,1\nq,val,1,2,2\np,Test,2,3,3\n"


def test_the_columns_that_a_split_goes_by(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(KEYED)
    path = tmp_path / "x.csv"
    data = read(path, "numbers", target="y", split=Split(group="id"))
    assert data.keys.group.tolist() == [0, 1, 0] and data.schema.features == ("when", "x")
    assert data.left_out == ("part",)
    data = read(path, "numbers", target="y", split=Split(column="part"), drop=["id"])
    assert data.keys.part.tolist() == [0, 1, 2] and data.schema.features == ("when", "x")
    data = read(path, "numbers", target="y", split=Split(order="when"), drop=["id", "part"])
    assert data.keys.order.tolist() == [3, 1, 2] and data.schema.features == ("when", "x")
    data = read(path, "numbers", target="y", split=Split(order="id"), features=["x"])
    assert data.keys.order.tolist() == [0, 1, 0]
    assert read(path, "numbers", target="y", split=Split(order="rows"), features=["x"]).keys.order is None


@pytest.mark.parametrize(
    ("split", "text", "message", "code"),
    [
        (Split(group="idd"), KEYED, "no column 'idd'; did you mean 'id'", Exit.USAGE),
        (Split(column="part"), KEYED.replace("Test", "later"), r":4:2 .*found 'later'", Exit.FILES),
        (Split(group="id"), KEYED.replace("q,", ","), r":3:1 .*empty cell", Exit.FILES),
    ],
)  # fmt: skip
def test_columns_that_no_split_can_go_by(tmp_path: Path, split: Split, text: str, message: str, code: Exit) -> None:
    (tmp_path / "x.csv").write_text(text)
    error = refused(lambda: read(tmp_path / "x.csv", "numbers", target="y", split=split), code)
    assert re.search(message, str(error)), error


def test_rows_dropped_for_a_missing_cell_are_counted_in_their_part(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,g,y\n1,a,1\n,b,2\n3,a,3\n")
    (tmp_path / "b.csv").write_text("x,g,y\n1,a,\n5,b,2\n")
    options: Any = {"target": "y", "missing": "drop", "split": Split(group="g")}
    data = read(tmp_path / "a.csv", "numbers", **options, test=str(tmp_path / "b.csv"))
    assert data.features.numbers.tolist() == [[1.0], [3.0], [5.0]] and data.own_test == 1
    assert data.keys.group.tolist() == [0, 0, 1] and data.notes == ("2 of 5 rows dropped for a missing cell",)
    (tmp_path / "a.csv").write_text("x,y\n1,\n,2\n")
    error = refused(lambda: read(tmp_path / "a.csv", "numbers", target="y", missing="drop"))
    assert "0 of 2 rows left" in error.what
