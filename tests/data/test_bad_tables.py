"""Damaged and unfit tables: each ends with the right exit code, and says where and what to do."""

from __future__ import annotations

import gzip
import os
import re
import socket
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.data.helpers import CONFIG, read, read_text, refused
from zen_cli.config.sections import Data
from zen_cli.data.load import load
from zen_cli.data.room import Room
from zen_cli.errors import Exit

HEAD = "age,size,kind\n"
GOOD = HEAD + "1,2,a\n3,4,b\n"
ROWS = "".join(f"{row},{row},{'ab'[row % 2]}\n" for row in range(15))  # lines 2 to 16

TABLES: list[tuple[str, str | bytes, str, str]] = [
    ("D02 empty file", "", r"data\.csv: no rows$", ""),
    ("D02 only a line end", "\n", r"data\.csv: blank line", ""),
    ("D03 header only", HEAD, r"a header but no rows", ""),
    ("D03 header and blank lines", HEAD + "\n\n", r"a header but no rows", ""),
    ("D05 too few cells", HEAD + ROWS + "1,2\n", r"data\.csv:17: expected 3 cells, found 2", ""),
    ("D06 too many cells", HEAD + ROWS + "1,2,a,9\n", r"data\.csv:17: expected 3 cells, found 4", ""),
    ("D07 text", HEAD + ROWS + "1,abc,a\n", r"data\.csv:17:2 \(column \"size\"\): .*'abc'", r"data\.drop: \[size\]"),
    ("D07 hexadecimal", HEAD + "0x10,1,a\n", r":2:1 .*'0x10'", ""),
    ("D07 underscore", HEAD + "1_000,1,a\n", r":2:1 .*'1_000'", ""),
    ("D07 digits of another script", HEAD + "٣,1,a\n", r":2:1 .*'٣'", ""),
    ("D07 infinite", HEAD + "inf,1,a\n", r":2:1 .*finite number, found 'inf'", ""),
    ("D07 too large", HEAD + "1e400,1,a\n", r":2:1 .*finite number, found '1e400'", ""),
    ("D08 nan", HEAD + "1,nan,a\n", r":2:2 .*missing value 'nan'", r"data\.missing: drop, mean"),
    ("D08 NA", HEAD + "1,NA,a\n", r":2:2 .*missing value 'NA'", r"data\.drop: \[size\]"),
    ("D10 empty cell", HEAD + "1,,a\n", r":2:2 .*empty cell", r"data\.drop: \[size\]"),
    ("D10 spaces", HEAD + "1,  ,a\n", r":2:2 .*empty cell", ""),
    ("D13 decimal comma", HEAD + '1,"1,5",a\n', r":2:2 .*'1,5'", r'data\.decimal: ",", or write a decimal point: 1\.5'),
    ("D13 both", HEAD + '1,"1.234,5",a\n', r":2:2 .*'1\.234,5'", r"decimal point: 1234\.5"),
    ("D14 thousands", HEAD + '1,"1,000",a\n', r":2:2 .*'1,000'", r"write 1000, without"),
    ("D14 percent", HEAD + "1,5%,a\n", r":2:2 .*'5%'", r"number alone: 5"),
    ("D14 currency", HEAD + "1,$5,a\n", r":2:2 .*'\$5'", r"number alone: 5"),
    ("D17 blank line inside", HEAD + "1,2,a\n\n3,4,b\n", r"data\.csv:3: blank line between rows", ""),
    ("D17 spaces inside", HEAD + "1,2,a\n  \n3,4,b\n", r"data\.csv:3: blank line between rows", ""),
    ("D19 open quote", HEAD + '1,2,a\n3,4,"b\n5,6,a\n', r"data\.csv:3: the quote opened here is never closed", ""),
    ("D19 open quote, long", HEAD + '1,2,"a\n' + "x" * 200_000, r"data\.csv:2: .*is a quote left open", ""),
    ("D19 text after a quote", HEAD + '1,2,"a"b\n', r"data\.csv:2: text follows a closing quote", "twice"),
    ("D22 not UTF-8", HEAD.encode() + b"1,2,\xe9\n", r"csv:2: byte 0xe9 at offset 18 is not UTF-8", "encoding: latin"),
    ("D22 cut off", HEAD.encode() + b"1,2,\xc3", r"data\.csv:2: byte 0xc3 at offset 18", ""),
    ("D23 UTF-16 with a mark", GOOD.encode("utf-16"), "looks like UTF-16", "UTF-8"),
    ("D23 UTF-16 without", GOOD.encode("utf-16-le"), "looks like UTF-16", ""),
    ("D24 gzip", gzip.compress(GOOD.encode()), "looks like gzip", ""),
    ("D24 PNG", b"\x89PNG\r\n\x1a\n\0\0", "looks like a PNG image", ""),
    ("D24 xlsx", b"PK\x03\x04\0\0", "looks like a zip archive", ""),
    ("D24 parquet", b"PAR1\0\0", "looks like Parquet", ""),
    ("D24 bytes", b"\x01\x02\0\x03" * 9, "looks like binary", ""),
    ("D25 semicolons", GOOD.replace(",", ";"), "1 column found", r'data\.delimiter: ";"'),
    ("D25 tabs", GOOD.replace(",", "\t"), "1 column found", r'data\.delimiter: "\\t"'),
    ("D26 two names alike", "a,kind,a\n1,x,2\n", r"columns 1 and 3 are both named 'a'", "rename"),
    ("D28 no header", "1,2,3\n4,5,6\n", r"data\.csv:1: the first row is numbers", r"data\.header: false"),
    ("D30 one class", HEAD + "1,2,a\n3,4,a\n", r"one class only, 'a'", "two classes"),
    ("target missing", HEAD + "1,2,a\n3,4,\n", r":3:3 \(column \"kind\"\): missing target", "missing: drop"),
    ("a line without end", "a" * (5 << 20), "longer than 4 MiB", ""),
]


@pytest.mark.parametrize(("text", "message", "hint"), [row[1:] for row in TABLES], ids=[row[0] for row in TABLES])
def test_damaged_tables(tmp_path: Path, text: str | bytes, message: str, hint: str) -> None:
    error = refused(lambda: read_text(tmp_path, text, target="kind"))
    assert re.search(message, str(error)), error
    assert re.search(hint, error.hint or ""), error.hint


TARGETS: list[tuple[str, str, str | None, str, str]] = [
    ("D33 negative label", "x,y\n1,0\n2,1\n3,-1\n", "classes", r":4:2 .*label -1 is negative", "from 0"),
    ("not whole", "x,y\n1,0.5\n2,1\n", "classes", r":2:2 .*0\.5 cannot be a class", "mse"),
    ("nan among numbers", "x,y\n1,0\n2,nan\n", None, r":3:2 .*missing target 'nan'", ""),
    ("text as numbers", "x,y\n1,0\n2,b\n", "numbers", r":3:2 .*'b'", "cross_entropy"),
    ("missing number", "x,y\n1,0\n2,\n", "numbers", r":3:2 .*missing target ''", "missing: drop"),
    ("D30 one number", "x,y\n1,3\n2,3\n", "classes", r"one class only, '3'", ""),
]


@pytest.mark.parametrize(("text", "task", "message", "hint"), [t[1:] for t in TARGETS], ids=[t[0] for t in TARGETS])
def test_targets_that_do_not_fit(tmp_path: Path, text: str, task: str | None, message: str, hint: str) -> None:
    error = refused(lambda: read_text(tmp_path, text, task, target="y"))
    assert re.search(message, str(error)), error
    assert re.search(hint, error.hint or ""), error.hint


CHOICES: list[tuple[str, dict[str, Any], str, str]] = [
    ("D29 target", {"target": "knd"}, r"^c\.yaml:3:1: data\.target: no column 'knd'; did you mean 'kind'", "age, size"),
    ("feature", {"target": "kind", "features": ["agee"]}, r"data\.features: no column 'agee'; did you mean 'age'", ""),
    ("drop", {"target": "kind", "drop": ["x"]}, r"data\.drop: no column 'x'", ""),
    ("target as feature", {"target": "kind", "features": ["kind"]}, "is a feature and the target", ""),
    ("dropped feature", {"target": "kind", "features": ["age"], "drop": ["age"]}, "is a feature and in drop", ""),
    ("nothing left", {"target": "kind", "drop": ["age", "size"]}, "no column is left", ""),
    ("delimiter", {"target": "kind", "delimiter": ";;"}, r"data\.delimiter: expected one character", ""),
]


@pytest.mark.parametrize(("options", "message", "hint"), [c[1:] for c in CHOICES], ids=[c[0] for c in CHOICES])
def test_columns_that_do_not_exist(tmp_path: Path, options: dict[str, Any], message: str, hint: str) -> None:
    error = refused(lambda: read_text(tmp_path, GOOD, **options), Exit.USAGE)
    assert re.search(message, str(error)), error
    assert re.search(hint, error.hint or ""), error.hint


def test_two_columns_of_classes_are_refused(tmp_path: Path) -> None:
    error = refused(lambda: read_text(tmp_path, GOOD, "classes", target=["kind", "size"]), Exit.USAGE)
    assert "2 target columns" in error.what


def test_each_column_reports_its_first_bad_cell(tmp_path: Path) -> None:
    error = refused(lambda: read_text(tmp_path, HEAD + "1,1,a\nx,,b\n", target="kind"))
    assert [str(part.where) for part in error.all()] == [
        f'{tmp_path}/data.csv:3:1 (column "age")', f'{tmp_path}/data.csv:3:2 (column "size")'
    ]  # fmt: skip


def test_a_missing_file_is_named_as_resolved(tmp_path: Path) -> None:
    (tmp_path / "iris.csv").write_text(GOOD)
    error = refused(lambda: read(tmp_path / "sub" / ".." / "irs.csv"))
    assert str(error) == f"c.yaml:3:1: data.source: no such file: {tmp_path}/irs.csv"
    assert error.hint == f"did you mean {tmp_path}/iris.csv"


def test_a_misspelt_builtin_is_suggested() -> None:
    assert refused(lambda: read("sprial")).hint == "did you mean spiral"


def test_what_is_no_file_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.csv")
        for name, kind in (("", "a directory"), ("pipe.csv", "a pipe"), ("socket.csv", "a socket")):
            assert f"is {kind}, not a file" in refused(lambda name=name: read(tmp_path / name)).what
    assert "is a device" in refused(lambda: read("/dev/zero")).what


def test_standard_input_that_cannot_be_read() -> None:
    assert "closed" in refused(lambda: read("-")).what
    assert str(refused(lambda: read("-", stdin=BytesIO()))) == "<stdin>: no rows"


def test_a_file_larger_than_memory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with open(tmp_path / "big.csv", "wb") as file:
        file.truncate(1 << 40)
    section = Data(source=str(tmp_path / "big.csv"))
    error = refused(lambda: load(section, CONFIG, room=Room(1 << 30)), Exit.ENVIRONMENT)
    assert "1048576 MiB" in error.what and "1024 MiB" in (error.hint or "")


def test_a_bad_last_row_of_many_is_named(tmp_path: Path) -> None:
    text = "x,y\n" + "1,2\n" * 50_000 + "3,z\n"
    assert ":50002:2 " in str(refused(lambda: read_text(tmp_path, text, "numbers", target="y")))
