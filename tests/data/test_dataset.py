"""The hash of the content and the schema as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.data.helpers import read, read_text, refused
from zen_cli.data.dataset import Schema
from zen_cli.data.schema import from_plain, to_plain

TEXT = "a,b,kind\n1,2,x\n3,4,y\n5,6,x\n"


def test_every_part_of_the_content_counts(tmp_path: Path) -> None:
    variants = [
        TEXT, "a,b,kind\n3,4,y\n1,2,x\n5,6,x\n", TEXT.replace("b,k", "c,k"), TEXT.replace("6", "7"),
        TEXT.replace("y", "z"), TEXT.replace("5,6,x", "5,6,y"), TEXT + "5,6,x\n",
    ]  # fmt: skip
    hashes = [read_text(tmp_path, text, target="kind").sha256 for text in variants]
    assert len(set(hashes)) == len(variants)
    assert read_text(tmp_path, TEXT.replace("1,", "1.0,"), target="kind").sha256 == hashes[0]


def test_the_hash_stays_what_it_was() -> None:
    assert read("xor").sha256[:16] == "59a1e950e23e2219"


def test_a_schema_survives_json(tmp_path: Path) -> None:
    table = read_text(tmp_path, TEXT, target="kind").schema
    for schema in (table, read("sine").schema, Schema("image", (), (1, 8, 8))):
        plain = to_plain(schema)
        assert to_plain(from_plain(json.loads(json.dumps(plain)))) == plain


NUMBER = {"type": "number", "missing": "mean", "scale": "standard", "indicator": True}
LEVELS = {"type": "category", "levels": ["x", "y"], "rare": 2, "missing": None}
GOOD = {
    "kind": "table", "features": ["a"], "shape": [2], "target": ["b"], "classes": ["x", "y"], "columns": [NUMBER],
    "outputs": [LEVELS], "divisor": 1.0, "symbols": [],
    "dialect": {"delimiter": ",", "decimal": ".", "encoding": "utf-8", "header": True, "null": []},
}  # fmt: skip


@pytest.mark.parametrize(
    "plain",
    [
        None, [], {}, GOOD | {"kind": "pickle"}, GOOD | {"features": "a"}, GOOD | {"features": [1]},
        GOOD | {"shape": [0]}, GOOD | {"shape": [True]}, GOOD | {"divisor": 0},
        GOOD | {"classes": [1]}, GOOD | {"x": 1}, GOOD | {"columns": []}, GOOD | {"columns": [LEVELS]},
        GOOD | {"columns": [NUMBER | {"type": "ignore"}]}, GOOD | {"columns": [NUMBER | {"scale": "best"}]},
        GOOD | {"columns": [NUMBER | {"indicator": 1}]}, GOOD | {"columns": [NUMBER | {"more": 1}]},
        GOOD | {"columns": [{"type": "number"}]}, GOOD | {"outputs": [LEVELS | {"levels": [1]}]},
        GOOD | {"outputs": [LEVELS | {"rare": 0}]}, GOOD | {"columns": [NUMBER | {"type": "pickle"}]},
        GOOD | {"dialect": GOOD["dialect"] | {"null": "?"}}, GOOD | {"dialect": ","},
        GOOD | {"dialect": GOOD["dialect"] | {"delimiter": ",,"}},
        {key: value for key, value in GOOD.items() if key != "target"},
    ],
)  # fmt: skip
def test_a_damaged_schema_is_refused(plain: Any) -> None:
    assert "schema" in refused(lambda: from_plain(plain)).what


def test_the_schema_that_was_damaged_above_is_sound() -> None:
    assert to_plain(from_plain(GOOD)) == GOOD
