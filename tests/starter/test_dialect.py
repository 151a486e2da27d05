"""How a table is written is seen in its first lines."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from zen_cli.starter.dialect import dialect_of

FILES = [
    ("a,b\n1,x\n", {}),
    ("a;b\n1,5;x\n", {"delimiter": ";", "decimal": ","}),
    ("a;b\n1.5;x\n", {"delimiter": ";"}),
    ("a\tb\n1\tx\n", {"delimiter": "\t"}),
    ('"a;b;c",b\n1,x\n', {}),
    ('"a,b";b\n1;x\n', {"delimiter": ";"}),
    ("1,2\n3,4\n", {"header": False}),
    ("a\n1\n", {}),
    ("", {}),
    ("Größe,b\n1,x\n".encode("cp1252"), {"encoding": "cp1252"}),
    ("Größe,b\n1,x\n".encode("utf-16"), {"encoding": "utf-16"}),
    ("Größe,b\n1,x\n".encode("utf-8-sig"), {}),
    (b"\x89PNG\r\n\x1a\n\0\0", {}),
]


@pytest.mark.parametrize(("content", "expected"), FILES)
def test_first_lines(tmp_path: Path, content: str | bytes, expected: dict[str, object]) -> None:
    packed = content.encode() if isinstance(content, str) else content
    (tmp_path / "x.csv").write_bytes(packed)
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(packed))
    assert dialect_of(str(tmp_path / "x.csv")) == dialect_of(str(tmp_path / "x.csv.gz")) == expected


def test_the_end_of_what_is_looked_at_may_lie_in_a_character(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a\n" + "ö" * (1 << 16) + "\n", encoding="utf-8")
    assert dialect_of(str(tmp_path / "x.csv")) == {}
    (tmp_path / "x.tsv").write_text("a\tb\n1\t2\n")
    assert dialect_of(str(tmp_path / "x.tsv")) == {}
