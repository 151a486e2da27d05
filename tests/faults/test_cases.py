"""Every case of bad_inputs.tsv has a test that carries its number, in its name or in the id of its parameters."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CASES = dict(
    line.split("\t", 1) for line in Path(__file__).with_name("bad_inputs.tsv").read_text("utf-8").splitlines()[1:]
)
NUMBERS = re.compile(r"(?:[CDEKS]\d\d\b ?)+")


def carried(source: str) -> Iterator[str]:
    """The numbers in the names of a file's tests, and at the beginning of its short texts, which ids are made of."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield from (word.upper() for word in node.name.split("_") if re.fullmatch(r"[cdeks]\d\d", word))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 60:
            found = NUMBERS.match(node.value.upper())
            yield from found[0].split() if found else ()


def test_numbers_are_found_where_tests_carry_them() -> None:
    source = "def test_k01_k02_x(): pass\n@param(['S14 E12 more', 's19'])\ndef test_any(): 'not C01'\ndef k33(): pass\n"
    assert sorted(carried(source)) == ["E12", "K01", "K02", "S14", "S19"]


def test_every_case_is_covered(capsys: pytest.CaptureFixture[str]) -> None:
    tests = Path(__file__).parents[1]
    covered = {number for path in tests.rglob("test_*.py") for number in carried(path.read_text("utf-8"))}
    with capsys.disabled():
        print(f"\n{len(covered & CASES.keys())} of {len(CASES)} cases of bad inputs are covered")  # noqa: T201
    assert sorted(CASES.keys() - covered) == []
    assert len(CASES) == 157
