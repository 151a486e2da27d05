"""What can be wrong with data, case by case: the exit code, one line that says where and what, nothing written."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import re
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from tests.cli.helpers import done, train, write, zen
from zen_cli.data.table import Table

HEAD = "age,size,y\n"
ROWS = "".join(f"{row},{row * row % 7},{'ab'[row % 2]}\n" for row in range(15))  # lines 2 to 16
GOOD = HEAD + ROWS


class Case(NamedTuple):
    """`data` is what stands in data.csv, or what makes the files; `options` of the section `data`."""

    id: str
    data: str | bytes | Callable[[], Any]
    says: str
    hint: str = ""
    options: dict[str, str] = {}
    code: int = 3
    loss: str = "cross_entropy"


def arrays(x: Any, y: Any) -> Callable[[], None]:
    def make() -> None:
        np.save("x.npy", x)
        np.save("y.npy", y)

    return make


class Harmful:
    def __reduce__(self) -> Any:
        return os.system, ("touch canary",)


def objects() -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "|O", "fortran_order": False, "shape": (2, 2)})
    Path("x.npy").write_bytes(header.getvalue() + pickle.dumps([Harmful()]))
    np.save("y.npy", [0, 1])


def lying() -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**12, 1)})
    Path("x.npy").write_bytes(header.getvalue() + bytes(32))
    np.save("y.npy", [0, 1])


def bomb() -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**7, 1)})
    with zipfile.ZipFile("x.npz", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in ("x.npy", "y.npy"):
            archive.writestr(name, header.getvalue() + bytes(80 * 10**6))


def huge() -> None:
    with open("data.csv", "wb") as file:
        file.truncate(1 << 42)


def listening() -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("data.csv")


LEVELS = {"columns": "{y: {type: category, levels: [a, b]}}"}
X_NPY, NO_TARGET = {"source": "x.npy", "target": "y.npy"}, {"source": "x.npz", "target": ""}
CASES = [
    Case("D01", lambda: write("dat.csv", GOOD), r"^c\.yaml:2:11: data\.source: no such file: data\.csv", "dat.csv"),
    Case("D02", "", r"data\.csv: no rows"),
    Case("D03", HEAD, r"data\.csv: a header but no rows"),
    Case("D04", "x,y\n1,2\n", "1 row", options={"split": "{validation: 0.2}"}, loss="mse"),
    Case("D05", GOOD + "1,2\n", r"data\.csv:17: expected 3 cells, found 2"),
    Case("D06", GOOD + "1,2,a,4\n", r"data\.csv:17: expected 3 cells, found 4"),
    Case("D07", GOOD + "1,abc,a\n", r"data\.csv:17:2 \(column \"size\"\): .*'abc'", "data.drop"),
    Case("D08", GOOD + "1,nan,a\n", r"data\.csv:17:2 .*missing value 'nan'", "data.missing: drop, mean"),
    Case("D10", GOOD + "1,,a\n", r"data\.csv:17:2 .*empty cell", "data.missing: drop, mean"),
    Case("D13-quoted", GOOD + '1,"1,5",a\n', r"data\.csv:17:2 .*'1,5'", 'data.decimal: ","'),
    Case("D13-both", GOOD + '1,"1.234,5",a\n', r"data\.csv:17:2 .*'1\.234,5'", 'data.decimal: ","'),
    Case("D14-thousands", GOOD + '1,"1,000",a\n', r"17:2 .*'1,000'", "1000"),
    Case("D14-percent", GOOD + "1,5%,a\n", r"17:2 .*'5%'", "the number alone: 5"),
    Case("D14-currency", GOOD + "1,$5,a\n", r"17:2 .*'\$5'", "the number alone: 5"),
    Case("D17-middle", GOOD + "\n1,2,a\n", r"data\.csv:17: blank line"),
    Case("D19", GOOD + '1,2,"a\n3,4,b\n', r"data\.csv:17: the quote opened here is never closed"),
    Case("D22", GOOD.encode() + b"1,2,\xe9\n", r"data\.csv:17: byte 0xe9 at offset \d+ is not UTF-8", "encoding"),
    Case("D23", GOOD.encode("utf-16"), "looks like UTF-16", "UTF-8"),
    Case("D24-gzip", gzip.compress(GOOD.encode()), "looks like gzip"),
    Case("D24-png", b"\x89PNG\r\n\x1a\n\0", "looks like a PNG image"),
    Case("D24-xlsx", b"PK\x03\x04\0\0", r"looks like a zip archive \(\.xlsx"),
    Case("D24-parquet", b"PAR1\0\0", "looks like Parquet"),
    Case("D25-semicolon", GOOD.replace(",", ";"), "1 column found", 'delimiter: ";"'),
    Case("D25-tab", GOOD.replace(",", "\t"), "1 column found", r'delimiter: "\t"'),
    Case("D26", "age,y,age\n1,a,2\n", "columns 1 and 3 are both named 'age'"),
    Case("D28", "1,2,3\n4,5,6\n", "the first row is numbers", "data.header: false"),
    Case("D29", GOOD, r"data\.target: no column 'yy'; did you mean 'y'", "age, size", {"target": "yy"}, 2),
    Case("D30", HEAD + "1,2,a\n2,3,a\n", "one class only, 'a'", "two classes"),
    Case("D31", HEAD + "1,2,a\n2,3,b\n" * 8 + "5,5,c\n", r"'c'.*seed", options={"split": "{validation: 0.9}"}),
    Case("D32", GOOD + "1,2,c\n", r"data\.csv:17:3 .*'c'", options=LEVELS),
    Case("D33", "x,y\n1,0\n2,1\n3,-1\n", r"data\.csv:4:2 .*label -1"),
    Case("D37", HEAD + "1,,a\n,2,b\n", "0 of 2 rows left", options={"missing": "drop"}),
    Case("D38", arrays(np.ones((3, 2)), [0, 1]), r"3 .* 2 ", options=X_NPY),
    Case("D39", objects, "contains Python objects", options=X_NPY),
    Case("D40", lying, "8000000000000 bytes of numbers, found 32", options=X_NPY),
    Case("D44", bomb, "that grow to 80000", options=NO_TARGET),
    Case("D49", huge, "4194304 MiB", code=7),
    Case("D51-directory", lambda: os.mkdir("data.csv"), "data.csv is a directory, not a file"),
    Case("D51-pipe", lambda: os.mkfifo("data.csv"), "data.csv is a pipe, not a file"),
    Case("D51-socket", listening, "data.csv is a socket, not a file"),
    Case("D54", "x,y\n" + "1,2\n" * 1_000_000 + "3,z\n", r"data\.csv:1000002:2 .*'z'", loss="mse"),
]  # fmt: skip


def config(options: dict[str, str] | None = None, loss: str = "cross_entropy") -> str:
    section = {"source": "data.csv", "target": "y"} | (options or {})
    data = "".join(f"  {name}: {value}\n" for name, value in section.items() if value)
    net = "model: [linear: 4, tanh, output]\noptimizer: adam\ntrainer: {epochs: 2}\n"
    return write("c.yaml", f"data:\n{data}{net}loss: {loss}\n")


def put(data: str | bytes | Callable[[], Any]) -> None:
    if callable(data):
        data()
    else:
        Path("data.csv").write_bytes(data if isinstance(data, bytes) else data.encode())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_it_is_refused(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(Path("cache").absolute()))
    put(case.data)
    result = zen("train", config(case.options, case.loss))
    first, *rest = result.err.splitlines()
    assert (result.code, result.out) == (case.code, ""), result.err
    assert re.search(case.says, first.removeprefix("zen: error: ")), result.err
    assert case.hint in "".join(rest) and len(rest) <= 1, result.err
    assert not Path("runs").exists() and not Path("canary").exists()


def trained(data: str | bytes | Callable[[], Any], options: dict[str, str] | None = None) -> Path:
    put(data)
    return train(config(options))


def digest(run: Path) -> str:
    return re.search(r'"data_sha256": ?"(\w+)"', (run / "run.json").read_text())[1]  # type: ignore[index]


def test_D15_a_byte_order_mark_is_no_part_of_a_name() -> None:
    assert digest(trained(GOOD.encode("utf-8-sig"))) == digest(trained(GOOD))


@pytest.mark.parametrize("change", [
    lambda text: text.replace("\n", "\r\n"), lambda text: text.replace("\n", "\r"),
    lambda text: text.replace("\n", "\r\n", 3).replace("b\n", "b\r"), lambda text: text.removesuffix("\n"),
    lambda text: text + "\n\n",
], ids=["D16-CRLF", "D16-CR", "D16-mixed", "D16-no-end", "D17-blank-at-the-end"])  # fmt: skip
def test_line_ends_make_no_difference(change: Callable[[str], str]) -> None:
    assert digest(trained(change(GOOD))) == digest(trained(GOOD))


# In the spirit of csv-spectrum: what is written, and the cells that are read.
SPECTRUM = [
    ("comma_in_quotes", 'first,address\nJohn,"120 any st., Anytown"\n', [["John", "120 any st., Anytown"]]),
    ("empty", 'a,b,c\n1,"",""\n2,3,4\n', [["1", "", ""], ["2", "3", "4"]]),
    ("empty_crlf", 'a,b,c\r\n1,"",""\r\n2,3,4\r\n', [["1", "", ""], ["2", "3", "4"]]),
    ("escaped_quotes", 'a,b\n1,"ha ""ha"" ha"\n3,4\n', [["1", 'ha "ha" ha'], ["3", "4"]]),
    ("json", 'key,val\n1,"{""type"": ""Point"", ""at"": [1.0]}"\n', [["1", '{"type": "Point", "at": [1.0]}']]),
    ("location_coordinates", '"lat",lon\n"39° N","-121.1"\n', [["39° N", "-121.1"]]),
    ("newlines", 'a,b,c\n1,2,3\n"Once upon \na time",5,6\n', [["1", "2", "3"], ["Once upon \na time", "5", "6"]]),
    ("newlines_crlf", 'a,b\r\n1,2\r\n"Once \r\na time",5\r\n', [["1", "2"], ["Once \r\na time", "5"]]),
    ("quotes_and_newlines", 'a,b\n1,"ha \n""ha"" \nha"\n3,4\n', [["1", 'ha \n"ha" \nha'], ["3", "4"]]),
    ("simple", "a,b,c\n1,2,3\n", [["1", "2", "3"]]),
    ("simple_crlf", "a,b,c\r\n1,2,3\r\n", [["1", "2", "3"]]),
    ("utf8", "a,b,c\n1,2,3\n4,5,ʤ\n", [["1", "2", "3"], ["4", "5", "ʤ"]]),
]


@pytest.mark.parametrize(("text", "cells"), [row[1:] for row in SPECTRUM], ids=[f"D18-{row[0]}" for row in SPECTRUM])
def test_cells_are_read_as_they_are_written(text: str, cells: list[list[str]]) -> None:
    blocks = list(Table(io.BytesIO(text.encode()), "x.csv").blocks())
    assert [block.row(row) for block in blocks for row in range(block.rows)] == cells


def test_D36_a_constant_feature_gives_one_warning_and_no_nan() -> None:
    put("age,same,y\n" + re.sub(r",\d,", ",3,", ROWS))
    result = done("train", config())
    assert [line for line in result.err.splitlines() if "constant" in line and line.endswith("scaled: same")]
    assert result.err.count("constant") == 1
    assert "NaN" not in done("evaluate", result.out.strip(), "--json").out


def test_D48_bytes_are_converted_before_they_are_reckoned_with() -> None:
    pixels = np.array([[200, 100], [100, 200], [255, 0], [0, 255]] * 4, np.uint8)
    losses = []
    for x, options in ((pixels, X_NPY), (pixels / 255.0, X_NPY | {"scale": "none"})):
        run = trained(arrays(x, [0, 1, 0, 1] * 4), options)
        losses.append(done("evaluate", str(run), "--json").json["train"]["loss"])
    assert losses[0] == pytest.approx(losses[1], rel=1e-6)


def test_D50_data_that_has_changed_is_not_gone_on_with() -> None:
    run = trained(GOOD)
    put(GOOD.replace("0,0,a", "0,1,a"))
    result = zen("resume", str(run), "--set", "trainer.epochs=3")
    assert result.code == 3 and result.out == "" and "sha256" in result.err and "--allow-data-change" in result.err
    done("resume", str(run), "--set", "trainer.epochs=3", "--allow-data-change", "-q")
    assert "data" in (run / "run.json").read_text()


def test_D55_the_order_of_rows_is_part_of_what_a_run_is() -> None:
    run = trained(GOOD)
    lines = ROWS.splitlines(keepends=True)
    other = trained(HEAD + "".join(reversed(lines)))
    assert run.name.rpartition("-")[2] != other.name.rpartition("-")[2] and digest(run) != digest(other)
